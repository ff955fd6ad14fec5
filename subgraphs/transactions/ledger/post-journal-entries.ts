import { z } from 'zod';
import { command } from '#kernel/command';
import { failureOf } from '#kernel/database-errors';
import { CrossfootError, type ErrorCode, type UserError } from '#kernel/errors';
import { id, text } from '#kernel/input';
import type { NewEntry } from './entry.ts';
import { entryInput, manualEntry, namedTaxCodes } from './entry-input.ts';
import { postBatch, type BatchOutcome } from './post-batch.ts';

/** The most entries one call takes: more would keep other postings of the book waiting. */
export const mostEntries = 1000;

/** Posts many entries made by hand. */
export const postJournalEntries = command({
  name: 'postJournalEntries',
  description: `Posts up to ${mostEntries} entries made by hand in one statement. Entries that cannot be posted are answered with what is wrong with each, under the path entries.N, while the others are posted; with \`atomic\`, all are posted or none.`,
  scope: 'transactions:post',
  input: z.object({
    bookId: id(),
    entries: z
      .array(
        z.object({
          ...entryInput(),
          idempotencyKey: text(200).optional().meta({
            description:
              'Posts the entry once in its book: the same key with the same content answers the first entry, with other content it is a conflict.',
          }),
        }),
      )
      .min(1)
      .max(mostEntries),
    atomic: z
      .boolean()
      .optional()
      .meta({ description: 'All or none; left out, what can be posted is posted.' }),
  }),
  async run(transaction, input) {
    const taxCodes = await namedTaxCodes(transaction, input.bookId, input.entries);
    const read = input.entries.map((entry) => readEntry(input.bookId, entry, taxCodes));
    const outcomes = await postBatch(
      transaction,
      read.flatMap((one) => ('entry' in one ? [one.entry] : [])),
    );
    let next = 0;
    const posted: {
      readonly place: number;
      readonly id: string;
      readonly number: string;
      readonly earlier: boolean;
    }[] = [];
    read.forEach((one, place) => {
      const outcome: BatchOutcome = 'entry' in one ? (outcomes[next++] as BatchOutcome) : one;
      if ('refused' in outcome) {
        const problem = ofEntry(outcome.refused, place);
        if (input.atomic) throw problem;
        transaction.report(problem.toUserError());
        return;
      }
      const { id: subjectId, number, earlier = false } = outcome.posted;
      posted.push({ place, id: subjectId, number, earlier });
      if (!earlier)
        transaction.audit({
          subjectType: 'JournalEntry',
          subjectId,
          after: { ...input.entries[place], number },
        });
    });
    return { entries: posted };
  },
});

type ReadEntry = { readonly entry: NewEntry } | { readonly refused: UserError };

function readEntry(
  bookId: string,
  input: Parameters<typeof manualEntry>[1] & { readonly idempotencyKey?: string | undefined },
  taxCodes: ReadonlySet<string>,
): ReadEntry {
  try {
    return { entry: { ...manualEntry(bookId, input, taxCodes), idempotencyKey: input.idempotencyKey } };
  } catch (error) {
    const [refused] = failureOf(error) ?? [];
    if (!refused) throw error;
    return { refused };
  }
}

function ofEntry({ code, message, path }: UserError, place: number): CrossfootError {
  return new CrossfootError(code as ErrorCode, `Entry ${place + 1}: ${message}`, {
    path: ['entries', String(place), ...path],
  });
}
