import { z } from 'zod';
import type { CalendarDate } from '#kernel/calendar';
import { compareDates } from '#kernel/calendar';
import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { date, id } from '#kernel/input';
import { requireBook } from './require-book.ts';

/** Whether a period takes postings. */
export const periodStatuses = ['OPEN', 'SOFT_CLOSED', 'LOCKED'] as const;

/** One state of a period; every state may follow every other. */
export type PeriodStatus = (typeof periodStatuses)[number];

/** The days of a period, the first and the last included. */
export const periodInput = {
  bookId: id(),
  startsOn: date(),
  endsOn: date().meta({ graphql: 'Date', description: 'The last day, included.' }),
};

const periodDays = z.object(periodInput);

/**
 * Sets the status of a period, which is made when no period has these days. Waits for the postings under way.
 * Throws FIELD_INVALID, NOT_FOUND, and PERIOD_OVERLAPS from the database.
 */
export async function changePeriod(
  transaction: Transaction,
  period: z.output<typeof periodDays>,
  status: PeriodStatus,
): Promise<{ periodId: string }> {
  const { bookId, startsOn, endsOn } = period;
  if (compareDates(startsOn, endsOn) > 0) {
    throw new CrossfootError('FIELD_INVALID', `A period ends on or after its first day ${startsOn}`, {
      path: ['endsOn'],
    });
  }
  await requireBook(transaction, bookId);
  const known = await transaction.maybe<{ id: string; status: PeriodStatus }>(
    'select id, status from transactions.period where book_id = $1 and starts_on = $2 and ends_on = $3 for update',
    [bookId, startsOn, endsOn],
  );
  const periodId = known?.id ?? newId('per');
  if (known) await updateStatus(transaction, known.id, status);
  else {
    await transaction.insert('transactions.period', {
      id: periodId,
      book_id: bookId,
      starts_on: startsOn,
      ends_on: endsOn,
      status,
      changed_at: transaction.now,
    });
  }
  transaction.emit({
    type: 'period.changed',
    subjectId: periodId,
    bookId,
    facts: { startsOn: startsOn as CalendarDate, endsOn: endsOn as CalendarDate, status },
  });
  transaction.audit({
    subjectType: 'Period',
    subjectId: periodId,
    before: known && { status: known.status },
    after: { ...period, status },
  });
  return { periodId };
}

async function updateStatus(transaction: Transaction, id: string, status: PeriodStatus): Promise<void> {
  await transaction.query('update transactions.period set status = $2, changed_at = $3 where id = $1', [
    id,
    status,
    transaction.now,
  ]);
}
