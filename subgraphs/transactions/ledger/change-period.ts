import { z } from 'zod';
import { holds } from '#kernel/actor';
import type { CalendarDate } from '#kernel/calendar';
import { compareDates } from '#kernel/calendar';
import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { date, id, text } from '#kernel/input';
import { requireBook } from './require-book.ts';

/** Whether a period takes postings. */
export const periodStatuses = ['OPEN', 'SOFT_CLOSED', 'LOCKED'] as const;

/** One state of a period; every state may follow every other, an earlier one with a reason only. */
export type PeriodStatus = (typeof periodStatuses)[number];

/** The days of a period, the first and the last included. */
export const periodInput = {
  bookId: id(),
  startsOn: date(),
  endsOn: date().meta({ graphql: 'Date', description: 'The last day, included.' }),
};

const periodDays = z.object(periodInput);

/** Why a period changes, in the words of whoever changes it. */
export const reasonInput = () =>
  text(1000).optional().meta({ description: 'Why; needed to open days that were closed.' });

/** What becomes of a period. */
export interface PeriodChange {
  readonly status: PeriodStatus;
  readonly reason?: string | undefined;
  /** The keys of what the close checklist still asked for, when it is locked all the same. */
  readonly overridden?: readonly string[];
}

/**
 * Sets the status of a period, which is made when no period has these days. Waits for the postings under way.
 * Throws FIELD_INVALID, NOT_FOUND, REASON_REQUIRED and FORBIDDEN for days that were closed, and PERIOD_OVERLAPS from
 * the database.
 */
export async function changePeriod(
  transaction: Transaction,
  period: z.output<typeof periodDays>,
  change: PeriodChange,
): Promise<{ periodId: string }> {
  const { bookId, startsOn, endsOn } = period;
  const { status, reason, overridden } = change;
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
  if (known) refuseSilentReopening(transaction, known.status, change);
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
  await keepChange(transaction, { ...change, periodId, bookId });
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
    after: { ...period, status, reason, overridden },
  });
  return { periodId };
}

/** Closed days are opened with a reason, and locked ones by whoever may. */
function refuseSilentReopening(transaction: Transaction, from: PeriodStatus, change: PeriodChange): void {
  if (periodStatuses.indexOf(change.status) >= periodStatuses.indexOf(from)) return;
  if (from === 'LOCKED' && !holds(transaction.actor, 'transactions:reopen')) {
    const message = 'Opening days that were locked needs the scope transactions:reopen';
    throw new CrossfootError('FORBIDDEN', message);
  }
  if (change.reason === undefined) {
    const message = `The period is ${from}; opening it again needs a reason`;
    throw new CrossfootError('REASON_REQUIRED', message, { path: ['reason'] });
  }
}

/** The change of the period itself has waited for the postings under way, so that the numbers are the last ones. */
async function keepChange(
  transaction: Transaction,
  change: PeriodChange & { readonly periodId: string; readonly bookId: string },
): Promise<void> {
  await transaction.query(
    `insert into transactions.period_change
       (organisation_id, period_id, book_id, status, last_numbers, reason, overridden, changed_by, changed_at)
     select $1, $2, $3, $4, coalesce(jsonb_object_agg(c.year::text, c.last) filter (where c.year is not null), '{}'),
            $5, $6, $7, $8
       from (select 1) one left join transactions.entry_counter c on c.organisation_id = $1 and c.book_id = $3`,
    [
      transaction.organisationId,
      change.periodId,
      change.bookId,
      change.status,
      change.reason ?? null,
      change.overridden ? JSON.stringify(change.overridden) : null,
      transaction.actor.memberId ?? transaction.actor.id,
      transaction.now,
    ],
  );
}

async function updateStatus(transaction: Transaction, id: string, status: PeriodStatus): Promise<void> {
  await transaction.query('update transactions.period set status = $2, changed_at = $3 where id = $1', [
    id,
    status,
    transaction.now,
  ]);
}
