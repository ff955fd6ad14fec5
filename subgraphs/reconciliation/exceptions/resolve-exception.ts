import { z } from 'zod';
import { command } from '#kernel/command';
import { id, text } from '#kernel/input';
import { lockException } from './load-exception.ts';
import { advance, exceptionTransitions } from '../states.ts';

/** Closes an exception with what was done about it; its line stays unmatched and is not raised again for the same reason. */
export const resolveException = command({
  name: 'resolveException',
  description:
    'Closes an exception with what was done about it; its line stays unmatched and is not raised again for the same reason.',
  scope: 'reconciliation:write',
  input: z.object({ exceptionId: id(), resolution: text(1000) }),
  async run(transaction, { exceptionId, resolution }) {
    const { bookId, status, lineId } = await lockException(transaction, exceptionId);
    advance('An exception', exceptionTransitions, { from: status, to: 'RESOLVED' });
    await transaction.query(
      `update reconciliation.exception
          set status = 'RESOLVED', resolved_at = $2, resolved_by = $3, resolution = $4 where id = $1`,
      [exceptionId, transaction.now, transaction.actor.memberId ?? transaction.actor.id, resolution],
    );
    await transaction.query(
      "update reconciliation.statement_line set status = 'UNMATCHED' where id = $1 and status = 'EXCEPTION'",
      [lineId],
    );
    transaction.emit({ type: 'exception.resolved', subjectId: exceptionId, bookId, facts: {} });
    transaction.audit({
      subjectType: 'Exception',
      subjectId: exceptionId,
      before: { status },
      after: { status: 'RESOLVED', resolution },
    });
    return { exceptionId };
  },
});
