import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chartOfAccounts } from '../ledger/chart-of-accounts.ts';
import { accountGroupNames, accountGroups, usualGroup } from './account-groups.ts';
import type { AccountSum, BookSums, ReportAccount } from './account-sums.ts';
import { balanceSheet } from './balance-sheet.ts';
import { cashFlow } from './cash-flow.ts';
import { profitAndLoss, resultOf } from './profit-and-loss.ts';
import type { Statement } from './statement.ts';
import { periodTrialBalance } from './trial-balance.ts';

const accounts: readonly ReportAccount[] = chartOfAccounts.map(({ code, name, type }) => ({
  id: `acc_${code}`,
  code,
  name,
  type,
  group: usualGroup({ code, type }),
  bookCurrency: 'EUR',
}));

/** A transfer between two accounts, before the days or within them, in the base currency or another. */
const transfer = fc.record({
  debit: fc.constantFrom(...accounts),
  credit: fc.constantFrom(...accounts),
  functional: fc.bigInt({ min: 0n, max: 10n ** 15n }),
  original: fc.bigInt({ min: 1n, max: 10n ** 15n }),
  currency: fc.constantFrom('EUR', 'USD', 'JPY', 'KWD'),
  before: fc.boolean(),
});
type Transfer = typeof transfer extends fc.Arbitrary<infer T> ? T : never;

const days = { from: '2026-01-01', to: '2026-12-31' };

function sumsOf(transfers: readonly Transfer[]): BookSums {
  const rows = new Map<string, AccountSum>();
  const post = (account: ReportAccount, side: 'debit' | 'credit', one: Transfer) => {
    const key = `${account.id} ${one.currency}`;
    const nothing = { opening: 0n, debit: 0n, credit: 0n };
    const row = rows.get(key) ?? {
      account,
      currency: one.currency,
      original: nothing,
      functional: nothing,
      unvalued: 0,
    };
    const add = (sums: typeof nothing, minor: bigint) =>
      one.before
        ? { ...sums, opening: sums.opening + (side === 'debit' ? minor : -minor) }
        : { ...sums, [side]: sums[side] + minor };
    const functional = one.currency === 'EUR' ? one.original : one.functional;
    rows.set(key, {
      ...row,
      original: add(row.original, one.original),
      functional: add(row.functional, functional),
    });
  };
  for (const one of transfers) {
    post(one.debit, 'debit', one);
    post(one.credit, 'credit', one);
  }
  return { ...days, currency: 'EUR', rows: [...rows.values()] };
}

function amountOf(statement: Statement, key: string): bigint {
  const line = statement.lines.find(
    (one) => one.key === key && one.kind !== 'ACCOUNT' && one.kind !== 'HEADING',
  );
  if (!line) throw new Error(`There is no line ${key}`);
  return line.amounts[0] ?? 0n;
}

const arbitrarySums = fc.array(transfer, { maxLength: 60 }).map(sumsOf);

test('whatever balances: trial balance zero, assets are liabilities and equity, cash flow is the change in cash', () => {
  fc.assert(
    fc.property(arbitrarySums, (sums) => {
      expect(periodTrialBalance(sums).balanced).toBe(true);
      const [sheet, flow, result] = [
        balanceSheet([sums], { filtered: false }),
        cashFlow([sums], { filtered: false }),
        profitAndLoss([sums]),
      ];
      expect([sheet.proven, flow.proven, result.proven]).toEqual([true, true, true]);
      expect(amountOf(result, 'RESULT')).toBe(resultOf(sums));
      expect(amountOf(sheet, 'CURRENT_RESULT')).toBe(amountOf(result, 'RESULT'));
      expect(amountOf(flow, 'RESULT')).toBe(amountOf(result, 'RESULT'));
      const cash = amountOf(sheet, 'CASH');
      expect(amountOf(flow, 'CASH_CLOSING')).toBe(cash);
      expect(amountOf(flow, 'CHANGE_IN_CASH')).toBe(cash - amountOf(flow, 'CASH_OPENING'));
    }),
    { numRuns: 300 },
  );
});

test('accounts below a line add up to it, in every statement and column', () => {
  fc.assert(
    fc.property(arbitrarySums, arbitrarySums, (sums, compared) => {
      const columns = [sums, compared];
      const statements = [
        profitAndLoss(columns),
        balanceSheet(columns, { filtered: false }),
        cashFlow(columns, { filtered: false }),
      ];
      for (const { lines } of statements) {
        lines.forEach((line, place) => {
          if (line.kind !== 'LINE') return;
          const end = lines.findIndex((one, at) => at > place && one.kind !== 'ACCOUNT');
          const below = lines.slice(place + 1, end === -1 ? undefined : end);
          if (below.length === 0) return;
          line.amounts.forEach((amount, column) => {
            expect(below.reduce((sum, { amounts }) => sum + (amounts[column] ?? 0n), 0n)).toBe(amount);
          });
        });
      }
    }),
    { numRuns: 100 },
  );
});

test('one minor unit too much on one side is seen by every proof', () => {
  fc.assert(
    fc.property(
      fc.array(transfer, { minLength: 1, maxLength: 20 }),
      fc.constantFrom(...accounts),
      (list, account) => {
        const sums = sumsOf(list);
        const stray: AccountSum = {
          account,
          currency: 'EUR',
          original: { opening: 0n, debit: 1n, credit: 0n },
          functional: { opening: 0n, debit: 1n, credit: 0n },
          unvalued: 0,
        };
        const wrong = { ...sums, rows: [...sums.rows, stray] };
        expect(periodTrialBalance(wrong).balanced).toBe(false);
        expect(balanceSheet([wrong], { filtered: false }).proven).toBe(false);
        expect(cashFlow([wrong], { filtered: false }).proven).toBe(false);
      },
    ),
  );
});

test('what a filter parts is shown on a line of its own, and the statement still adds up', () => {
  fc.assert(
    fc.property(fc.array(transfer, { minLength: 1, maxLength: 30 }), fc.nat(), (list, dropped) => {
      const sums = sumsOf(list);
      const rows = sums.rows.filter((_row, place) => place !== dropped % sums.rows.length);
      const parted = { ...sums, rows };
      const [sheet, flow] = [
        balanceSheet([parted], { filtered: true }),
        cashFlow([parted], { filtered: true }),
      ];
      expect([sheet.proven, flow.proven]).toEqual([true, true]);
      expect(sheet.lines.some(({ key }) => key === 'OUTSIDE')).toBe(true);
    }),
  );
});

test('an account of any group is on exactly one line of the statements', () => {
  for (const group of accountGroupNames) {
    const { type } = accountGroups[group];
    const account = { id: 'a', code: 'X', name: 'Any', type, group, bookCurrency: 'EUR' };
    const sums = { opening: 0n, debit: 500n, credit: 0n };
    const row: AccountSum = { account, currency: 'EUR', original: sums, functional: sums, unvalued: 0 };
    const book = { ...days, currency: 'EUR', rows: [row] };
    const statement =
      type === 'INCOME' || type === 'EXPENSE'
        ? profitAndLoss([book])
        : balanceSheet([book], { filtered: false });
    expect(statement.lines.filter((line) => line.account?.id === 'a').map(({ key }) => key)).toEqual([group]);
  }
});
