import type { Transaction } from '#kernel/command';
import { bookByRules } from '../book-by-rules.ts';
import { evidenceOf } from '../evidence-of.ts';
import { raiseExceptions, resolveExceptionsOf, type ExceptionReason } from '../raise-exceptions.ts';
import { isBankCharge } from './bank-charge.ts';
import type { OpenBook, Plan } from './plan-matches.ts';
import { settleMatches } from './settle-matches.ts';
import { storeMatches, withdrawMatches } from './store-matches.ts';

interface PlanOfBook {
  readonly book: OpenBook;
  readonly plan: Plan;
  /**
   * Answers the words of a line in which later items are looked for, to be stored with what becomes of it; undefined for
   * a line that only stands beside those that are decided on.
   */
  readonly takeText: (lineId: string) => string | undefined;
}

/**
 * Stores what a plan leads to: suggestions, accepted matches, lines booked by rules, and exceptions for the rest. Lines
 * that stay open are noted as looked at in the same stroke, because every change of a line writes its indexes anew.
 */
export async function carryOutPlan(
  transaction: Transaction,
  bookId: string,
  { book, plan, takeText }: PlanOfBook,
): Promise<{ accepted: number; exceptions: number }> {
  await withdrawMatches(transaction, bookId, plan.withdrawn);
  await suggest(transaction, bookId, { matches: plan.suggested, takeText });
  const accepted = await storeMatches(transaction, bookId, plan.accepted);
  await settleMatches(transaction, bookId, accepted);
  const nowhere = plan.unmatched.filter(({ reason }) => reason === 'NO_CANDIDATE');
  const booked = await bookByRules(
    transaction,
    bookId,
    nowhere.map(({ lineId }) => lineId),
  );
  const unmatched = plan.unmatched.filter(({ lineId }) => !booked.has(lineId));
  await raiseForTheRest(transaction, bookId, { book, unmatched, takeText });
  return { accepted: accepted.length, exceptions: unmatched.length };
}

async function suggest(
  transaction: Transaction,
  bookId: string,
  { matches, takeText }: { matches: Plan['suggested'] } & Pick<PlanOfBook, 'takeText'>,
): Promise<void> {
  if (matches.length === 0) return;
  const ids = await storeMatches(transaction, bookId, matches);
  const lineIds = matches.flatMap((match) => match.lineIds);
  await transaction.query(
    `update reconciliation.statement_line l
        set status = 'SUGGESTED', looked_text = coalesce(r.looked_text, l.looked_text),
            looked_at = case when r.looked_text is null then l.looked_at else $3 end
       from unnest($1::text[], $2::text[]) as r (id, looked_text) where l.id = r.id`,
    [lineIds, lineIds.map(takeText), transaction.now],
  );
  await resolveExceptionsOf(transaction, bookId, { lineIds, resolution: 'A match is suggested.' });
  for (const subjectId of ids) transaction.emit({ type: 'match.suggested', subjectId, bookId, facts: {} });
}

async function raiseForTheRest(
  transaction: Transaction,
  bookId: string,
  { book, unmatched, takeText }: Omit<PlanOfBook, 'plan'> & { unmatched: Plan['unmatched'] },
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
    `update reconciliation.statement_line l set status = s.status, looked_text = s.looked_text, looked_at = $3
       from (select t.id, t.looked_text, case when e.id is null then 'UNMATCHED' else 'EXCEPTION' end as status
               from unnest($1::text[], $2::text[]) as t (id, looked_text)
               left join lateral (
                 select id from reconciliation.exception where line_id = t.id and status = 'OPEN' limit 1) e on true) s
      where l.id = s.id and (l.status <> s.status or l.looked_at is null)`,
    [raised.map((one) => one.lineId), raised.map((one) => takeText(one.lineId)), transaction.now],
  );
}
