import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { loadDraft } from './draft.ts';
import { settleDraft } from './settle-draft.ts';

/** Posts a draft that was approved. */
export const postDraft = command({
  name: 'postDraft',
  description: 'Posts a draft that was approved; the approver is who posted it.',
  scope: 'platform:internal',
  input: z.object({ draftId: id(), approvedBy: id().optional() }),
  async run(transaction, { draftId, approvedBy }) {
    const draft = await loadDraft(transaction, draftId);
    // An approval that comes late changes nothing of what became of the draft.
    if (draft.status === 'POSTED' || draft.status === 'REJECTED') return { draftId, status: draft.status };
    return { ...(await settleDraft(transaction, draft, approvedBy)) };
  },
});
