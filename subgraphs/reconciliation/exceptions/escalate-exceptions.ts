import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { lockBook } from '../lock-book.ts';

/** Tells the member a book names of every exception that is overdue, once each; who looks after it stays the same. */
export const escalateExceptions = command({
  name: 'escalateExceptions',
  description: 'Tells the member a book names of every exception that is overdue, once each.',
  scope: 'platform:internal',
  input: z.object({ bookId: id() }),
  async run(transaction, { bookId }) {
    await lockBook(transaction, bookId);
    const late = await transaction.query<{ id: string; escalated_to: string; due_at: Date }>(
      `update reconciliation.exception e set escalated_at = $2, escalated_to = p.escalate_to
         from reconciliation.exception_policy p
        where p.book_id = $1 and p.escalate_to is not null and e.book_id = $1 and e.status = 'OPEN'
          and e.escalated_at is null and e.due_at <= $2
       returning e.id, e.escalated_to, e.due_at`,
      [bookId, transaction.now],
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
