import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { evaluateReconciliation } from './reconciliation.ts';

const bank = [
  { id: 'B1', date: '2026-03-10', amount: 11900, text: 'Invoice INV-2026-100001' },
  { id: 'B2', date: '2026-03-12', amount: -250, text: 'ACCOUNT FEE', code: 'CHRG' },
  { id: 'B3', date: '2026-03-14', amount: 9680, text: 'PAYOUT po_1_77', code: 'PAYOUT' },
].map((row) => ({ currency: 'EUR', name: '', iban: null, e2e: null, code: 'PMNT', ...row }));

const items = [
  { id: 'I1', ref: 'INV-2026-100001', amount: 11900 },
  { id: 'I2', ref: 'INV-2026-100002', amount: 6000, payout: 'po_1_77' },
  { id: 'I3', ref: 'INV-2026-100003', amount: 4000, payout: 'po_1_77' },
].map((row) => ({
  kind: 'receivable',
  structured: null,
  party: 'P1',
  party_name: 'Karia GmbH',
  party_iban: null,
  date: '2026-03-01',
  due: '2026-03-31',
  currency: 'EUR',
  ...row,
}));

const jsonLines = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

test('a folder of bank lines and items becomes one prediction a match and one summary line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'crossfoot-evaluate-'));
  await writeFile(join(folder, 'bank.jsonl'), jsonLines(bank));
  await writeFile(join(folder, 'items.jsonl'), jsonLines(items));
  const printed: string[] = [];
  const out = join(folder, 'pred.jsonl');
  await evaluateReconciliation(folder, out, (line) => printed.push(line));
  const predictions = (await readFile(out, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text) as { bank: string[]; items: unknown[]; confidence: number })
    .sort((a, b) => (a.bank[0]! < b.bank[0]! ? -1 : 1));
  expect(predictions).toMatchObject([
    { bank: ['B1'], items: [{ id: 'I1', applied: 11900 }], automatic: true },
    {
      bank: ['B3'],
      items: [
        { id: 'I2', applied: 6000 },
        { id: 'I3', applied: 4000 },
      ],
      method: 'group-report',
    },
  ]);
  for (const { confidence } of predictions) expect(confidence).toBeLessThanOrEqual(1);
  expect(printed).toHaveLength(1);
  expect(JSON.parse(printed[0]!)).toMatchObject({
    lines: 3,
    items: 3,
    matchedLines: 2,
    automaticLines: 2,
    unmatched: { NO_CANDIDATE: 1 },
  });
});
