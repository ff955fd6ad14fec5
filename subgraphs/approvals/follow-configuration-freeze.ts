import { z } from 'zod';
import { dateOf } from '#kernel/calendar';
import { command, type Transaction } from '#kernel/command';
import { isNearMonthEnd } from '#kernel/configuration-freeze';
import { CrossfootError } from '#kernel/errors';
import { id, instant } from '#kernel/input';

/** Keeps the days on which the configuration of a book stands still. */
export const followConfigurationFreeze = command({
  name: 'followConfigurationFreeze',
  description: 'Keeps the days on which the configuration of a book stands still.',
  scope: 'platform:internal',
  input: z.object({
    bookId: id(),
    daysBefore: z.int(),
    daysAfter: z.int(),
    overriddenUntil: instant().optional(),
  }),
  async run(transaction, { bookId, daysBefore, daysAfter, overriddenUntil }) {
    await transaction.query(
      `insert into approvals.configuration_freeze (organisation_id, book_id, days_before, days_after, overridden_until)
       values ($1, $2, $3, $4, $5) on conflict (organisation_id, book_id) do update
         set days_before = excluded.days_before, days_after = excluded.days_after,
             overridden_until = coalesce(excluded.overridden_until, configuration_freeze.overridden_until)`,
      [transaction.organisationId, bookId, daysBefore, daysAfter, overriddenUntil ?? null],
    );
    return { bookId };
  },
});

/** Throws CONFIGURATION_FROZEN on the days around the end of a month, unless an owner has overridden that. */
export async function refuseWhileFrozen(transaction: Transaction, bookId: string): Promise<void> {
  const days = await transaction.maybe<{
    daysBefore: number;
    daysAfter: number;
    overridden_until: Date | null;
  }>(
    `select days_before as "daysBefore", days_after as "daysAfter", overridden_until
       from approvals.configuration_freeze where book_id = $1`,
    [bookId],
  );
  if (!days || !isNearMonthEnd(dateOf(transaction.now), days)) return;
  if (days.overridden_until && days.overridden_until > transaction.now) return;
  throw new CrossfootError(
    'CONFIGURATION_FROZEN',
    `The configuration of the book stands still on the last ${days.daysBefore} and the first ${days.daysAfter} days of a month`,
    { path: ['bookId'] },
  );
}
