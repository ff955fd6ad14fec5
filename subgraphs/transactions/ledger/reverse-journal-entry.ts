import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { date, id, text } from '#kernel/input';
import { postEntries } from './post-entry.ts';
import { loadEntry, reversalOf } from './reversal.ts';

/** Takes an entry back by its mirror image. */
export const reverseJournalEntry = command({
  name: 'reverseJournalEntry',
  description: 'Takes an entry back by posting it with debit and credit exchanged; both stay in the journal.',
  scope: 'transactions:post',
  input: z.object({
    journalEntryId: id(),
    postedOn: date()
      .optional()
      .meta({ graphql: 'Date', description: 'The day of the original when left out.' }),
    reason: text(500),
  }),
  async run(transaction, input) {
    const path = ['journalEntryId'];
    const original = await loadEntry(transaction, input.journalEntryId);
    if (original.matchId !== undefined) {
      const message = `${original.number} came from a match of bank lines; undo the match, and the ledger takes the entry back`;
      throw new CrossfootError('STATE_CONFLICT', message, { path });
    }
    const [posted] = await postEntries(transaction, [
      reversalOf(original, { postedOn: input.postedOn ?? original.postedOn, reason: input.reason }),
    ]);
    if (!posted) throw new Error('A reversal was posted and not answered');
    transaction.audit({
      subjectType: 'JournalEntry',
      subjectId: original.id,
      after: { reversedBy: posted.id, number: posted.number, reason: input.reason },
    });
    return { journalEntryId: posted.id, number: posted.number, reversedId: original.id };
  },
});
