import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { loadDraft } from './draft.ts';
import { settleDraft } from './settle-draft.ts';

/** Posts a draft that was approved, as it was approved. */
export const postDraft = command({
  name: 'postDraft',
  description:
    'Posts a draft that was approved; the approver is who posted it. A draft changed since is not posted.',
  scope: 'platform:internal',
  input: z.object({ draftId: id(), draftVersion: z.int(), approvedBy: id().optional() }),
  async run(transaction, { draftId, draftVersion, approvedBy }) {
    const draft = await loadDraft(transaction, draftId);
    // An approval that comes late changes nothing of what became of the draft.
    if (draft.status === 'POSTED' || draft.status === 'REJECTED') return { draftId, status: draft.status };
    if (draft.version !== draftVersion) {
      // Changed after somebody approved: the event of the change makes approvals ask anew, so nothing is lost.
      transaction.audit({
        subjectType: 'Draft',
        subjectId: draftId,
        after: { status: draft.status, version: draft.version, staleApprovalOf: draftVersion, approvedBy },
      });
      return { draftId, status: draft.status };
    }
    return { ...(await settleDraft(transaction, draft, approvedBy)) };
  },
});
