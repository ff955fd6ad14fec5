import { addDays, endOfMonth, startOfMonth, type CalendarDate } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import type { RunQuery } from '../rates/rate-for.ts';
import { movement, type BookSums, type ReportAccount, type ReportDays } from './account-sums.ts';
import {
  loadReportAccounts,
  loadReportBook,
  loadSums,
  type DimensionFilter,
  type ReportBook,
} from './load-sums.ts';
import { variance, type VarianceRow, type VarianceTotal } from './variance.ts';

/** What months are held against beside the budget. */
export const comparisons = ['PREVIOUS_PERIOD', 'PREVIOUS_YEAR'] as const;

/** What a variance report is asked for. */
export interface VarianceRequest {
  readonly bookId: string;
  /** Any day of the first and of the last month. */
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  readonly comparison: (typeof comparisons)[number];
  /** The newest one of the book when left out. */
  readonly budgetId?: string | undefined;
  readonly dimensions: DimensionFilter;
}

/** What months came to beside what they were held against. */
export interface VarianceReport {
  readonly book: ReportBook;
  readonly days: ReportDays;
  readonly previous: ReportDays;
  readonly budgetId: string | undefined;
  readonly dimensions: DimensionFilter;
  readonly rows: readonly VarianceRow[];
  readonly totals: readonly VarianceTotal[];
}

/** Holds whole months against those before, or a year before, and against a budget; throws NOT_FOUND, FIELD_INVALID. */
export async function varianceReport(run: RunQuery, request: VarianceRequest): Promise<VarianceReport> {
  const { bookId, dimensions } = request;
  const days = { from: startOfMonth(request.from), to: endOfMonth(request.to) };
  if (days.from > days.to) {
    throw new CrossfootError('FIELD_INVALID', 'The months end before they begin', { path: ['to'] });
  }
  const previous = compared(days, request.comparison);
  const book = await loadReportBook(run, bookId);
  const accounts = await loadReportAccounts(run, book);
  const sums = (which: ReportDays) => loadSums(run, book, { ...which, accounts, dimensions });
  const budgetId = await budgetOf(run, bookId, request.budgetId);
  const planned = await loadPlanned(run, { budgetId, days, dimensions });
  const [actual, before] = [byAccount(await sums(days)), byAccount(await sums(previous))];
  const inputs = [...accounts.values()].filter(isPlanned(planned)).map((account) => ({
    account,
    actual: actual.get(account.id) ?? 0n,
    previous: before.get(account.id) ?? 0n,
    budget: planned.get(account.id) ?? 0n,
  }));
  return { book, days, previous, budgetId, dimensions, ...variance(inputs) };
}

/** Results are always shown; other accounts only as far as something is planned for them. */
function isPlanned(planned: ReadonlyMap<string, bigint>) {
  return ({ id, type }: ReportAccount): boolean => type === 'INCOME' || type === 'EXPENSE' || planned.has(id);
}

/** As many months before, or the same months a year before. */
export function compared(
  { from, to }: { readonly from: CalendarDate; readonly to: CalendarDate },
  comparison: VarianceRequest['comparison'],
): { readonly from: CalendarDate; readonly to: CalendarDate } {
  const back = (day: CalendarDate, count: number): CalendarDate => {
    let month = startOfMonth(day);
    for (let left = count; left > 0; left -= 1) month = startOfMonth(addDays(month, -1));
    return month;
  };
  const months = monthOf(to) - monthOf(from) + 1;
  const count = comparison === 'PREVIOUS_YEAR' ? 12 : months;
  return { from: back(from, count), to: endOfMonth(back(to, count)) };
}

const monthOf = (day: CalendarDate): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));

/** Movements in the base currency, positive on the side on which each account grows. */
function byAccount({ rows }: BookSums): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { account, functional } of rows) {
    const sign = account.type === 'ASSET' || account.type === 'EXPENSE' ? 1n : -1n;
    sums.set(account.id, (sums.get(account.id) ?? 0n) + sign * movement(functional));
  }
  return sums;
}

async function budgetOf(
  run: RunQuery,
  bookId: string,
  asked: string | undefined,
): Promise<string | undefined> {
  const [row] = await run<{ id: string }>(
    `select id from transactions.budget where book_id = $1 and ($2::text is null or id = $2)
      order by created_at desc, id desc limit 1`,
    [bookId, asked ?? null],
  );
  if (!row && asked !== undefined)
    throw new CrossfootError('NOT_FOUND', `There is no budget ${asked}`, { path: ['budgetId'] });
  return row?.id;
}

async function loadPlanned(
  run: RunQuery,
  options: {
    readonly budgetId: string | undefined;
    readonly days: ReportDays;
    readonly dimensions: DimensionFilter;
  },
): Promise<Map<string, bigint>> {
  if (options.budgetId === undefined) return new Map();
  const rows = await run<{ account_id: string; minor: string }>(
    `select account_id, sum(minor)::text as minor from transactions.budget_amount
      where budget_id = $1 and month between $2 and $3 and dimensions @> $4::jsonb group by 1`,
    [options.budgetId, options.days.from, options.days.to, JSON.stringify(options.dimensions)],
  );
  return new Map(rows.map((row) => [row.account_id, BigInt(row.minor)]));
}
