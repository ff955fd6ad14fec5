import type { Transaction } from '#kernel/command';
import { bookByRules } from '../book-by-rules.ts';
import { evidenceOf } from '../evidence-of.ts';
import { searchableText } from '../matching/search-keys.ts';
import { isBankCharge } from './bank-charge.ts';
import { keyItems } from './key-items.ts';
import { loadOpenBook, type LoadedBook } from './load-open-book.ts';
import { lockBook } from '../lock-book.ts';
import { soughtLine } from './open-rows.ts';
import { planMatches, type OpenBook, type Plan } from './plan-matches.ts';
import { loadPolicy } from './policy.ts';
import { raiseExceptions, resolveExceptionsOf, type ExceptionReason } from '../raise-exceptions.ts';
import { runMatcher } from './run-matcher.ts';
import { settleOwnPayments } from './settle-own-payments.ts';
import { settleMatches } from './settle-matches.ts';
import { settlePayouts } from './settle-payouts.ts';
import { storeMatches, withdrawMatches } from './store-matches.ts';
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
  const loaded = await loadOpenBook(transaction.query, bookId, { whole });
  const book = await withoutPayouts(transaction, bookId, loaded);
  const plan = await planMatches(book, {
    match: runMatcher,
    policy: await loadPolicy(transaction.query, bookId),
  });
  await withdrawMatches(transaction, bookId, plan.withdrawn);
  await suggest(transaction, bookId, plan.suggested);
  const accepted = await storeMatches(transaction, bookId, plan.accepted);
  await settleMatches(transaction, bookId, accepted);
  const nowhere = plan.unmatched.filter(({ reason }) => reason === 'NO_CANDIDATE');
  const booked = await bookByRules(
    transaction,
    bookId,
    nowhere.map(({ lineId }) => lineId),
  );
  const unmatched = plan.unmatched.filter(({ lineId }) => !booked.has(lineId));
  await raiseForTheRest(transaction, bookId, { book, unmatched });
  await remember(transaction, bookId, book);
  return {
    accepted: own + accepted.length + payouts.accepted,
    suggested: plan.suggested.length + payouts.suggested,
    exceptions: unmatched.length,
    looked: book.focus.size,
    linesLoaded: book.lines.length,
    itemsLoaded: book.items.length,
  };
}

/** Notes what was looked at, so that the next run need not, and the words of lines that later items may concern. */
async function remember(transaction: Transaction, bookId: string, book: LoadedBook): Promise<void> {
  const rows = book.rows.filter((row) => book.focus.has(row.id));
  await transaction.query(
    `update reconciliation.statement_line l set looked_at = $3, looked_text = r.looked_text
       from unnest($1::text[], $2::text[]) as r (id, looked_text)
      where l.id = r.id and l.looked_at is null and l.status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION')`,
    [rows.map((row) => row.id), rows.map((row) => searchableText(soughtLine(row))), transaction.now],
  );
  await (book.dueItemIds === 'all'
    ? transaction.query(
        `update reconciliation.open_item set looked_at = $2
          where book_id = $1 and looked_at is null and open_minor <> 0`,
        [bookId, transaction.now],
      )
    : transaction.query('update reconciliation.open_item set looked_at = $2 where id = any($1)', [
        book.dueItemIds,
        transaction.now,
      ]));
}

async function suggest(transaction: Transaction, bookId: string, matches: Plan['suggested']): Promise<void> {
  if (matches.length === 0) return;
  const ids = await storeMatches(transaction, bookId, matches);
  const lineIds = matches.flatMap((match) => match.lineIds);
  await transaction.query(
    "update reconciliation.statement_line set status = 'SUGGESTED' where id = any($1)",
    [lineIds],
  );
  await resolveExceptionsOf(transaction, bookId, { lineIds, resolution: 'A match is suggested.' });
  for (const subjectId of ids) transaction.emit({ type: 'match.suggested', subjectId, bookId, facts: {} });
}

async function raiseForTheRest(
  transaction: Transaction,
  bookId: string,
  { book, unmatched }: { book: OpenBook; unmatched: Plan['unmatched'] },
): Promise<void> {
  const lines = new Map(book.lines.map((line) => [line.id, line]));
  const raised = unmatched.flatMap((left) => {
    const { lineId, reason, detail } = left;
    const line = lines.get(lineId);
    if (!line) return [];
    const charge = reason === 'NO_CANDIDATE' && isBankCharge(line);
    const named: ExceptionReason = charge ? 'FEE_UNKNOWN' : reason;
    const { statementId, importedBy: ownerId } = line;
    const evidence = evidenceOf(line.amount, left);
    return [{ lineId, statementId, ownerId, reason: named, detail, evidence }];
  });
  await raiseExceptions(transaction, bookId, raised);
  // A line whose exception a person has resolved is not raised again and stays unmatched.
  await transaction.query(
    `update reconciliation.statement_line l set status = s.status
       from (select t.id, case when e.id is null then 'UNMATCHED' else 'EXCEPTION' end as status
               from unnest($1::text[]) as t (id)
               left join reconciliation.exception e on e.line_id = t.id and e.status = 'OPEN') s
      where l.id = s.id and l.status <> s.status`,
    [raised.map((one) => one.lineId)],
  );
}
