import type { Transaction } from '#kernel/command';
import { searchableText } from '../matching/search-keys.ts';
import { carryOutPlan } from './carry-out-plan.ts';
import { askOf } from './find-concerned.ts';
import { keyItems } from './key-items.ts';
import { loadOpenBook, takeDueItems } from './load-open-book.ts';
import { lockBook } from '../lock-book.ts';
import { soughtLine, type LineRow } from './open-rows.ts';
import { planMatches } from './plan-matches.ts';
import { loadPolicy } from './policy.ts';
import { runMatcher } from './run-matcher.ts';
import { settleOwnPayments } from './settle-own-payments.ts';
import { settlePayouts } from './settle-payouts.ts';
import { withoutPayouts } from './without-payouts.ts';

/** What a step of a run led to, and what it cost. */
export interface StepSummary {
  readonly accepted: number;
  readonly suggested: number;
  readonly exceptions: number;
  /** Lines that were decided on. */
  readonly looked: number;
  readonly linesLoaded: number;
  readonly itemsLoaded: number;
}

/**
 * One step of the matcher over a book, in the caller's transaction: over all that is open, or over what no run has
 * looked at and what that concerns.
 */
export async function matchBook(
  transaction: Transaction,
  bookId: string,
  { whole }: { whole: boolean },
): Promise<StepSummary> {
  await lockBook(transaction, bookId);
  const own = await settleOwnPayments(transaction, bookId);
  await keyItems(transaction, bookId);
  // What a provider has reported is known, so it goes before anything that is found by likeness.
  const payouts = await settlePayouts(transaction, bookId);
  const items = await takeDueItems(askOf(transaction), bookId);
  const loaded = await loadOpenBook(askOf(transaction), bookId, whole ? 'all' : items);
  const book = await withoutPayouts(transaction, bookId, loaded);
  const plan = await planMatches(book, {
    match: runMatcher,
    policy: await loadPolicy(askOf(transaction), bookId),
  });
  const left = new Map(book.rows.filter(({ id }) => book.focus.has(id)).map((row) => [row.id, row]));
  for (const id of plan.accepted.flatMap(({ lineIds }) => lineIds)) left.delete(id);
  const takeText = (id: string) => {
    const row = left.get(id);
    left.delete(id);
    return row && textOf(row);
  };
  const done = await carryOutPlan(transaction, bookId, { book, plan, takeText });
  await remember(transaction, [...left.values()]);
  return {
    accepted: own + done.accepted + payouts.accepted,
    suggested: plan.suggested.length + payouts.suggested,
    exceptions: done.exceptions,
    looked: book.focus.size,
    linesLoaded: book.lines.length,
    itemsLoaded: book.items.length,
  };
}

/** The words of a line in which later items are looked for. */
function textOf(row: LineRow): string {
  return searchableText(soughtLine(row));
}

/** Notes that lines were looked at of which nothing changes, so that the next run need not. */
async function remember(transaction: Transaction, rows: readonly LineRow[]): Promise<void> {
  if (rows.length === 0) return;
  await transaction.query(
    `update reconciliation.statement_line l set looked_at = $3, looked_text = r.looked_text
       from unnest($1::text[], $2::text[]) as r (id, looked_text)
      where l.id = r.id and l.looked_at is null and l.status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION')`,
    [rows.map((row) => row.id), rows.map(textOf), transaction.now],
  );
}
