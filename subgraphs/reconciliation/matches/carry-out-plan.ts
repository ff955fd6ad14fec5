import type { Transaction } from '#kernel/command';
import { bookByRules } from '../book-by-rules.ts';
import { evidenceOf } from '../evidence-of.ts';
import { raiseExceptions, resolveExceptionsOf, type ExceptionReason } from '../raise-exceptions.ts';
import { isBankCharge } from './bank-charge.ts';
import type { OpenBook, Plan } from './plan-matches.ts';
import { settleMatches } from './settle-matches.ts';
import { storeMatches, withdrawMatches } from './store-matches.ts';

/** Stores what a plan leads to: suggestions, accepted matches, lines booked by rules, and exceptions for the rest. */
export async function carryOutPlan(
  transaction: Transaction,
  bookId: string,
  { book, plan }: { book: OpenBook; plan: Plan },
): Promise<{ accepted: number; exceptions: number }> {
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
  return { accepted: accepted.length, exceptions: unmatched.length };
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
