import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { id, text } from '#kernel/input';
import { restoreItems } from './give-up-match.ts';
import { lockBook } from '../lock-book.ts';
import { lockMatch } from './load-match.ts';
import { recordDecisions } from './record-decisions.ts';
import { raiseExceptions, type Raised } from '../raise-exceptions.ts';

/** Takes back what the ledger refused to post: a match is a suggestion again, a booked line an exception. */
export const recordRefusal = command({
  name: 'recordRefusal',
  description:
    'Takes back what the ledger refused to post: a match is a suggestion again, a booked line an exception.',
  scope: 'platform:internal',
  input: z.object({
    bookId: id(),
    matchId: id().optional(),
    statementLineId: id().optional(),
    code: text(60),
    message: text(2000),
  }),
  async run(transaction, { bookId, matchId, statementLineId, code, message }) {
    await lockBook(transaction, bookId);
    const lines = [
      ...(matchId ? await reopenMatch(transaction, matchId) : []),
      ...(statementLineId ? await reopenLine(transaction, statementLineId) : []),
    ];
    const reason = code === 'PERIOD_CLOSED' ? 'CLOSED_PERIOD' : 'POSTING_REFUSED';
    const raised = lines.map((line): Raised => ({
      lineId: line.id,
      statementId: line.statement_id,
      ownerId: line.imported_by ?? undefined,
      reason,
      detail: message,
      anew: true,
    }));
    const payoutId = matchId ? await payoutWithoutLines(transaction, matchId) : undefined;
    if (payoutId !== undefined)
      raised.push({ subject: { type: 'Payout', id: payoutId }, reason, detail: message, anew: true });
    await raiseExceptions(transaction, bookId, raised);
    return { reopened: lines.length };
  },
});

interface ReopenedLine {
  readonly id: string;
  readonly statement_id: string;
  readonly imported_by: string | null;
}

async function reopenMatch(transaction: Transaction, matchId: string): Promise<ReopenedLine[]> {
  const match = await lockMatch(transaction, matchId);
  if (match.status === 'UNDONE') return holdLines(transaction, match.lineIds);
  if (match.status !== 'ACCEPTED' || match.journalEntryId) return [];
  await restoreItems(transaction, matchId);
  const { method, rawConfidence, automatic } = match;
  const outcome = automatic ? 'stood' : 'confirmed';
  await recordDecisions(transaction, match.bookId, [{ method, rawConfidence, outcome, taken: true }]);
  await transaction.query(
    `update reconciliation.match set status = 'SUGGESTED', automatic = false, decided_by = null, decided_at = null
      where id = $1`,
    [matchId],
  );
  transaction.emit({ type: 'match.suggested', subjectId: matchId, bookId: match.bookId, facts: {} });
  return transaction.query<ReopenedLine>(
    `update reconciliation.statement_line l set status = 'SUGGESTED'
       from reconciliation.bank_statement s
      where l.id = any($1) and s.id = l.statement_id returning l.id, l.statement_id, s.imported_by`,
    [match.lineIds],
  );
}

/** The payout of a match that no line has brought. */
async function payoutWithoutLines(transaction: Transaction, matchId: string): Promise<string | undefined> {
  const row = await transaction.maybe<{ payout_id: string }>(
    `select m.payout_id from reconciliation.match m
      where m.id = $1 and m.payout_id is not null and m.status in ('SUGGESTED', 'UNDONE')
        and not exists (select 1 from reconciliation.match_line l where l.match_id = m.id)`,
    [matchId],
  );
  return row?.payout_id;
}

/** The ledger could not reverse what was undone: the payment still stands there, so nobody may pay with the lines anew. */
function holdLines(transaction: Transaction, lineIds: readonly string[]): Promise<ReopenedLine[]> {
  return transaction.query<ReopenedLine>(
    `update reconciliation.statement_line l
        set status = case when l.status = 'UNMATCHED' then 'EXCEPTION' else l.status end
       from reconciliation.bank_statement s
      where l.id = any($1) and l.status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION') and s.id = l.statement_id
     returning l.id, l.statement_id, s.imported_by`,
    [lineIds],
  );
}

function reopenLine(transaction: Transaction, lineId: string): Promise<ReopenedLine[]> {
  return transaction.query<ReopenedLine>(
    `update reconciliation.statement_line l set status = 'EXCEPTION', booked_account_code = null, booked_memo = null
       from reconciliation.bank_statement s
      where l.id = $1 and l.status = 'BOOKED' and l.journal_entry_id is null and s.id = l.statement_id
     returning l.id, l.statement_id, s.imported_by`,
    [lineId],
  );
}
