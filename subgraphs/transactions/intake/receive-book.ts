import { z } from 'zod';
import { command } from '#kernel/command';
import { currency, id, text } from '#kernel/input';
import { installDimensions } from '../dimensions/install-dimensions.ts';

/** Keeps what this subgraph must know of a book that was opened. */
export const receiveBook = command({
  name: 'receiveBook',
  description: 'Keeps what transactions must know of a book that was opened.',
  scope: 'platform:internal',
  input: z.object({
    bookId: id(),
    name: text(),
    legalName: text(),
    taxId: text(40).optional(),
    country: z.string(),
    baseCurrency: currency(),
    fiscalYearStartMonth: z.int().min(1).max(12),
  }),
  async run(transaction, input) {
    await transaction.query(
      `insert into transactions.book (organisation_id, id, name, legal_name, tax_id, country, base_currency,
                                      fiscal_year_start_month, opened_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (organisation_id, id) do nothing`,
      [
        transaction.organisationId,
        input.bookId,
        input.name,
        input.legalName,
        input.taxId ?? null,
        input.country,
        input.baseCurrency,
        input.fiscalYearStartMonth,
        transaction.now,
      ],
    );
    await installDimensions(transaction, input.bookId);
    transaction.audit({ subjectType: 'Book', subjectId: input.bookId, after: input });
    return { bookId: input.bookId };
  },
});
