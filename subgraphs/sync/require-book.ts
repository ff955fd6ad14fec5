import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { isId } from '#kernel/ids';
import { sleep } from '#kernel/sleep';

const attempts = 20;
const pauseMilliseconds = 50;

/**
 * Locks what is known of a book, so that entries posted meanwhile are neither missed nor queued twice. Throws NOT_FOUND
 * with the path `bookId`. A book opened a moment ago may not be known yet and is waited for, a second at most.
 */
export async function requireBook(transaction: Transaction, bookId: string): Promise<void> {
  for (let attempt = 1; attempt <= attempts && isId(bookId, 'bk'); attempt += 1) {
    if (await lockBook(transaction, bookId)) return;
    await sleep(pauseMilliseconds);
  }
  throw new CrossfootError('NOT_FOUND', `There is no book ${bookId}`, { path: ['bookId'] });
}

/** Locks a book until the end of the transaction; answers whether it is known. */
export async function lockBook(transaction: Transaction, bookId: string): Promise<boolean> {
  const found = await transaction.maybe('select 1 from sync.book where id = $1 for no key update', [bookId]);
  return found !== undefined;
}
