import { z } from 'zod';
import { command } from '#kernel/command';
import { id, text } from '#kernel/input';

/** Keeps what sync needs of a book that was opened elsewhere. */
export const rememberBook = command({
  name: 'rememberBook',
  description: 'Keeps what sync needs of a book that was opened elsewhere.',
  scope: 'platform:internal',
  input: z.object({ bookId: id(), name: text() }),
  async run(transaction, { bookId, name }) {
    await transaction.query(
      `insert into sync.book (organisation_id, id, name) values ($1, $2, $3)
       on conflict (organisation_id, id) do update set name = excluded.name`,
      [transaction.organisationId, bookId, name],
    );
    return { bookId };
  },
});
