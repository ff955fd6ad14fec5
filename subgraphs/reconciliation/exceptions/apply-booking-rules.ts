import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { bookByRules } from '../book-by-rules.ts';
import { lockBook } from '../lock-book.ts';

/** So many open lines are looked at when a rule comes into force; the next run takes the rest. */
const mostLines = 5_000;

/** Books what a rule that has just come into force is for and no item answers to. */
export const applyBookingRules = command({
  name: 'applyBookingRules',
  description: 'Books the open lines for which a booking rule is in force and to which no item answers.',
  scope: 'platform:internal',
  input: z.object({ bookId: id() }),
  async run(transaction, { bookId }) {
    await lockBook(transaction, bookId);
    const rows = await transaction.query<{ line_id: string }>(
      `select line_id from reconciliation.exception
        where book_id = $1 and status = 'OPEN' and line_id is not null and reason in ('NO_CANDIDATE', 'FEE_UNKNOWN')
        order by id desc limit $2`,
      [bookId, mostLines],
    );
    const booked = await bookByRules(
      transaction,
      bookId,
      rows.map((row) => row.line_id),
    );
    return { booked: booked.size };
  },
});
