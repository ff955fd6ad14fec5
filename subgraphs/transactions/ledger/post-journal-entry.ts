import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { entryInput, manualEntry, namedTaxCodes } from './entry-input.ts';
import { postEntries } from './post-entry.ts';

/** Posts an entry made by hand. */
export const postJournalEntry = command({
  name: 'postJournalEntry',
  description: 'Posts an entry made by hand; it stands for good and is corrected by a reversal only.',
  scope: 'transactions:post',
  input: z.object({ bookId: id(), ...entryInput() }),
  async run(transaction, input) {
    const taxCodes = await namedTaxCodes(transaction, input.bookId, [input]);
    const [posted] = await postEntries(transaction, [manualEntry(input.bookId, input, taxCodes)]);
    if (!posted) throw new Error('An entry was posted and not answered');
    transaction.audit({ subjectType: 'JournalEntry', subjectId: posted.id, after: { ...input, ...posted } });
    return { journalEntryId: posted.id, number: posted.number };
  },
});
