import { CrossfootError } from '#kernel/errors';
import type { Page, PageArgs } from '#kernel/graphql-connection';
import type { Money } from '#kernel/money';
import type { RunQuery } from '../rates/rate-for.ts';
import { closing, total, type Sums } from './account-sums.ts';
import { accountsOfFigure, figureOf } from './drill-down.ts';
import { ledgerPage, type LedgerLine } from './ledger-lines.ts';
import { loadSums, type DimensionFilter } from './load-sums.ts';
import { accountsOf, columnsOf } from './reports.ts';
import { compareText } from './statement.ts';

/** An account of the general ledger; balances are debits less credits. */
export interface AccountLedger {
  readonly accountId: string;
  readonly from: string;
  readonly to: string;
  readonly opening: Money;
  readonly closing: Money;
  readonly openingOriginal: readonly Money[];
  readonly closingOriginal: readonly Money[];
  readonly lines: (args: PageArgs) => Promise<Page<LedgerLine>>;
}

/** An account from one day to another; throws NOT_FOUND, ACCOUNT_UNKNOWN or FIELD_INVALID. */
export async function generalLedger(
  run: RunQuery,
  request: {
    readonly bookId: string;
    readonly accountId: string;
    readonly from: string | undefined;
    readonly to: string;
    readonly dimensions: DimensionFilter;
  },
): Promise<AccountLedger> {
  const { book, accounts } = await accountsOf(run, request.bookId);
  const account = accounts.get(request.accountId);
  if (!account) {
    const message = `The book has no account ${request.accountId}`;
    throw new CrossfootError('ACCOUNT_UNKNOWN', message, { path: ['accountId'] });
  }
  const [days] = columnsOf(book, request);
  if (!days) throw new Error('A report has at least one column');
  const { dimensions } = request;
  const { rows } = await loadSums(run, book, { ...days, accounts, dimensions, only: [account.id] });
  const functional = (amountOf: (sums: Sums) => bigint): Money => ({
    minor: total(rows, (row) => amountOf(row.functional)),
    currency: book.currency,
  });
  const original = (amountOf: (sums: Sums) => bigint): Money[] =>
    rows
      .map((row) => ({ minor: amountOf(row.original), currency: row.currency }))
      .toSorted((a, b) => compareText(a.currency, b.currency));
  return {
    accountId: account.id,
    ...days,
    opening: functional((sums) => sums.opening),
    closing: functional(closing),
    openingOriginal: original((sums) => sums.opening),
    closingOriginal: original(closing),
    lines: (args) =>
      ledgerPage(run, { book, accountIds: [account.id], ...days, dimensions, carried: true }, args),
  };
}

/** The lines a figure of a report adds up, with what they come to line by line; throws CURSOR_INVALID or NOT_FOUND. */
export async function linesOfFigure(
  run: RunQuery,
  drillDown: string,
  args: PageArgs,
): Promise<Page<LedgerLine>> {
  const { bookId, source, dimensions } = figureOf(drillDown);
  const { book, accounts } = await accountsOf(run, bookId);
  const accountIds = accountsOfFigure(source, accounts.values());
  return ledgerPage(
    run,
    { book, accountIds, from: source.from, to: source.to, dimensions, carried: false },
    args,
  );
}
