import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { endRequest, lockRequestOfDraft } from './approval-status.ts';

/** Ends the request of a draft that was rejected elsewhere; one that has ended stays as it is. */
export const cancelApproval = command({
  name: 'cancelApproval',
  description: 'Ends the request of a draft that was given up elsewhere.',
  scope: 'approvals:manage',
  input: z.object({ draftId: id() }),
  async run(transaction, { draftId }) {
    const request = await lockRequestOfDraft(transaction, draftId);
    if (request?.status !== 'PENDING') return { approvalRequestId: request?.id ?? null };
    await endRequest(transaction, request, 'CANCELLED');
    transaction.emit({
      type: 'approvalRequest.decided',
      subjectId: request.id,
      bookId: request.book_id,
      facts: { draftId, level: request.level },
    });
    transaction.audit({
      subjectType: 'ApprovalRequest',
      subjectId: request.id,
      after: { status: 'CANCELLED' },
    });
    return { approvalRequestId: request.id };
  },
});
