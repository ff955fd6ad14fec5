import { z } from 'zod';
import type { CalendarDate } from '#kernel/calendar';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { changePeriod } from './change-period.ts';
import { monthsOfFiscalYear } from './fiscal-months.ts';
import { requireBook } from './require-book.ts';

/** Makes the months of a fiscal year of a book, open; no day of the year is left out. */
export const createFiscalYear = command({
  name: 'createFiscalYear',
  description:
    'Makes the twelve months of a fiscal year of a book as open periods; months that are there already stay as they are.',
  scope: 'transactions:post',
  input: z.object({
    bookId: id(),
    year: z
      .int()
      .min(1900)
      .max(2200)
      .meta({ description: 'The calendar year in which the fiscal year begins.' }),
  }),
  async run(transaction, { bookId, year }) {
    await requireBook(transaction, bookId);
    const { start } = await transaction.require<{ start: number }>(
      `There is no book ${bookId}`,
      'select fiscal_year_start_month as start from transactions.book where id = $1',
      [bookId],
    );
    const months = monthsOfFiscalYear(year, start);
    const known = await transaction.query<{ id: string; starts_on: CalendarDate; ends_on: CalendarDate }>(
      'select id, starts_on, ends_on from transactions.period where book_id = $1',
      [bookId],
    );
    const periodIds: string[] = [];
    for (const month of months) {
      const same = known.find((one) => one.starts_on === month.startsOn && one.ends_on === month.endsOn);
      // The database refuses what overlaps a month without being one, so that no day is in two periods or in none.
      if (same) periodIds.push(same.id);
      else
        periodIds.push((await changePeriod(transaction, { bookId, ...month }, { status: 'OPEN' })).periodId);
    }
    transaction.audit({ subjectType: 'Book', subjectId: bookId, after: { fiscalYear: year, periodIds } });
    return { bookId, periodIds };
  },
});
