import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id } from '#kernel/input';
import { fromWire, wireMoney } from '#kernel/wire-money';
import { lockRequestOfDraft, mayBecome, type RequestRow } from './approval-status.ts';
import { dueAt, policyInForce } from './policy-in-force.ts';
import { requiredLevels } from './policy-rule.ts';

/** A person's change of a draft is as sure as a person. */
const sureOfAPerson = 10_000;

const changedDraft = z.object({
  draftId: id(),
  bookId: id(),
  draftVersion: z.int().min(1),
  total: wireMoney(),
  summary: z.string(),
  changedBy: z.string().optional(),
});

/**
 * Starts the approval of a changed draft anew: what was decided was decided of something else. One that was approved
 * is open again, because the ledger posts no version but the approved one; so a newer version was never posted.
 */
export const renewApproval = command({
  name: 'renewApproval',
  description: 'Starts the approval of a changed draft anew: what was decided was decided of something else.',
  scope: 'approvals:manage',
  input: changedDraft,
  async run(transaction, input) {
    const request = await lockRequestOfDraft(transaction, input.draftId);
    if (!request) {
      // The event that made the draft is parked; the change waits with it, or nobody would be asked about it.
      throw new CrossfootError('NOT_FOUND', `No approval was asked for draft ${input.draftId} yet`);
    }
    const open = request.status === 'PENDING';
    if (!open && !mayBecome(request.status, 'PENDING')) return { approvalRequestId: request.id };
    const submitters = [...new Set([...request.submitters, ...(input.changedBy ? [input.changedBy] : [])])];
    if (input.draftVersion <= request.draft_version) {
      // A change told late, after a newer one: only who made it is news.
      await transaction.query('update approvals.approval_request set submitters = $2 where id = $1', [
        request.id,
        submitters,
      ]);
      return { approvalRequestId: request.id };
    }
    await askAnew(transaction, request, { ...input, submitters });
    transaction.emit({
      type: 'approvalRequest.requested',
      subjectId: request.id,
      bookId: input.bookId,
      facts: { draftId: input.draftId },
    });
    transaction.audit({
      subjectType: 'ApprovalRequest',
      subjectId: request.id,
      before: { status: request.status, version: request.version, level: request.level },
      after: { status: 'PENDING', draftVersion: input.draftVersion, total: input.total, submitters },
    });
    return { approvalRequestId: request.id };
  },
});

type Change = z.output<typeof changedDraft> & { readonly submitters: readonly string[] };

async function askAnew(transaction: Transaction, request: RequestRow, change: Change): Promise<void> {
  const policy = await policyInForce(transaction, change.bookId);
  const total = fromWire(change.total);
  const verdict = requiredLevels(policy?.levels, { total, confidence: sureOfAPerson });
  const { now } = transaction;
  await transaction.query(
    `update approvals.approval_request
        set status = 'PENDING', draft_version = $2, total_minor = $3, total_currency = $4, summary = $5,
            submitters = $6, level = 1, levels = $7, reason = $8, policy_id = $9, four_eyes = $10,
            version = version + 1, decided_at = null,
            requested_at = case status when 'PENDING' then requested_at else $11 end,
            due_at = case status when 'PENDING' then due_at else $12 end
      where id = $1`,
    [
      request.id,
      change.draftVersion,
      total.minor,
      total.currency,
      change.summary,
      change.submitters,
      // Nothing that a person has changed goes on without another person.
      Math.max(1, verdict.levels),
      verdict.levels > 0 ? verdict.reason : 'The draft was changed, so somebody must approve it.',
      policy?.id ?? null,
      policy?.fourEyes ?? true,
      now,
      dueAt(now, policy),
    ],
  );
}
