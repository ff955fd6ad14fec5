import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { currency, date, decimal, id, oneOf, text } from '#kernel/input';
import { parseMoney, type Money } from '#kernel/money';
import { dimensionList, dimensionsOf, fieldList, fieldsOf } from '../dimensions/dimension-input.ts';
import { sides } from './entry.ts';
import { postEntries } from './post-entry.ts';

/** Posts an entry made by hand. */
export const postJournalEntry = command({
  name: 'postJournalEntry',
  description: 'Posts an entry made by hand; it stands for good and is corrected by a reversal only.',
  scope: 'transactions:post',
  input: z.object({
    bookId: id(),
    postedOn: date(),
    description: text(500),
    lines: z
      .array(
        z.object({
          accountCode: text(20),
          side: oneOf('Side', sides),
          amount: decimal().meta({
            graphql: 'Decimal',
            description: 'Positive; the side says the direction.',
          }),
          currency: currency(),
          memo: text(500).optional(),
          dimensions: dimensionList('What the line belongs to, such as a cost centre.').optional(),
        }),
      )
      .max(1000),
    fields: fieldList("Values of the book's custom fields.").optional(),
  }),
  async run(transaction, input) {
    const lines = input.lines.map(({ accountCode, side, memo, dimensions, ...line }, index) => ({
      accountCode,
      side,
      memo,
      money: moneyOf(line, index),
      dimensions: dimensions && dimensionsOf(dimensions, ['lines', String(index)]),
    }));
    const { bookId, postedOn, description } = input;
    const [posted] = await postEntries(transaction, [
      {
        bookId,
        kind: 'MANUAL',
        postedOn,
        description,
        lines,
        fields: input.fields && fieldsOf(input.fields),
      },
    ]);
    if (!posted) throw new Error('An entry was posted and not answered');
    transaction.audit({ subjectType: 'JournalEntry', subjectId: posted.id, after: { ...input, ...posted } });
    return { journalEntryId: posted.id, number: posted.number };
  },
});

function moneyOf(line: { amount: string; currency: string }, index: number): Money {
  try {
    return parseMoney(line.amount, line.currency);
  } catch (error) {
    if (!(error instanceof CrossfootError)) throw error;
    throw new CrossfootError(error.code, `Line ${index + 1}: ${error.message}`, {
      path: ['lines', String(index), 'amount'],
    });
  }
}
