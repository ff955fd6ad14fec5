import { z } from 'zod';
import { CrossfootError } from '#kernel/errors';
import { currency, date, decimal, oneOf, text } from '#kernel/input';
import { parseMoney, type Money } from '#kernel/money';
import { dimensionList, dimensionsOf, fieldList, fieldsOf } from '../dimensions/dimension-input.ts';
import { sides, type NewEntry, type NewLine } from './entry.ts';

/** What a caller says of an entry made by hand. */
export const entryInput = () => ({
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
});

const said = z.object(entryInput());

/** What `entryInput` read. */
export type EntryInput = z.output<typeof said>;

/** The entry a caller describes; throws what amounts and dimensions can be wrong with, and which line it is. */
export function manualEntry(bookId: string, input: EntryInput): NewEntry {
  return {
    bookId,
    kind: 'MANUAL',
    postedOn: input.postedOn,
    description: input.description,
    lines: input.lines.map(({ accountCode, side, memo, dimensions, ...line }, index): NewLine => ({
      accountCode,
      side,
      memo,
      money: moneyOf(line, index),
      dimensions: dimensions && dimensionsOf(dimensions, ['lines', String(index)]),
    })),
    fields: input.fields && fieldsOf(input.fields),
  };
}

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
