import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MT940, QIF } from '../../connectors/formats/statement-fixtures.ts';
import { evaluateFuzz } from './fuzz.ts';
import { caseOf } from './fuzz-cases.ts';

test('damaged copies run in a process of their own, as many of each format', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'crossfoot-fuzz-'));
  await writeFile(join(folder, 'a.sta'), MT940);
  await writeFile(join(folder, 'b.qif'), QIF);
  await writeFile(join(folder, 'README.md'), '# Statements');
  const printed: string[] = [];
  const settings = { folder, cases: 40, seed: 7, first: 3 };
  const summary = await evaluateFuzz(settings, (line) => printed.push(line));
  expect(summary.failures).toBe(0);
  const formats = printed.slice(0, 2).map((line) => JSON.parse(line) as { format: string; cases: number });
  expect(formats.map(({ format, cases }) => [format, cases])).toEqual([
    ['MT940', 20],
    ['QIF', 20],
  ]);
});

test('a folder without a statement is told', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'crossfoot-fuzz-'));
  await expect(evaluateFuzz({ folder, cases: 1, seed: 1, first: 0 }, () => undefined)).rejects.toThrow(
    'no bank statement',
  );
});

test('a case is the same by its number, whatever ran before it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'crossfoot-fuzz-'));
  const path = join(folder, 'b.qif');
  await writeFile(path, QIF);
  const plan = { formats: [['QIF', [path]]] as const, seed: 1, first: 0, end: 9 };
  const [again, other] = [caseOf(plan, 5), caseOf(plan, 6)];
  expect(caseOf(plan, 5)).toEqual(again);
  expect(again.bytes.equals(other.bytes)).toBe(false);
});
