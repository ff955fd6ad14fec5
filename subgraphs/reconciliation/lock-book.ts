import type { Transaction } from '#kernel/command';

/**
 * Waits until no other transaction changes matches, lines or items of the book, and keeps them out until the end of
 * this one. Every command that changes them begins with it, so that two at once cannot settle one item twice.
 */
export async function lockBook(transaction: Transaction, bookId: string): Promise<void> {
  await transaction.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `reconciliation:${bookId}`,
  ]);
}
