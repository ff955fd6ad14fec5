import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** The sources of this folder, tests left out. */
function sources(): readonly { path: string; text: string }[] {
  return readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .map((path) => ({ path, text: readFileSync(join(import.meta.dirname, path), 'utf8') }));
}

test('a gateway makes no reporter of measurements, though Apollo would', async () => {
  const probe = join(import.meta.dirname, 'fixtures/watched-reporter.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [probe]);
  expect(JSON.parse(stdout)).toEqual({ byApollo: 1, byOurs: 0, data: { viewerName: 'Ana' } });
});

test('whoever imports @apollo/gateway turns telemetry off first', () => {
  const users = sources().filter(({ text }) => /^import (?!type).*'@apollo\/gateway'/m.test(text));
  expect(users.length).toBeGreaterThan(0);
  for (const { text } of users) {
    expect(text.split('\n')[0]).toMatch(/^import '(\.{1,2}\/)+telemetry-off\.ts';$/);
  }
});
