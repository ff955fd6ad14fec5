import type { Transaction } from '#kernel/command';
import { advance, exceptionTransitions } from '../states.ts';
import { lockException } from './load-exception.ts';

/** Closes an open exception with what was done about it; throws NOT_FOUND and STATE_CONFLICT. */
export async function closeException(
  transaction: Transaction,
  exceptionId: string,
  resolution: string,
): Promise<void> {
  const { bookId, status, lineId } = await lockException(transaction, exceptionId);
  advance('An exception', exceptionTransitions, { from: status, to: 'RESOLVED' });
  await transaction.query(
    `update reconciliation.exception
        set status = 'RESOLVED', resolved_at = $2, resolved_by = $3, resolution = $4 where id = $1`,
    [exceptionId, transaction.now, deciderOf(transaction), resolution],
  );
  if (lineId) {
    await transaction.query(
      "update reconciliation.statement_line set status = 'UNMATCHED' where id = $1 and status = 'EXCEPTION'",
      [lineId],
    );
  }
  transaction.emit({ type: 'exception.resolved', subjectId: exceptionId, bookId, facts: {} });
  transaction.audit({
    subjectType: 'Exception',
    subjectId: exceptionId,
    before: { status },
    after: { status: 'RESOLVED', resolution },
  });
}

/** The person who decides, or whatever else acts. */
export function deciderOf({ actor }: Transaction): string {
  return actor.memberId ?? actor.id;
}
