import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id } from '#kernel/input';
import { lockBook } from '../intake/books.ts';
import { jurisdictionOf, jurisdictions } from './jurisdictions/library.ts';
import { storeTaxCodes } from './store-tax-codes.ts';

/** Gives a book the tax codes of a country. */
export const installTaxCodes = command({
  name: 'installTaxCodes',
  description:
    'Gives a book the tax codes of a country with their dated rates; codes it has already stay as they are.',
  scope: 'transactions:write',
  input: z.object({
    bookId: id(),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, 'is not a country code such as DE')
      .optional()
      .meta({ description: 'ISO 3166-1 alpha-2; the country of the book when left out.' }),
  }),
  async run(transaction, { bookId, country }) {
    const book = await lockBook(transaction, bookId);
    const found = jurisdictionOf(country ?? book.country);
    if (!found) {
      const message = `There are no tax codes of ${country ?? book.country}; there are those of ${jurisdictions.map((one) => one.country).join(', ')}`;
      throw new CrossfootError('NOT_FOUND', message, { path: ['country'] });
    }
    const added = await storeTaxCodes(transaction, bookId, found.codes);
    const taxCodes = added.map(({ code }) => code);
    transaction.audit({
      subjectType: 'Book',
      subjectId: bookId,
      after: { country: found.country, taxCodes },
    });
    return { bookId, taxCodeIds: added.map((one) => one.id) };
  },
});

/** Gives a book that was opened the tax codes of its country. */
export const installTaxCodesOfCountry = command({
  name: 'installTaxCodesOfCountry',
  description: 'Gives a book that was opened the tax codes of its country, where there are any.',
  scope: 'platform:internal',
  input: z.object({ bookId: id(), country: z.string() }),
  async run(transaction, { bookId, country }) {
    const added = await storeTaxCodes(transaction, bookId, jurisdictionOf(country)?.codes ?? []);
    transaction.audit({ subjectType: 'Book', subjectId: bookId, after: { country, taxCodes: added.length } });
    return { bookId, taxCodes: added.length };
  },
});
