import type { Transaction } from '#kernel/command';
import { newId } from '#kernel/ids';

/** Why a line or statement needs a person. */
export const exceptionReasons = {
  NO_CANDIDATE: 'Nothing in the books has this reference, party or amount.',
  AMBIGUOUS: 'Several open items fit, and nothing tells them apart.',
  AMOUNT_DIFFERS: 'The item is named, but another amount was paid.',
  DUPLICATE: 'What was paid had been paid before.',
  RETURNED: 'A payment came back.',
  FEE_UNKNOWN: 'It looks like a charge of the bank, for which there is no document.',
  CLOSED_PERIOD: 'The ledger refused the posting: the period is closed.',
  POSTING_REFUSED: 'The ledger refused the posting for another reason.',
  STATEMENT_UNBALANCED: 'The statement does not add up, or one before it is missing.',
} as const;

/** One reason of an exception. */
export type ExceptionReason = keyof typeof exceptionReasons;

/** What is said when an exception is raised. Without a line it concerns the whole statement. */
export interface Raised {
  readonly lineId?: string;
  readonly statementId: string;
  readonly reason: ExceptionReason;
  readonly detail: string;
  readonly ownerId?: string;
  /** Raised even where a person has resolved the same before: the ledger refuses anew each time it is asked. */
  readonly anew?: boolean;
}

const severities: Record<ExceptionReason, 'LOW' | 'MEDIUM' | 'HIGH'> = {
  NO_CANDIDATE: 'LOW',
  FEE_UNKNOWN: 'LOW',
  AMBIGUOUS: 'MEDIUM',
  AMOUNT_DIFFERS: 'MEDIUM',
  POSTING_REFUSED: 'MEDIUM',
  DUPLICATE: 'HIGH',
  RETURNED: 'HIGH',
  CLOSED_PERIOD: 'HIGH',
  STATEMENT_UNBALANCED: 'HIGH',
};

const proposals: Record<ExceptionReason, string> = {
  NO_CANDIDATE: 'Hand in the missing document, or book the line to an account.',
  FEE_UNKNOWN: 'Book the line to the account for bank charges.',
  AMBIGUOUS: 'Choose the items that were paid and match them by hand.',
  AMOUNT_DIFFERS: 'Match the item in part, or ask the payer for the difference.',
  POSTING_REFUSED: 'Correct what the ledger names and accept the match or book the line again.',
  DUPLICATE: 'Send the money back, or match the line with another item of the payer.',
  RETURNED: 'Ask why the payment came back; book both lines, or match what is paid anew.',
  CLOSED_PERIOD: 'Have an accountant open the period and accept the match again.',
  STATEMENT_UNBALANCED: 'Import the missing or complete statement, or release this one as it is.',
};

/**
 * Raises exceptions in bulk. A line or statement has one open exception at most: another reason replaces what stands
 * there, the same reason changes nothing. What a person has resolved for the same reason is not raised again.
 */
export async function raiseExceptions(
  transaction: Transaction,
  bookId: string,
  raised: readonly Raised[],
): Promise<void> {
  if (raised.length === 0) return;
  const rows = raised.map((one) => ({
    id: newId('ex'),
    line_id: one.lineId ?? null,
    statement_id: one.statementId,
    reason: one.reason,
    severity: severities[one.reason],
    owner_id: one.ownerId ?? null,
    detail: one.detail,
    proposed_resolution: proposals[one.reason],
    anew: one.anew ?? false,
  }));
  const changed = await transaction.query<{ id: string; reason: string }>(
    `with raised as (
       select * from jsonb_to_recordset($3::jsonb) as r (id text, line_id text, statement_id text, reason text,
         severity text, owner_id text, detail text, proposed_resolution text, anew boolean)
     ), replaced as (
       update reconciliation.exception e
          set reason = r.reason, severity = r.severity, detail = r.detail, proposed_resolution = r.proposed_resolution
         from raised r
        where e.status = 'OPEN' and e.statement_id = r.statement_id and e.line_id is not distinct from r.line_id
          and (e.reason, e.detail) is distinct from (r.reason, r.detail)
       returning e.id, e.reason
     ), made as (
       insert into reconciliation.exception (organisation_id, id, book_id, statement_id, line_id, reason, severity,
         status, owner_id, detail, proposed_resolution, raised_at)
       select $1, r.id, $2, r.statement_id, r.line_id, r.reason, r.severity, 'OPEN', r.owner_id, r.detail,
              r.proposed_resolution, $4
         from raised r
        where not exists (select 1 from reconciliation.exception e
                           where e.statement_id = r.statement_id and e.line_id is not distinct from r.line_id
                             and (e.status = 'OPEN' or (not r.anew and e.reason = r.reason and e.resolved_by is not null)))
       returning id, reason
     )
     select id, reason from replaced union all select id, reason from made`,
    [transaction.organisationId, bookId, JSON.stringify(rows), transaction.now],
  );
  for (const { id, reason } of changed) {
    transaction.emit({ type: 'exception.raised', subjectId: id, bookId, facts: { reason } });
  }
}

/** Closes the open exceptions of lines that found their place by themselves. */
export async function resolveExceptionsOf(
  transaction: Transaction,
  bookId: string,
  solved: { readonly lineIds: readonly string[]; readonly resolution: string },
): Promise<void> {
  if (solved.lineIds.length === 0) return;
  const closed = await transaction.query<{ id: string }>(
    `update reconciliation.exception set status = 'RESOLVED', resolved_at = $2, resolution = $3
      where line_id = any($1) and status = 'OPEN' returning id`,
    [solved.lineIds, transaction.now, solved.resolution],
  );
  for (const { id } of closed)
    transaction.emit({ type: 'exception.resolved', subjectId: id, bookId, facts: {} });
}

/** Closes the open exception of a statement, if it has one. */
export async function resolveExceptionOfStatement(
  transaction: Transaction,
  bookId: string,
  solved: { readonly statementId: string; readonly resolution: string; readonly by?: string },
): Promise<void> {
  const closed = await transaction.maybe<{ id: string }>(
    `update reconciliation.exception set status = 'RESOLVED', resolved_at = $2, resolution = $3, resolved_by = $4
      where statement_id = $1 and line_id is null and status = 'OPEN' returning id`,
    [solved.statementId, transaction.now, solved.resolution, solved.by ?? null],
  );
  if (closed) transaction.emit({ type: 'exception.resolved', subjectId: closed.id, bookId, facts: {} });
}
