import { z } from 'zod';
import { command } from '#kernel/command';
import { date, id } from '#kernel/input';
import { loadDraft } from './draft.ts';
import { settleDraft } from './settle-draft.ts';

/** Posts the approved drafts that waited for days to be opened or for rates of exchange. */
export const postWaitingDrafts = command({
  name: 'postWaitingDrafts',
  description: 'Posts the approved drafts that waited for days to be opened or for rates of exchange.',
  scope: 'platform:internal',
  input: z.object({
    bookId: id().optional(),
    startsOn: date(),
    endsOn: date(),
    refusedFor: z.enum(['RATE_MISSING']).optional(),
  }),
  async run(transaction, { bookId, startsOn, endsOn, refusedFor }) {
    const waiting = await transaction.query<{ id: string }>(
      `select id from transactions.draft
        where ($1::text is null or book_id = $1) and status = 'APPROVED' and posted_on between $2 and $3
          and ($4::text is null or refusal_code = $4) order by id`,
      [bookId ?? null, startsOn, endsOn, refusedFor ?? null],
    );
    const posted: string[] = [];
    for (const { id: draftId } of waiting) {
      const draft = await loadDraft(transaction, draftId);
      if (draft.status !== 'APPROVED') continue;
      const settled = await settleDraft(transaction, draft, draft.approvedBy);
      if (settled.journalEntryId !== undefined) posted.push(draftId);
    }
    return { posted };
  },
});
