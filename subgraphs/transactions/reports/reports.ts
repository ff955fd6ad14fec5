import { calendarDate } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import type { RunQuery } from '../rates/rate-for.ts';
import type { BookSums, ReportAccount, ReportDays } from './account-sums.ts';
import { balanceSheet } from './balance-sheet.ts';
import { cashFlow } from './cash-flow.ts';
import { fiscalYearOf } from './fiscal-year.ts';
import {
  loadReportAccounts,
  loadReportBook,
  loadSums,
  type DimensionFilter,
  type ReportBook,
} from './load-sums.ts';
import { profitAndLoss } from './profit-and-loss.ts';
import type { Statement } from './statement.ts';
import { periodTrialBalance, type PeriodTrialBalance } from './trial-balance.ts';

/** What a report is asked for; days left out are those of the fiscal year up to the last day. */
export interface ReportRequest {
  readonly bookId: string;
  readonly from?: string | undefined;
  readonly to: string;
  readonly compareFrom?: string | undefined;
  readonly compareTo?: string | undefined;
  readonly dimensions?: DimensionFilter | undefined;
}

/** A report with whose it is and what it lets through. */
export interface Report<Content> {
  readonly book: ReportBook;
  readonly dimensions: DimensionFilter;
  readonly content: Content;
}

/** Opening balance, movements and closing balance of every account; throws NOT_FOUND or FIELD_INVALID. */
export async function trialBalanceReport(
  run: RunQuery,
  request: ReportRequest,
): Promise<Report<PeriodTrialBalance>> {
  const { sums, ...whose } = await sumsOf(run, request);
  const [first, second] = sums;
  if (!first) throw new Error('A report has at least one column');
  return { ...whose, content: periodTrialBalance(first, second) };
}

/** Income and expenses of some days; throws NOT_FOUND or FIELD_INVALID. */
export async function profitAndLossReport(run: RunQuery, request: ReportRequest): Promise<Report<Statement>> {
  const { sums, ...whose } = await sumsOf(run, request);
  return { ...whose, content: profitAndLoss(sums) };
}

/** Where cash came from and went to; throws NOT_FOUND or FIELD_INVALID. */
export async function cashFlowReport(run: RunQuery, request: ReportRequest): Promise<Report<Statement>> {
  const { sums, filtered, ...whose } = await sumsOf(run, request);
  return { ...whose, content: cashFlow(sums, { filtered }) };
}

/** What the book has and owes on the last day, whatever the first one asked for; throws NOT_FOUND or FIELD_INVALID. */
export async function balanceSheetReport(run: RunQuery, request: ReportRequest): Promise<Report<Statement>> {
  const { from: _from, compareFrom: _compareFrom, ...onDays } = request;
  const { sums, filtered, ...whose } = await sumsOf(run, onDays);
  return { ...whose, content: balanceSheet(sums, { filtered }) };
}

interface LoadedSums {
  readonly book: ReportBook;
  readonly dimensions: DimensionFilter;
  readonly filtered: boolean;
  readonly sums: readonly BookSums[];
}

async function sumsOf(run: RunQuery, request: ReportRequest): Promise<LoadedSums> {
  const book = await loadReportBook(run, request.bookId);
  const accounts = await loadReportAccounts(run, book);
  const dimensions = request.dimensions ?? {};
  const sums: BookSums[] = [];
  for (const days of columnsOf(book, request))
    sums.push(await loadSums(run, book, { ...days, accounts, dimensions }));
  return { book, dimensions, filtered: Object.keys(dimensions).length > 0, sums };
}

/** The days of each column: those asked for, and those they are compared with. */
export function columnsOf(book: ReportBook, request: ReportRequest): ReportDays[] {
  const days = daysOf(book, { first: request.from, last: request.to, field: 'from' });
  if (request.compareTo === undefined) {
    if (request.compareFrom === undefined) return [days];
    const message = 'compareFrom needs a compareTo: the last of the days to compare with';
    throw new CrossfootError('FIELD_MISSING', message, { path: ['compareTo'] });
  }
  return [days, daysOf(book, { first: request.compareFrom, last: request.compareTo, field: 'compareFrom' })];
}

function daysOf(
  book: ReportBook,
  { first, last, field }: { first: string | undefined; last: string; field: string },
): ReportDays {
  const to = calendarDate(last);
  const from =
    first === undefined ? fiscalYearOf(to, book.fiscalYearStartMonth).startsOn : calendarDate(first);
  if (from > to) {
    throw new CrossfootError('FIELD_INVALID', `The days end on ${to}, before they begin on ${from}`, {
      path: [field],
    });
  }
  return { from, to };
}

/** The accounts of a request by id; for drill-down. */
export async function accountsOf(
  run: RunQuery,
  bookId: string,
): Promise<{ readonly book: ReportBook; readonly accounts: ReadonlyMap<string, ReportAccount> }> {
  const book = await loadReportBook(run, bookId);
  return { book, accounts: await loadReportAccounts(run, book) };
}
