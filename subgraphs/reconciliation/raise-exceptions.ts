import type { Transaction } from '#kernel/command';
import { newId } from '#kernel/ids';
import type { Money } from '#kernel/money';
import { loadAssignmentRules, loadExceptionPolicy, loadMatters } from './load-triage.ts';
import { assign } from './triage/assignment.ts';
import { dueAt } from './triage/due-time.ts';
import type { ExceptionEvidence } from './triage/evidence.ts';
import { clockOf } from './triage/policy.ts';
import { advice, type ExceptionReason } from './triage/reasons.ts';
import { severityOf } from './triage/severity.ts';

export type { ExceptionReason } from './triage/reasons.ts';

/** What is said when an exception is raised: of a line, of a statement as a whole, or of another subject. */
export interface Raised {
  readonly lineId?: string;
  /** The statement of the line, or the one it concerns; may be missing where there is a subject. */
  readonly statementId?: string;
  /** What else it concerns, such as a PaymentOrder; it may have one open exception for each reason. */
  readonly subject?: { readonly type: string; readonly id: string };
  readonly reason: ExceptionReason;
  readonly detail: string;
  /** What is at stake; the amount of the line where there is one. */
  readonly amount?: Money;
  readonly evidence?: ExceptionEvidence;
  /** Who looks after it when no assignment rule fits. */
  readonly ownerId?: string;
  /** Raised even where a person has resolved the same before: the ledger refuses anew each time it is asked. */
  readonly anew?: boolean;
}

/**
 * Raises exceptions in bulk. A line or statement has one open exception at most: another reason replaces what stands
 * there, the same reason changes nothing. What a person has resolved for the same reason is not raised again. Severity,
 * due time and owner follow from the policy and the assignment rules of the book.
 */
export async function raiseExceptions(
  transaction: Transaction,
  bookId: string,
  raised: readonly Raised[],
): Promise<void> {
  const news = await newsOf(transaction, raised);
  if (news.length === 0) return;
  const rows = await triage(transaction, bookId, news);
  const changed = await transaction.query<{ id: string; reason: string }>(
    `with raised as (
       select *, coalesce(line_id, subject_id || ' ' || reason, statement_id) as target
         from jsonb_to_recordset($3::jsonb) as r (id text, line_id text, statement_id text, subject_type text,
           subject_id text, reason text, severity text, owner_id text, assignment_rule_id text, detail text,
           evidence jsonb, proposed_resolution text, due_at timestamptz)
     ), replaced as (
       update reconciliation.exception e
          set reason = r.reason, severity = r.severity, detail = r.detail, evidence = r.evidence,
              proposed_resolution = r.proposed_resolution, due_at = least(e.due_at, r.due_at),
              assignment_rule_id = case when e.owner_id is null then r.assignment_rule_id else e.assignment_rule_id end,
              owner_id = coalesce(e.owner_id, r.owner_id)
         from raised r
        where e.status = 'OPEN' and e.target = r.target
       returning e.id, e.reason, e.target
     ), made as (
       insert into reconciliation.exception (organisation_id, id, book_id, statement_id, line_id, subject_type,
         subject_id, reason, severity, status, owner_id, assignment_rule_id, detail, evidence, proposed_resolution,
         raised_at, due_at)
       select $1, r.id, $2, r.statement_id, r.line_id, r.subject_type, r.subject_id, r.reason, r.severity, 'OPEN',
              r.owner_id, r.assignment_rule_id, r.detail, r.evidence, r.proposed_resolution, $4, r.due_at
         from raised r where not exists (select 1 from replaced p where p.target = r.target)
       returning id, reason
     )
     select id, reason from replaced union all select id, reason from made`,
    [transaction.organisationId, bookId, JSON.stringify(rows), transaction.now],
  );
  for (const { id, reason } of changed) {
    transaction.emit({ type: 'exception.raised', subjectId: id, bookId, facts: { reason } });
  }
}

/** What is not there already, and was not resolved by a person before. */
async function newsOf(transaction: Transaction, raised: readonly Raised[]): Promise<Raised[]> {
  if (raised.length === 0) return [];
  const asked = raised.map((one, at) => ({
    at,
    target: targetOf(one),
    reason: one.reason,
    detail: one.detail,
    evidence: one.evidence ?? {},
    anew: one.anew ?? false,
  }));
  const rows = await transaction.query<{ at: number }>(
    `select r.at from jsonb_to_recordset($1::jsonb)
              as r (at int, target text, reason text, detail text, evidence jsonb, anew boolean)
       left join reconciliation.exception o on o.target = r.target and o.status = 'OPEN'
      where case when o.id is not null then (o.reason, o.detail, o.evidence) <> (r.reason, r.detail, r.evidence)
                   -- A later run no longer sees what was settled: knowing less replaces nothing.
                   and not (o.reason in ('DUPLICATE', 'RETURNED') and r.reason in ('NO_CANDIDATE', 'FEE_UNKNOWN'))
                 else r.anew or not exists (select 1 from reconciliation.exception e
                   where e.target = r.target and e.reason = r.reason and e.resolved_by is not null) end
      order by r.at`,
    [JSON.stringify(asked)],
  );
  return rows.flatMap((row) => raised[row.at] ?? []);
}

function targetOf({ lineId, statementId, subject, reason }: Raised): string {
  const target = lineId ?? (subject ? `${subject.id} ${reason}` : statementId);
  if (target === undefined) throw new Error('An exception concerns a line, a statement or a subject');
  return target;
}

async function triage(
  transaction: Transaction,
  bookId: string,
  news: readonly Raised[],
): Promise<Record<string, unknown>[]> {
  const policy = await loadExceptionPolicy(transaction, bookId);
  const rules = await loadAssignmentRules(transaction, bookId);
  const matters = await loadMatters(transaction, {
    lineIds: news.flatMap((one) => one.lineId ?? []),
    statementIds: news.flatMap((one) => (one.lineId ? [] : (one.statementId ?? []))),
  });
  const clock = clockOf(policy);
  const due = {
    LOW: dueAt(transaction.now, policy.hours.LOW, clock),
    MEDIUM: dueAt(transaction.now, policy.hours.MEDIUM, clock),
    HIGH: dueAt(transaction.now, policy.hours.HIGH, clock),
  };
  return news.map((one) => {
    const matter = matters.get(one.lineId ?? one.statementId ?? '') ?? {};
    const amount = one.amount ?? matter.amount;
    const severity = severityOf(policy.severity, one.reason, amount);
    const rule = assign(rules, { ...matter, reason: one.reason, severity, amount });
    return {
      id: newId('ex'),
      line_id: one.lineId ?? null,
      statement_id: one.statementId ?? null,
      subject_type: one.subject?.type ?? null,
      subject_id: one.subject?.id ?? null,
      reason: one.reason,
      severity,
      owner_id: rule?.ownerId ?? one.ownerId ?? null,
      assignment_rule_id: rule?.id ?? null,
      detail: one.detail,
      evidence: one.evidence ?? {},
      proposed_resolution: advice[one.reason],
      due_at: due[severity],
    };
  });
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
      where target = $1 and status = 'OPEN' returning id`,
    [solved.statementId, transaction.now, solved.resolution, solved.by ?? null],
  );
  if (closed) transaction.emit({ type: 'exception.resolved', subjectId: closed.id, bookId, facts: {} });
}

/** Closes the open exceptions of another subject: all of them, or those of one reason. */
export async function resolveExceptionsOfSubject(
  transaction: Transaction,
  bookId: string,
  solved: {
    readonly subject: { readonly type: string; readonly id: string };
    readonly reason?: ExceptionReason;
    readonly resolution: string;
    readonly by?: string;
  },
): Promise<void> {
  const closed = await transaction.query<{ id: string }>(
    `update reconciliation.exception set status = 'RESOLVED', resolved_at = $4, resolution = $5, resolved_by = $6
      where subject_type = $1 and subject_id = $2 and ($3::text is null or reason = $3) and status = 'OPEN'
     returning id`,
    [
      solved.subject.type,
      solved.subject.id,
      solved.reason ?? null,
      transaction.now,
      solved.resolution,
      solved.by ?? null,
    ],
  );
  for (const { id } of closed)
    transaction.emit({ type: 'exception.resolved', subjectId: id, bookId, facts: {} });
}
