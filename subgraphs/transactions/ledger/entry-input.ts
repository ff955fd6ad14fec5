import { z } from 'zod';
import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { currency, date, decimal, oneOf, text } from '#kernel/input';
import { parseMoney, type Money } from '#kernel/money';
import { dimensionList, dimensionsOf, fieldList, fieldsOf } from '../dimensions/dimension-input.ts';
import { sides, taxRoles, type LineTax, type NewEntry, type NewLine } from './entry.ts';

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
        taxCode: text(40).optional().meta({ description: 'The tax code the line is base or tax of.' }),
        taxRole: oneOf('TaxRole', taxRoles).optional().meta({
          description: 'Its part in that tax; the base when left out.',
        }),
      }),
    )
    .max(1000),
  fields: fieldList("Values of the book's custom fields.").optional(),
});

const said = z.object(entryInput());

/** What `entryInput` read. */
export type EntryInput = z.output<typeof said>;

/** The tax codes of the book that the entries name, as far as it has them; asks nothing where none is named. */
export async function namedTaxCodes(
  transaction: Transaction,
  bookId: string,
  entries: readonly EntryInput[],
): Promise<ReadonlySet<string>> {
  const named = new Set(entries.flatMap((entry) => entry.lines.flatMap((line) => line.taxCode ?? [])));
  if (named.size === 0) return named;
  const rows = await transaction.query<{ code: string }>(
    'select code from transactions.tax_code where book_id = $1 and code = any ($2::text[]) and active',
    [bookId, [...named]],
  );
  return new Set(rows.map((row) => row.code));
}

/** The entry a caller describes; throws what amounts, taxes and dimensions can be wrong with, and which line it is. */
export function manualEntry(bookId: string, input: EntryInput, taxCodes: ReadonlySet<string>): NewEntry {
  return {
    bookId,
    kind: 'MANUAL',
    postedOn: input.postedOn,
    description: input.description,
    lines: input.lines.map(
      ({ accountCode, side, memo, dimensions, taxCode, taxRole, ...line }, index): NewLine => ({
        accountCode,
        side,
        memo,
        money: moneyOf(line, index),
        dimensions: dimensions && dimensionsOf(dimensions, ['lines', String(index)]),
        tax: taxOf({ taxCode, taxRole }, index, taxCodes),
      }),
    ),
    fields: input.fields && fieldsOf(input.fields),
  };
}

function taxOf(
  { taxCode, taxRole }: Pick<EntryInput['lines'][number], 'taxCode' | 'taxRole'>,
  index: number,
  known: ReadonlySet<string>,
): LineTax | undefined {
  if (taxCode !== undefined && known.has(taxCode)) return { code: taxCode, role: taxRole ?? 'BASE' };
  if (taxCode === undefined && taxRole === undefined) return undefined;
  const path = ['lines', String(index), 'taxCode'];
  if (taxCode === undefined)
    throw new CrossfootError('FIELD_MISSING', `Line ${index + 1} has a part in a tax, but no tax code`, {
      path,
    });
  throw new CrossfootError('TAX_CODE_UNKNOWN', `Line ${index + 1}: the book has no tax code ${taxCode}`, {
    path,
  });
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
