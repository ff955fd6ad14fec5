import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { id } from '#kernel/input';
import { bookByRules } from '../book-by-rules.ts';
import { isBankCharge } from './bank-charge.ts';
import { loadOpenBook } from './load-open-book.ts';
import { lockBook } from '../lock-book.ts';
import { planMatches, type OpenBook, type Plan } from './plan-matches.ts';
import { raiseExceptions, resolveExceptionsOf, type ExceptionReason } from '../raise-exceptions.ts';
import { runMatcher } from './run-matcher.ts';
import { settleMatches } from './settle-matches.ts';
import { storeMatches, withdrawMatches } from './store-matches.ts';

/** Matches the open lines of a book: certain matches are accepted, others suggested, the rest become exceptions. */
export const matchStatementLines = command({
  name: 'matchStatementLines',
  description:
    'Matches the open lines of a book: certain matches are accepted, others suggested, the rest become exceptions.',
  scope: 'reconciliation:write',
  input: z.object({ bookId: id() }),
  run: (transaction, { bookId }) => matchBook(transaction, bookId),
});

/** How many matches and exceptions a run led to. */
export type RunSummary = {
  readonly accepted: number;
  readonly suggested: number;
  readonly exceptions: number;
};

/** One run of the matcher over the open lines of a book, in the caller's transaction. */
export async function matchBook(transaction: Transaction, bookId: string): Promise<RunSummary> {
  await lockBook(transaction, bookId);
  const book = await loadOpenBook(transaction, bookId);
  if (book.lines.length === 0) return { accepted: 0, suggested: 0, exceptions: 0 };
  const plan = await planMatches(book, runMatcher);
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
  return { accepted: accepted.length, suggested: plan.suggested.length, exceptions: unmatched.length };
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
  const raised = unmatched.flatMap(({ lineId, reason, detail, relatedLineIds }) => {
    const line = lines.get(lineId);
    if (!line) return [];
    const charge = reason === 'NO_CANDIDATE' && isBankCharge(line);
    const named: ExceptionReason = charge ? 'FEE_UNKNOWN' : reason;
    const { statementId, importedBy: ownerId } = line;
    const evidence = relatedLineIds.length > 0 ? { relatedLineIds } : {};
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
