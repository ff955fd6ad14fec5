import {
  closing,
  movement,
  total,
  type AccountSum,
  type BookSums,
  type ReportAccount,
  type Sums,
} from './account-sums.ts';
import { compareText, type FigureSource } from './statement.ts';

/** One account in one currency, from one day to another. */
export interface PeriodRow {
  readonly account: ReportAccount;
  readonly currency: string;
  /** In the currency of the lines. */
  readonly original: Sums;
  /** In the base currency of the book. */
  readonly functional: Sums;
  /** The same in the base currency, of the days it is compared with. */
  readonly compared?: Sums;
  readonly source: FigureSource;
}

/** Debits and credits of one currency over all accounts; equal, or the books are wrong. */
export interface CurrencyTotal extends Sums {
  readonly currency: string;
}

/** All accounts of a book from one day to another. */
export interface PeriodTrialBalance {
  readonly currency: string;
  readonly columns: readonly { readonly from: string; readonly to: string }[];
  readonly rows: readonly PeriodRow[];
  /** By currency of the lines. */
  readonly totals: readonly CurrencyTotal[];
  /** In the base currency. */
  readonly functional: Sums;
  /** Whether every currency, and the base currency over all, comes to zero. */
  readonly balanced: boolean;
  readonly unvaluedLines: number;
}

const nothing: Sums = { opening: 0n, debit: 0n, credit: 0n };

/** Opening balance, debits, credits and closing balance of every account and currency, by code and currency. */
export function periodTrialBalance(sums: BookSums, compared?: BookSums): PeriodTrialBalance {
  const before = new Map((compared?.rows ?? []).map((row) => [keyOf(row), row]));
  const known = new Set(sums.rows.map(keyOf));
  const gone = (compared?.rows ?? [])
    .filter((row) => !known.has(keyOf(row)))
    .map((row): AccountSum => ({ ...row, original: nothing, functional: nothing, unvalued: 0 }));
  const rows = [...sums.rows, ...gone]
    .map((row): PeriodRow => ({
      account: row.account,
      currency: row.currency,
      original: row.original,
      functional: row.functional,
      ...(compared ? { compared: before.get(keyOf(row))?.functional ?? nothing } : {}),
      source: { from: sums.from, to: sums.to, accountIds: [row.account.id] },
    }))
    .toSorted((a, b) => compareText(a.account.code, b.account.code) || compareText(a.currency, b.currency));
  const totals = totalsOf(rows);
  const functional = sumOf(rows.map((row) => row.functional));
  return {
    currency: sums.currency,
    columns: [sums, ...(compared ? [compared] : [])].map(({ from, to }) => ({ from, to })),
    rows,
    totals,
    functional,
    balanced: [...totals, functional].every(
      (one) => one.opening === 0n && movement(one) === 0n && closing(one) === 0n,
    ),
    unvaluedLines: sums.rows.reduce((count, row) => count + row.unvalued, 0),
  };
}

function totalsOf(rows: readonly PeriodRow[]): CurrencyTotal[] {
  return [...Map.groupBy(rows, ({ currency }) => currency)]
    .map(([currency, ofCurrency]) => ({ currency, ...sumOf(ofCurrency.map(({ original }) => original)) }))
    .toSorted((a, b) => compareText(a.currency, b.currency));
}

function sumOf(list: readonly Sums[]): Sums {
  return {
    opening: total(list, ({ opening }) => opening),
    debit: total(list, ({ debit }) => debit),
    credit: total(list, ({ credit }) => credit),
  };
}

function keyOf({
  account,
  currency,
}: {
  readonly account: ReportAccount;
  readonly currency: string;
}): string {
  return `${account.id} ${currency}`;
}
