import type { CalendarDate } from '#kernel/calendar';
import { compareDates, dateOf } from '#kernel/calendar';
import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { loadExceptionPolicy } from '../load-triage.ts';
import { endOfDay } from '../triage/due-time.ts';
import { clockOf } from '../triage/policy.ts';
import { writeComment } from './comment-exception.ts';

/**
 * Notes that the other side was asked, with the words. Until the day on which it is to be followed up nothing is
 * overdue. Throws FIELD_INVALID for a day that has passed.
 */
export async function askAboutException(
  transaction: Transaction,
  exception: { readonly id: string; readonly bookId: string },
  { message, followUpOn }: { readonly message: string; readonly followUpOn: CalendarDate },
): Promise<void> {
  if (compareDates(followUpOn, dateOf(transaction.now)) < 0) {
    throw new CrossfootError('FIELD_INVALID', `${followUpOn} has passed already`, { path: ['followUpOn'] });
  }
  const { id: exceptionId, bookId } = exception;
  const commentId = await writeComment(transaction, { bookId, exceptionId, kind: 'QUESTION', body: message });
  const clock = clockOf(await loadExceptionPolicy(transaction, bookId));
  const dueAt = endOfDay(followUpOn, clock);
  await transaction.query(
    `update reconciliation.exception
        set asked_at = $2, follow_up_on = $3, due_at = $4, escalated_at = null, escalated_to = null where id = $1`,
    [exceptionId, transaction.now, followUpOn, dueAt],
  );
  transaction.emit({
    type: 'exception.asked',
    subjectId: exceptionId,
    bookId,
    facts: { commentId, followUpOn },
  });
  transaction.audit({
    subjectType: 'Exception',
    subjectId: exceptionId,
    after: { commentId, message, followUpOn, dueAt: dueAt.toISOString() },
  });
}
