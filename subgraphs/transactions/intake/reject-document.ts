import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id, text } from '#kernel/input';
import { advanceDocument } from './document-status.ts';
import { loadDocument } from './load-document.ts';

/** Puts a document aside for good; the same document may be handed in again. */
export const rejectDocument = command({
  name: 'rejectDocument',
  description: 'Puts a document that has no draft yet aside for good; it may be handed in again.',
  scope: 'transactions:write',
  input: z.object({
    documentId: id(),
    reason: text(1000).meta({ description: 'Why it is not booked; kept with the document.' }),
  }),
  async run(transaction, input) {
    const { status } = await loadDocument(transaction, input.documentId);
    if (status !== 'RECEIVED' && status !== 'QUARANTINED') {
      const message = `Document ${input.documentId} is ${status}; only one without a draft can be rejected`;
      throw new CrossfootError('STATE_CONFLICT', message, { path: ['documentId'] });
    }
    await transaction.query('update transactions.document set reject_reason = $2 where id = $1', [
      input.documentId,
      input.reason,
    ]);
    await advanceDocument(transaction, input.documentId, 'REJECTED');
    transaction.audit({
      subjectType: 'Document',
      subjectId: input.documentId,
      before: { status },
      after: { status: 'REJECTED', reason: input.reason },
    });
    return { documentId: input.documentId };
  },
});
