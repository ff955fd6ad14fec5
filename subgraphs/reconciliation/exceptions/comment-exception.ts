import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { newId } from '#kernel/ids';
import { id, text } from '#kernel/input';
import { deciderOf } from './close-exception.ts';
import { lockException } from './load-exception.ts';

/** Adds a comment to an exception, open or resolved. */
export const commentException = command({
  name: 'commentException',
  description: 'Adds a comment to an exception, open or resolved; comments are never changed.',
  scope: 'reconciliation:write',
  input: z.object({ exceptionId: id(), text: text(4000).meta({ description: 'What is to be said.' }) }),
  async run(transaction, { exceptionId, text: body }) {
    const { bookId } = await lockException(transaction, exceptionId);
    const commentId = await writeComment(transaction, { bookId, exceptionId, kind: 'COMMENT', body });
    transaction.emit({ type: 'exception.commented', subjectId: exceptionId, bookId, facts: { commentId } });
    transaction.audit({ subjectType: 'Exception', subjectId: exceptionId, after: { commentId, text: body } });
    return { exceptionId, commentId };
  },
});

/** Writes down what was said; answers its id. */
export async function writeComment(
  transaction: Transaction,
  comment: {
    readonly bookId: string;
    readonly exceptionId: string;
    readonly kind: 'COMMENT' | 'QUESTION';
    readonly body: string;
  },
): Promise<string> {
  const commentId = newId('exc');
  await transaction.insert('reconciliation.exception_comment', {
    id: commentId,
    book_id: comment.bookId,
    exception_id: comment.exceptionId,
    kind: comment.kind,
    body: comment.body,
    author_id: deciderOf(transaction),
    author_name: transaction.actor.name,
    written_at: transaction.now,
  });
  return commentId;
}
