import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { formatMoney, money } from '#kernel/money';
import { makeHistory } from '../support/cash-flows.ts';
import { evaluateForecast } from './forecast.ts';

const folder = mkdtempSync(join(tmpdir(), 'crossfoot-forecast-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('payments of a file are forecast as they would have been, one history for each value of a column', async () => {
  const path = join(folder, 'payments.csv');
  const rows = (['saas', 'restaurant'] as const).flatMap((profile) =>
    makeHistory(profile, 5, 420).moves.map(
      ({ on, minor, party }) => `${on},${formatMoney(money(minor, 'EUR'))},${party},${profile}`,
    ),
  );
  writeFileSync(
    path,
    ['date,amount,merchant,company', ...rows, 'yesterday,1.00,x,saas', '2026-01-01,1.005,x,saas'].join('\n'),
  );
  const lines: Record<string, number | string>[] = [];
  await evaluateForecast(path, 'company', (line) => lines.push(JSON.parse(line) as Record<string, number>));
  expect(lines.map(({ history }) => history)).toEqual(['saas', 'restaurant', 'all']);
  expect(lines[2]).toMatchObject({ refused: 2, histories: 2, forecasts: 12 });
  for (const { againstLastMonth, coverage } of lines) {
    expect(Number(againstLastMonth)).toBeLessThan(1);
    expect(Number(coverage)).toBeGreaterThan(0.5);
  }
});
