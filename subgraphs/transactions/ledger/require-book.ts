import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { isId } from '#kernel/ids';
import { sleep } from '#kernel/sleep';

const attempts = 20;
const pauseMs = 50;

/**
 * Throws NOT_FOUND with the path `bookId` unless the book is known here with its accounts. A book opened a moment ago
 * may not be known yet and is waited for, a second at most.
 */
export async function requireBook(transaction: Transaction, bookId: string): Promise<void> {
  for (let attempt = 1; attempt <= attempts && isId(bookId, 'bk'); attempt += 1) {
    const found = await transaction.maybe('select 1 from transactions.account where book_id = $1 limit 1', [
      bookId,
    ]);
    if (found) return;
    await sleep(pauseMs);
  }
  throw new CrossfootError('NOT_FOUND', `There is no book ${bookId}`, { path: ['bookId'] });
}
