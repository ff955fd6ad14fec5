import type { Transaction } from '#kernel/command';
import { lockBook } from '../lock-book.ts';

/** An exception as the commands that deal with it need it. */
export interface LockedException {
  readonly bookId: string;
  readonly status: string;
  readonly ownerId: string | null;
  readonly lineId: string | null;
  readonly statementId: string | null;
}

/** Loads an exception and keeps everybody else from changing it; throws NOT_FOUND. */
export async function lockException(transaction: Transaction, exceptionId: string): Promise<LockedException> {
  const missing = `There is no exception ${exceptionId}`;
  const { book_id: bookId } = await transaction.require<{ book_id: string }>(
    missing,
    'select book_id from reconciliation.exception where id = $1',
    [exceptionId],
  );
  await lockBook(transaction, bookId);
  const row = await transaction.require<{
    status: string;
    owner_id: string | null;
    line_id: string | null;
    statement_id: string | null;
  }>(missing, 'select status, owner_id, line_id, statement_id from reconciliation.exception where id = $1', [
    exceptionId,
  ]);
  const { status, owner_id: ownerId, line_id: lineId, statement_id: statementId } = row;
  return { bookId, status, ownerId, lineId, statementId };
}
