import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { isId } from '#kernel/ids';
import { sleep } from '#kernel/sleep';
import type { Book } from './document.ts';

const attempts = 20;
const pauseMs = 50;

interface BookRow {
  readonly id: string;
  readonly legal_name: string;
  readonly tax_id: string | null;
  readonly country: string;
}

/**
 * Locks a book against other submissions, so that two copies of a document sent at once are seen as such. A book opened
 * a moment ago may not be known here yet and is waited for; throws NOT_FOUND after a second.
 */
export async function lockBook(transaction: Transaction, id: string): Promise<Book> {
  for (let attempt = 1; attempt <= attempts && isId(id, 'bk'); attempt += 1) {
    const row = await transaction.maybe<BookRow>(
      'select id, legal_name, tax_id, country from transactions.book where id = $1 for no key update',
      [id],
    );
    if (row) {
      return { id: row.id, legalName: row.legal_name, taxId: row.tax_id ?? undefined, country: row.country };
    }
    await sleep(pauseMs);
  }
  throw new CrossfootError('NOT_FOUND', `There is no book ${id}`, { path: ['bookId'] });
}
