import { z } from 'zod';
import { command } from '#kernel/command';
import { date, id } from '#kernel/input';

/** So many entries at most are added to what stood at the end of a kept day. */
export const entriesBetweenDays = 1000;

/** Chooses the days of a book at whose end its balances are kept, and marks those to be added up. */
export const markBalanceDays = command({
  name: 'markBalanceDays',
  description: 'Marks the days of a book for which balances are to be added up; postings see the mark.',
  scope: 'platform:internal',
  input: z.object({ bookId: id(), until: date(), entries: z.int().min(1) }),
  async run(transaction, { bookId, until, entries }) {
    const row = await transaction.maybe<{ marked: number }>(
      'select transactions.mark_balance_days($1, $2, $3) as marked',
      [bookId, until, entries],
    );
    return { marked: row?.marked ?? 0 };
  },
});

/** Adds up the balances of the days that were marked, and holds the newest against the plain sum. */
export const buildBalanceDays = command({
  name: 'buildBalanceDays',
  description: 'Adds up the balances of the marked days of a book, and checks the newest by the plain sum.',
  scope: 'platform:internal',
  input: z.object({ bookId: id() }),
  async run(transaction, { bookId }) {
    const built = await transaction.maybe<{ built: number }>(
      'select transactions.build_balance_days($1) as built',
      [bookId],
    );
    const checked = await transaction.maybe<{ parted: number }>(
      'select transactions.check_balance_days($1) as parted',
      [bookId],
    );
    return { built: built?.built ?? 0, parted: checked?.parted ?? 0 };
  },
});
