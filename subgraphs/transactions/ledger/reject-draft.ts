import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { advanceDocument } from '../intake/document-status.ts';
import { advance } from './draft-status.ts';
import { loadDraft } from './draft.ts';

/** Ends a draft that was turned down; its document goes with it. */
export const rejectDraft = command({
  name: 'rejectDraft',
  description: 'Ends a draft that was turned down; its document goes with it and may be handed in again.',
  scope: 'platform:internal',
  input: z.object({ draftId: id(), comment: z.string().max(5000) }),
  async run(transaction, { draftId, comment }) {
    const draft = await loadDraft(transaction, draftId);
    if (draft.status === 'POSTED' || draft.status === 'REJECTED') return { draftId, status: draft.status };
    const status = advance(draftId, draft.status, 'REJECTED');
    await transaction.query('update transactions.draft set status = $2, updated_at = $3 where id = $1', [
      draftId,
      status,
      transaction.now,
    ]);
    if (draft.documentId !== undefined) {
      await transaction.query('update transactions.document set reject_reason = $2 where id = $1', [
        draft.documentId,
        comment,
      ]);
      await advanceDocument(transaction, draft.documentId, 'REJECTED');
    }
    transaction.emit({ type: 'draft.rejected', subjectId: draftId, bookId: draft.bookId, facts: {} });
    transaction.audit({
      subjectType: 'Draft',
      subjectId: draftId,
      before: { status: draft.status },
      after: { status, comment },
    });
    return { draftId, status };
  },
});
