import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { lockBook } from '../lock-book.ts';

/** Tells the member a book names, else an owner, of every exception that is overdue, once each; who looks after it stays the same. */
export const escalateExceptions = command({
  name: 'escalateExceptions',
  description: 'Tells the member a book names, else an owner, of every exception that is overdue, once each.',
  scope: 'platform:internal',
  input: z.object({ bookId: id() }),
  async run(transaction, { bookId }) {
    await lockBook(transaction, bookId);
    const late = await transaction.query<{ id: string; escalated_to: string; due_at: Date }>(
      `with hears as (
         select coalesce(p.escalate_to, reconciliation.first_owner($3)) as member
           from (select $1 as book_id) b left join reconciliation.exception_policy p on p.book_id = b.book_id
          where coalesce(p.escalates, true)
       )
       update reconciliation.exception e set escalated_at = $2, escalated_to = hears.member
         from hears
        where hears.member is not null and e.book_id = $1 and e.status = 'OPEN'
          and e.escalated_at is null and e.due_at <= $2
       returning e.id, e.escalated_to, e.due_at`,
      [bookId, transaction.now, transaction.organisationId],
    );
    for (const { id: exceptionId, escalated_to: escalatedTo, due_at: dueAt } of late) {
      transaction.emit({
        type: 'exception.escalated',
        subjectId: exceptionId,
        bookId,
        facts: { escalatedTo },
      });
      transaction.audit({
        subjectType: 'Exception',
        subjectId: exceptionId,
        after: { escalatedTo, dueAt: new Date(dueAt).toISOString() },
      });
    }
    return { escalated: late.length };
  },
});
