import { z } from 'zod';
import { command } from '#kernel/command';
import { id, text } from '#kernel/input';

/** Keeps in whose name a book pays. */
export const receivePayer = command({
  name: 'receivePayer',
  description: "Keeps reconciliation's own copy of in whose name a book pays.",
  scope: 'platform:internal',
  input: z.object({ bookId: id(), legalName: text(), country: text(2).optional() }),
  async run(transaction, { bookId, legalName, country }) {
    await transaction.query(
      `insert into reconciliation.payer (organisation_id, book_id, legal_name, country) values ($1, $2, $3, $4)
       on conflict (organisation_id, book_id) do update set legal_name = $3, country = $4`,
      [transaction.organisationId, bookId, legalName, country ?? null],
    );
    return { bookId };
  },
});
