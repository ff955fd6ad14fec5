import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { themeDefaults } from './properties.ts';

const root = resolve(import.meta.dirname, '..');
const sources = globSync(
  '{base,theme,client,provider,review-queue,approval-*,match-review,reconciliation-board,sync-status,audit-trail,kpi-strip,flow-ribbon,portal}/*.{ts,css,html}',
  { cwd: root },
)
  .filter((path) => !path.endsWith('.test.ts'))
  .map((path) => ({ path, text: readFileSync(resolve(root, path), 'utf8') }));
const readme = readFileSync(resolve(root, 'README.md'), 'utf8');

function breaking(pattern: RegExp): string[] {
  return sources.flatMap(({ path, text }) =>
    text
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : [])),
  );
}

test('the check sees the sources', () => {
  expect(sources.length).toBeGreaterThan(40);
});

test('no template carries a style attribute, which a strict policy would refuse', () => {
  expect(breaking(/\sstyle=/)).toEqual([]);
});

test('no markup is made from text', () => {
  expect(breaking(/innerHTML|outerHTML|insertAdjacentHTML|unsafeHTML|document\.write/)).toEqual([]);
});

test('sizes and places are logical, so that right-to-left pages come out right', () => {
  const physical =
    /(^|[\s;{'`])(margin|padding|border)-(left|right|top|bottom)\b|(^|[\s;{])(left|right|top|bottom|width|height):/;
  expect(breaking(physical).filter((line) => !line.includes('@'))).toEqual([]);
});

test('nothing is loaded from another host', () => {
  expect(breaking(/(src|href)="https?:|url\(\s*['"]?https?:/)).toEqual([]);
});

test('every theme property that is used has a default, and every one that has a default is used and told', () => {
  const used = new Set(
    sources.flatMap(({ text }) => [...text.matchAll(/var\(--_([a-z-]+)/g)].map((found) => found[1]!)),
  );
  expect([...used].toSorted()).toEqual(Object.keys(themeDefaults).toSorted());
  const untold = Object.keys(themeDefaults).filter((name) => !readme.includes(`\`--cf-${name}\``));
  expect(untold).toEqual([]);
});

test('every event and element is told in the README', () => {
  const events = sources.flatMap(({ text }) =>
    [...text.matchAll(/@fires (cf-[a-z-]+)/g)].map((found) => found[1]),
  );
  const tags = sources.flatMap(({ text }) =>
    [...text.matchAll(/define\('(cf-[a-z-]+)'/g)].map((found) => found[1]),
  );
  expect(tags.length).toBe(10);
  expect([...events, ...tags].filter((name) => !readme.includes(name ?? ''))).toEqual([]);
});
