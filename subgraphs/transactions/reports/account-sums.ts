import type { AccountType } from '../ledger/chart-of-accounts.ts';
import type { AccountGroup } from './account-groups.ts';

/** An account as statements see it. */
export interface ReportAccount {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly type: AccountType;
  readonly group: AccountGroup;
  /** The base currency of its book. */
  readonly bookCurrency: string;
}

/** Sums of lines in minor units; the opening balance is debits less credits before the first day. */
export interface Sums {
  readonly opening: bigint;
  readonly debit: bigint;
  readonly credit: bigint;
}

/** What was posted to one account in one currency. */
export interface AccountSum {
  readonly account: ReportAccount;
  readonly currency: string;
  /** In the currency of the lines. */
  readonly original: Sums;
  /** In the base currency of the book. */
  readonly functional: Sums;
  /** Foreign lines of a time before there were rates: nothing is known of their worth, and they count nothing. */
  readonly unvalued: number;
}

/** The days a report covers, both included. */
export interface ReportDays {
  readonly from: string;
  readonly to: string;
}

/** Everything a book posted, up to the last of some days. */
export interface BookSums extends ReportDays {
  readonly currency: string;
  readonly rows: readonly AccountSum[];
}

/** Debits less credits of the days. */
export function movement({ debit, credit }: Sums): bigint {
  return debit - credit;
}

/** Debits less credits to the last day. */
export function closing({ opening, debit, credit }: Sums): bigint {
  return opening + debit - credit;
}

/** The sum of what a function says of each row. */
export function total<Row>(rows: readonly Row[], amountOf: (row: Row) => bigint): bigint {
  return rows.reduce((sum, row) => sum + amountOf(row), 0n);
}

/** Whether an account belongs to the profit and loss statement. */
export function isResult({ type }: { readonly type: AccountType }): boolean {
  return type === 'INCOME' || type === 'EXPENSE';
}
