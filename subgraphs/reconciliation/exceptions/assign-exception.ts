import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id } from '#kernel/input';
import { lockException } from './load-exception.ts';

/** Says who is to look after an exception. */
export const assignException = command({
  name: 'assignException',
  description: 'Says who is to look after an exception.',
  scope: 'reconciliation:write',
  input: z.object({ exceptionId: id(), memberId: id() }),
  async run(transaction, { exceptionId, memberId }) {
    const { bookId, status, ownerId } = await lockException(transaction, exceptionId);
    if (status !== 'OPEN')
      throw new CrossfootError('STATE_CONFLICT', `The exception is ${status.toLowerCase()} already`);
    await transaction.query('update reconciliation.exception set owner_id = $2 where id = $1', [
      exceptionId,
      memberId,
    ]);
    transaction.emit({
      type: 'exception.assigned',
      subjectId: exceptionId,
      bookId,
      facts: { ownerId: memberId },
    });
    transaction.audit({
      subjectType: 'Exception',
      subjectId: exceptionId,
      before: { ownerId },
      after: { ownerId: memberId },
    });
    return { exceptionId };
  },
});
