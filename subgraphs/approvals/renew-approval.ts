import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { money } from '#kernel/money';
import { lockRequestOfDraft } from './approval-status.ts';
import { policyInForce } from './policy-in-force.ts';
import { requiredLevels } from './policy-rule.ts';
import { wireMoney } from './request-approval.ts';

/** A person's change of a draft is as sure as a person. */
const sureOfAPerson = 10_000;

/** Starts the approval of a changed draft anew: what was decided was decided of something else. */
export const renewApproval = command({
  name: 'renewApproval',
  description: 'Starts the approval of a changed draft anew: what was decided was decided of something else.',
  scope: 'approvals:manage',
  input: z.object({
    draftId: id(),
    bookId: id(),
    total: wireMoney,
    summary: z.string(),
    changedBy: z.string().optional(),
  }),
  async run(transaction, input) {
    const request = await lockRequestOfDraft(transaction, input.draftId);
    if (request?.status !== 'PENDING') return { approvalRequestId: request?.id ?? null };
    const policy = await policyInForce(transaction, input.bookId);
    const total = money(BigInt(input.total.minor), input.total.currency);
    const verdict = requiredLevels(policy?.levels, { total, confidence: sureOfAPerson });
    const submitters = [...new Set([...request.submitters, ...(input.changedBy ? [input.changedBy] : [])])];
    await transaction.query(
      `update approvals.approval_request
          set total_minor = $2, total_currency = $3, summary = $4, submitters = $5, level = 1, levels = $6,
              reason = $7, policy_id = $8, version = version + 1 where id = $1`,
      [
        request.id,
        total.minor,
        total.currency,
        input.summary,
        submitters,
        // Somebody asked for this approval; a change does not take the question back.
        Math.max(1, verdict.levels),
        verdict.levels > 0 ? verdict.reason : 'The draft was changed, so somebody must approve it.',
        policy?.id ?? null,
      ],
    );
    transaction.emit({
      type: 'approvalRequest.requested',
      subjectId: request.id,
      bookId: input.bookId,
      facts: { draftId: input.draftId },
    });
    transaction.audit({
      subjectType: 'ApprovalRequest',
      subjectId: request.id,
      before: { version: request.version, level: request.level },
      after: { total: input.total, submitters },
    });
    return { approvalRequestId: request.id };
  },
});
