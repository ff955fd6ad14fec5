import { z } from 'zod';
import { command, type AtOnceLeft } from '#kernel/command';
import { newId } from '#kernel/ids';
import { id } from '#kernel/input';
import { checkLines } from './entry.ts';
import { entryInput, manualEntry, namedTaxCodes } from './entry-input.ts';
import { postEntries } from './post-entry.ts';
import { mayBePlain, plainEntryAtOnce } from './post-plain-entry.ts';
import type { PostedEntry } from './posted-entry.ts';

const given = z.object({ bookId: id(), ...entryInput() });

/** Texts are filled in one by one, over the whole of what the call leaves. */
const mostLinesAtOnce = 20;

/** Posts an entry made by hand. */
export const postJournalEntry = command({
  name: 'postJournalEntry',
  description: 'Posts an entry made by hand; it stands for good and is corrected by a reversal only.',
  scope: 'transactions:post',
  input: given,
  atOnce(input, context) {
    const { bookId, lines } = input;
    if (lines.length > mostLinesAtOnce || lines.some((line) => line.taxCode !== undefined)) return undefined;
    const entry = manualEntry(bookId, input, new Set());
    if (!mayBePlain(entry)) return undefined;
    checkLines(entry.lines);
    return plainEntryAtOnce(context, { ...entry, id: newId('je') }, (posted) => leave(input, posted));
  },
  async run(transaction, input) {
    const taxCodes = await namedTaxCodes(transaction, input.bookId, [input]);
    const [posted] = await postEntries(transaction, [manualEntry(input.bookId, input, taxCodes)]);
    if (!posted) throw new Error('An entry was posted and not answered');
    const { result, note } = leave(input, posted);
    transaction.audit(note);
    return result;
  },
});

function leave(
  input: z.output<typeof given>,
  posted: PostedEntry,
): Pick<AtOnceLeft<{ journalEntryId: string; number: string }>, 'result' | 'note'> {
  return {
    result: { journalEntryId: posted.id, number: posted.number },
    note: { subjectType: 'JournalEntry', subjectId: posted.id, after: { ...input, ...posted } },
  };
}
