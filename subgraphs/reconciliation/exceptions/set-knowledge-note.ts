import { z } from 'zod';
import { command } from '#kernel/command';
import { id, oneOf, text } from '#kernel/input';
import { lockBook } from '../lock-book.ts';
import { exceptionReasons, type ExceptionReason } from '../triage/reasons.ts';
import { deciderOf } from './close-exception.ts';

const reasons = Object.keys(exceptionReasons) as [ExceptionReason, ...ExceptionReason[]];

/** Keeps what a book knows about a reason; it is shown with every exception of that reason. */
export const setKnowledgeNote = command({
  name: 'setKnowledgeNote',
  description:
    'Keeps what a book knows about a reason, for whoever meets it next; without a note it is removed.',
  scope: 'reconciliation:write',
  input: z.object({
    bookId: id(),
    reason: oneOf('ExceptionReason', reasons),
    note: text(8000).optional().meta({ description: 'What to know; left out, the note is removed.' }),
  }),
  async run(transaction, { bookId, reason, note }) {
    await lockBook(transaction, bookId);
    const before = await transaction.maybe<{ note: string }>(
      'select note from reconciliation.reason_note where book_id = $1 and reason = $2',
      [bookId, reason],
    );
    if (note === undefined) {
      await transaction.query('delete from reconciliation.reason_note where book_id = $1 and reason = $2', [
        bookId,
        reason,
      ]);
    } else {
      await transaction.query(
        `insert into reconciliation.reason_note (organisation_id, book_id, reason, note, written_by, written_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (organisation_id, book_id, reason) do update
            set note = excluded.note, written_by = excluded.written_by, written_at = excluded.written_at`,
        [transaction.organisationId, bookId, reason, note, deciderOf(transaction), transaction.now],
      );
    }
    transaction.audit({
      subjectType: 'KnowledgeNote',
      subjectId: `${bookId} ${reason}`,
      before: { note: before?.note },
      after: { note },
    });
    return { bookId, reason };
  },
});
