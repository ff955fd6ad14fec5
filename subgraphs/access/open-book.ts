import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { currency, text } from '#kernel/input';

/** Opens the books of a legal entity. */
export const openBook = command({
  name: 'openBook',
  description: 'Opens the books of a legal entity; a usable chart of accounts comes with them.',
  scope: 'access:admin',
  input: z.object({
    name: text(),
    legalName: text(),
    taxId: text(40).optional().meta({ description: 'The VAT or tax number, as it stands on invoices.' }),
    country: z.string().regex(/^[A-Z]{2}$/, 'is not an ISO 3166 code of two capital letters'),
    baseCurrency: currency(),
    fiscalYearStartMonth: z.int().min(1).max(12).default(1),
  }),
  async run(transaction, input) {
    const known = await transaction.maybe('select 1 from access.book where name = $1', [input.name]);
    if (known)
      throw new CrossfootError('ALREADY_EXISTS', `A book named ${input.name} exists`, { path: ['name'] });
    const bookId = newId('bk');
    await transaction.insert('access.book', {
      id: bookId,
      name: input.name,
      legal_name: input.legalName,
      tax_id: input.taxId ?? null,
      country: input.country,
      base_currency: input.baseCurrency,
      fiscal_year_start_month: input.fiscalYearStartMonth,
      created_at: transaction.now,
    });
    transaction.emit({ type: 'book.opened', subjectId: bookId, bookId, facts: input });
    transaction.audit({ subjectType: 'Book', subjectId: bookId, after: input });
    return { bookId };
  },
});
