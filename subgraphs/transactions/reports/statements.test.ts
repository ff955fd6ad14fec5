import { expect, test } from 'vitest';
import { usualGroup } from './account-groups.ts';
import type { AccountSum, BookSums } from './account-sums.ts';
import { balanceSheet } from './balance-sheet.ts';
import { cashFlow } from './cash-flow.ts';
import { fiscalYearOf } from './fiscal-year.ts';
import { profitAndLoss } from './profit-and-loss.ts';
import type { Statement } from './statement.ts';
import { periodTrialBalance } from './trial-balance.ts';

type Type = 'ASSET' | 'LIABILITY' | 'EQUITY' | 'INCOME' | 'EXPENSE';

/** Whole euros: opening balance, debits and credits of the year. */
function row(
  code: string,
  type: Type,
  [opening, debit, credit]: readonly [number, number, number],
): AccountSum {
  const sums = {
    opening: BigInt(opening) * 100n,
    debit: BigInt(debit) * 100n,
    credit: BigInt(credit) * 100n,
  };
  const account = {
    id: code,
    code,
    name: code,
    type,
    group: usualGroup({ code, type }),
    bookCurrency: 'EUR',
  };
  return { account, currency: 'EUR', original: sums, functional: sums, unvalued: 0 };
}

/**
 * A year worked by hand. Before: capital 50,000; a machine 30,000; bank 25,000; receivables 5,000; payables 4,000; the
 * result of earlier years, 6,000, is still in revenue. In the year: sales on credit 20,000, of which 18,000 is paid and
 * 2,000 more of what was owed before; goods 8,000 on credit, 7,000 paid; wages 3,000 paid; depreciation 6,000; a machine
 * for 4,000 paid; a loan of 10,000 taken; drawings 1,000; the dollar account worth 200 more, receivables 50 less.
 */
const year: BookSums = {
  from: '2026-01-01',
  to: '2026-12-31',
  currency: 'EUR',
  rows: [
    row('0400', 'ASSET', [30_000, 4_000, 6_000]),
    row('1000', 'ASSET', [25_000, 30_000, 15_000]),
    row('1090', 'ASSET', [0, 200, 0]),
    row('1200', 'ASSET', [5_000, 20_000, 20_000]),
    row('1290', 'ASSET', [0, 0, 50]),
    row('2000', 'LIABILITY', [-4_000, 7_000, 8_000]),
    row('2600', 'LIABILITY', [0, 0, 10_000]),
    row('3000', 'EQUITY', [-50_000, 0, 0]),
    row('3200', 'EQUITY', [0, 1_000, 0]),
    row('4400', 'INCOME', [-6_000, 0, 20_000]),
    row('4842', 'INCOME', [0, 0, 200]),
    row('5400', 'EXPENSE', [0, 8_000, 0]),
    row('6000', 'EXPENSE', [0, 3_000, 0]),
    row('6220', 'EXPENSE', [0, 6_000, 0]),
    row('6842', 'EXPENSE', [0, 50, 0]),
  ],
};

function euros(statement: Statement): Record<string, number> {
  return Object.fromEntries(
    statement.lines
      .filter(
        ({ kind, amounts }) => (kind === 'LINE' || kind === 'TOTAL' || kind === 'CHECK') && amounts[0] !== 0n,
      )
      .map(({ key, amounts: [amount = 0n] }) => [key, Number(amount) / 100]),
  );
}

test('the profit and loss statement of the year is the one worked by hand', () => {
  const statement = profitAndLoss([year]);
  expect(euros(statement)).toEqual({
    REVENUE: 20_000,
    COST_OF_SALES: -8_000,
    GROSS_PROFIT: 12_000,
    PERSONNEL: -3_000,
    DEPRECIATION: -6_000,
    OPERATING_RESULT: 3_000,
    UNREALISED_GAINS: 200,
    UNREALISED_LOSSES: -50,
    RESULT_BEFORE_TAX: 3_150,
    RESULT: 3_150,
  });
  expect(statement.proven).toBe(true);
});

test('the balance sheet carries earlier results and the result of the year in equity', () => {
  const statement = balanceSheet([year], { filtered: false });
  expect(euros(statement)).toEqual({
    FIXED_ASSETS: 28_000,
    RECEIVABLES: 5_000,
    RECEIVABLES_REVALUATION: -50,
    CASH: 40_200,
    TOTAL_ASSETS: 73_150,
    PAYABLES: 5_000,
    BORROWINGS: 10_000,
    TOTAL_LIABILITIES: 15_000,
    CAPITAL: 49_000,
    EARLIER_RESULTS: 6_000,
    CURRENT_RESULT: 3_150,
    TOTAL_EQUITY: 58_150,
    TOTAL_LIABILITIES_AND_EQUITY: 73_150,
  });
  expect(statement.proven).toBe(true);
});

test('the cash-flow statement leads from the result to the change in cash', () => {
  const statement = cashFlow([year], { filtered: false });
  expect(euros(statement)).toEqual({
    RESULT: 3_150,
    DEPRECIATION: 6_000,
    UNREALISED_EXCHANGE: -150,
    CHANGE_IN_PAYABLES: 1_000,
    TOTAL_OPERATING: 10_000,
    FIXED_ASSETS: -4_000,
    TOTAL_INVESTING: -4_000,
    BORROWINGS: 10_000,
    CAPITAL: -1_000,
    TOTAL_FINANCING: 9_000,
    EXCHANGE: 200,
    TOTAL_OTHER: 200,
    CHANGE_IN_CASH: 15_200,
    CASH_OPENING: 25_000,
    CASH_CLOSING: 40_200,
  });
  expect(statement.proven).toBe(true);
});

test('an account that only had lines in the days compared with is shown with zero and what it had', () => {
  const before: BookSums = {
    ...year,
    from: '2025-01-01',
    to: '2025-12-31',
    rows: [row('6837', 'EXPENSE', [0, 12, 0])],
  };
  const [line] = profitAndLoss([year, before]).lines.filter(({ account }) => account?.code === '6837');
  expect(line?.amounts).toEqual([0n, -1200n]);
  const balance = periodTrialBalance(year, before).rows.find(({ account }) => account.code === '6837');
  expect(balance?.functional).toEqual({ opening: 0n, debit: 0n, credit: 0n });
  expect(balance?.compared).toEqual({ opening: 0n, debit: 1200n, credit: 0n });
});

test('amounts in other currencies stand beside the line and its account in those currencies', () => {
  const sums = row('1010', 'ASSET', [0, 0, 0]);
  const dollars: AccountSum = {
    ...sums,
    currency: 'USD',
    original: { opening: 100n, debit: 1000n, credit: 0n },
    functional: { opening: 90n, debit: 920n, credit: 0n },
  };
  const statement = balanceSheet([{ ...year, rows: [...year.rows, dollars] }], { filtered: false });
  const lines = statement.lines.filter(({ key, account }) => key === 'CASH' && account?.code !== '1000');
  expect(lines.map(({ label, foreign }) => [label, foreign])).toEqual([
    ['Cash and cash equivalents', [{ currency: 'USD', minor: 1100n }]],
    ['1010 1010', [{ currency: 'USD', minor: 1100n }]],
    ['1090 1090', []],
  ]);
});

test.each([
  ['2026-03-31', 1, '2026-01-01', '2026-12-31'],
  ['2026-03-31', 4, '2025-04-01', '2026-03-31'],
  ['2026-04-01', 4, '2026-04-01', '2027-03-31'],
  ['2024-02-29', 3, '2023-03-01', '2024-02-29'],
  ['2026-12-31', 12, '2026-12-01', '2027-11-30'],
])('%s lies in the fiscal year from month %i: %s to %s', (day, month, startsOn, endsOn) => {
  expect(fiscalYearOf(day, month)).toEqual({ startsOn, endsOn });
});

test.each([
  ['1000', 'ASSET', 'CASH'],
  ['1290', 'ASSET', 'RECEIVABLES_REVALUATION'],
  ['1000', 'LIABILITY', 'OTHER_LIABILITIES'],
  ['4840', 'INCOME', 'EXCHANGE_GAINS'],
  ['4842', 'INCOME', 'UNREALISED_GAINS'],
  ['6842', 'EXPENSE', 'UNREALISED_LOSSES'],
  ['BANK-1', 'ASSET', 'OTHER_CURRENT_ASSETS'],
  ['10001', 'ASSET', 'OTHER_CURRENT_ASSETS'],
] as const)('account %s of type %s is usually on the line %s', (code, type, group) => {
  expect(usualGroup({ code, type })).toBe(group);
});
