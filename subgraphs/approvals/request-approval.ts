import { z } from 'zod';
import { command } from '#kernel/command';
import { newId } from '#kernel/ids';
import { id } from '#kernel/input';
import { fromWire, wireMoney } from '#kernel/wire-money';
import { dueAt, policyInForce } from './policy-in-force.ts';
import { requiredLevels } from './policy-rule.ts';

/** Asks for the approval a new draft needs, or grants it at once where the policy says so. */
export const requestApproval = command({
  name: 'requestApproval',
  description: 'Asks for the approval a new draft needs, or grants it at once where the policy says so.',
  scope: 'approvals:manage',
  input: z.object({
    draftId: id(),
    bookId: id(),
    draftVersion: z.int().min(1),
    total: wireMoney(),
    summary: z.string(),
    submittedBy: z.string().optional(),
    correctedBy: z.string().optional(),
    confidence: z.number(),
  }),
  async run(transaction, input) {
    const policy = await policyInForce(transaction, input.bookId);
    const total = fromWire(input.total);
    const { levels, reason } = requiredLevels(policy?.levels, { total, confidence: input.confidence });
    const automatic = levels === 0;
    const approvalRequestId = newId('apr');
    const { now } = transaction;
    const hands = [input.submittedBy, input.correctedBy].filter((member) => member !== undefined);
    await transaction.insert('approvals.approval_request', {
      id: approvalRequestId,
      book_id: input.bookId,
      draft_id: input.draftId,
      draft_version: input.draftVersion,
      policy_id: policy?.id ?? null,
      status: automatic ? 'AUTO_APPROVED' : 'PENDING',
      total_minor: total.minor,
      total_currency: total.currency,
      summary: input.summary,
      submitters: [...new Set(hands)],
      submitted_by: input.submittedBy ?? null,
      level: automatic ? 0 : 1,
      levels,
      four_eyes: policy?.fourEyes ?? true,
      reason,
      requested_at: now,
      due_at: dueAt(now, policy),
      decided_at: automatic ? now : null,
    });
    const subject = { subjectId: approvalRequestId, bookId: input.bookId };
    if (automatic) {
      const facts = { draftId: input.draftId, draftVersion: input.draftVersion, automatic: true };
      transaction.emit({ type: 'approvalRequest.approved', ...subject, facts });
    } else {
      transaction.emit({ type: 'approvalRequest.requested', ...subject, facts: { draftId: input.draftId } });
    }
    transaction.audit({
      subjectType: 'ApprovalRequest',
      subjectId: approvalRequestId,
      after: { draftId: input.draftId, levels, reason },
    });
    return { approvalRequestId };
  },
});
