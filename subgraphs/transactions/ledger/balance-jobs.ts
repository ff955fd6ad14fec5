import { systemActor } from '#kernel/actor';
import { dateOf, type CalendarDate } from '#kernel/calendar';
import { resultOf, type CommandDoor } from '#kernel/command-door';
import type { Job } from '#kernel/subgraph';
import { buildBalanceDays, entriesBetweenDays, markBalanceDays } from './balance-days.ts';

/** A book whose balances are to be kept, up to the day before `until`. */
interface Due {
  readonly organisationId: string;
  readonly bookId: string;
  readonly until: CalendarDate;
  readonly entries?: number;
}

/** Keeps the balances of a book at the end of its days; answers how many days were added up and how many accounts parted. */
export async function keepBalances(
  door: CommandDoor,
  { organisationId, bookId, until, entries = entriesBetweenDays }: Due,
): Promise<{ readonly built: number; readonly parted: number }> {
  const actor = systemActor('transactions', organisationId);
  const { marked } = resultOf(await door.run(markBalanceDays, { bookId, until, entries }, { actor }));
  if (marked === 0) return { built: 0, parted: 0 };
  return resultOf(await door.run(buildBalanceDays, { bookId }, { actor }));
}

/** Every quarter of an hour: the books of which days have ended or became stale. */
const keepAllBalances: Job = {
  name: 'transactions.balances',
  schedule: '*/15 * * * *',
  async run(_data, { door, pool, services }) {
    const until = dateOf(new Date());
    const due = await pool.query<{ organisation_id: string; book_id: string }>(
      'select organisation_id, book_id from transactions.books_to_snapshot($1, $2)',
      [until, entriesBetweenDays],
    );
    for (const { organisation_id: organisationId, book_id: bookId } of due.rows) {
      const { parted } = await keepBalances(door, { organisationId, bookId, until });
      if (parted > 0)
        services.log.error({ organisationId, bookId, parted }, 'kept balances part from the lines');
    }
  },
};

/** What keeps balances. */
export const balanceJobs: readonly Job[] = [keepAllBalances];
