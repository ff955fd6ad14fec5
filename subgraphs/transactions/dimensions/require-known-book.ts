import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';

/** Throws NOT_FOUND when there is no such book. */
export async function requireKnownBook(transaction: Transaction, bookId: string): Promise<void> {
  const known = await transaction.maybe('select 1 from transactions.book where id = $1', [bookId]);
  if (!known) throw new CrossfootError('NOT_FOUND', `There is no book ${bookId}`, { path: ['bookId'] });
}
