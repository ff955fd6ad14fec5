import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { id, oneOf, text } from '#kernel/input';
import { endRequest, lockRequest, type RequestRow } from './approval-status.ts';

/** Approves or rejects a request at its present level. */
export const decideApproval = command({
  name: 'decideApproval',
  description:
    'Approves or rejects a request at its present level. Nobody who had a hand in the draft may decide; a rejection says why.',
  scope: 'approvals:decide',
  input: z.object({
    approvalRequestId: id(),
    verdict: oneOf('ApprovalVerdict', ['APPROVE', 'REJECT']),
    comment: text(2000).optional(),
    version: z.int().optional().meta({
      description: 'The version you looked at; the decision is refused when the request has changed since.',
    }),
  }),
  async run(transaction, input) {
    const request = await lockRequest(transaction, input.approvalRequestId);
    const memberId = refuseUnfit(transaction, request, input);
    await transaction.insert('approvals.approval_decision', {
      id: newId('apd'),
      request_id: request.id,
      version: request.version,
      level: request.level,
      verdict: input.verdict,
      comment: input.comment ?? null,
      member_id: memberId,
      decided_at: transaction.now,
    });
    await advance(transaction, request, input);
    transaction.audit({
      subjectType: 'ApprovalRequest',
      subjectId: request.id,
      before: { status: request.status, level: request.level },
      after: { verdict: input.verdict, comment: input.comment },
    });
    return { approvalRequestId: request.id };
  },
});

interface Decision {
  readonly verdict: 'APPROVE' | 'REJECT';
  readonly comment?: string;
  readonly version?: number;
}

/** Everything that keeps this person from deciding now; answers who decides. */
function refuseUnfit(transaction: Transaction, request: RequestRow, decision: Decision): string {
  const { memberId } = transaction.actor;
  if (!memberId) throw new CrossfootError('FOUR_EYES', 'Only a person can decide, not a system');
  if (request.status !== 'PENDING') {
    throw new CrossfootError('ALREADY_DECIDED', `The request is ${request.status} already`);
  }
  if (decision.version !== undefined && decision.version !== request.version) {
    throw new CrossfootError(
      'VERSION_CONFLICT',
      `The request is at version ${request.version} now, you looked at ${decision.version}`,
      { path: ['version'] },
    );
  }
  if (request.submitters.includes(memberId)) {
    throw new CrossfootError('FOUR_EYES', 'You had a hand in this draft; somebody else must decide');
  }
  if (decision.verdict === 'REJECT' && !decision.comment) {
    throw new CrossfootError('COMMENT_REQUIRED', 'A rejection needs a comment', { path: ['comment'] });
  }
  return memberId;
}

async function advance(transaction: Transaction, request: RequestRow, decision: Decision): Promise<void> {
  const subject = { subjectId: request.id, bookId: request.book_id };
  const { draft_id: draftId, draft_version: draftVersion, level } = request;
  if (decision.verdict === 'REJECT') {
    await endRequest(transaction, request, 'REJECTED');
    const comment = decision.comment ?? '';
    transaction.emit({ type: 'approvalRequest.rejected', ...subject, facts: { draftId, comment } });
  } else if (level >= request.levels) {
    await endRequest(transaction, request, 'APPROVED');
    const approvedBy = transaction.actor.memberId;
    transaction.emit({
      type: 'approvalRequest.approved',
      ...subject,
      facts: { draftId, draftVersion, automatic: false, approvedBy },
    });
  } else {
    // The version stays: decisions of one version belong together, and another person looks at the same draft.
    await transaction.query('update approvals.approval_request set level = level + 1 where id = $1', [
      request.id,
    ]);
    transaction.emit({ type: 'approvalRequest.decided', ...subject, facts: { draftId, level } });
  }
}
