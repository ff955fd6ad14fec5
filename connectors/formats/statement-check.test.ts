import { expect, it } from 'vitest';
import { calendarDate } from '#kernel/calendar';
import { money } from '#kernel/money';
import type { BankLine, BankStatement } from '#connectors/ports';
import { balanceDifference, checkStatement } from './statement-check.ts';

const line = (minor: bigint, status: BankLine['status'] = 'booked', currency = 'EUR'): BankLine => ({
  bookedOn: calendarDate('2026-03-02'),
  amount: money(minor, currency),
  status,
  reversal: false,
  counterparty: {},
  remittance: '',
  details: [],
  raw: '',
  line: 7,
});
const statement = (lines: readonly BankLine[], rest: Partial<BankStatement> = {}): BankStatement => ({
  format: 'MT940',
  reference: 'S1',
  account: {},
  currency: 'EUR',
  opening: { amount: money(1000n, 'EUR') },
  closing: { amount: money(1500n, 'EUR') },
  lines,
  ...rest,
});

it('finds nothing in a statement that adds up, pending and informational lines left out', () => {
  expect(
    checkStatement(statement([line(700n), line(-200n), line(999n, 'pending'), line(5n, 'information')])),
  ).toEqual([]);
});

it('flags a statement that does not add up, and says by how much', () => {
  const problems = checkStatement(statement([line(499n)]));
  expect(problems).toMatchObject([{ severity: 'warning', code: 'STATEMENT_UNBALANCED' }]);
  expect(problems[0]?.message).toContain('opens at 10.00 and closes at 15.00 EUR; 0.01 is not explained');
});

it('asks nothing of a statement without one of its balances', () => {
  expect(checkStatement(statement([line(1n)], { opening: undefined }))).toEqual([]);
  expect(checkStatement(statement([line(1n)], { closing: undefined }))).toEqual([]);
  expect(balanceDifference(statement([], { closing: undefined }))).toBeUndefined();
});

it('flags currencies that do not belong together instead of adding them', () => {
  const foreignLine = statement([line(500n), line(1n, 'booked', 'SEK')]);
  expect(checkStatement(foreignLine)).toMatchObject([{ code: 'CURRENCY_MISMATCH', line: 7 }]);
  const foreignBalance = statement([line(500n)], { closing: { amount: money(1500n, 'SEK') } });
  expect(checkStatement(foreignBalance)).toMatchObject([{ code: 'CURRENCY_MISMATCH' }]);
  expect(balanceDifference(foreignBalance)).toBeUndefined();
});
