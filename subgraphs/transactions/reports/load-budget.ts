import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';

/** A version of a budget as commands need it. */
export interface StoredBudget {
  readonly id: string;
  readonly book_id: string;
  readonly currency: string;
}

/** Finds a budget, of a book where one is given; throws NOT_FOUND. */
export async function requireBudget(
  transaction: Transaction,
  budgetId: string,
  bookId?: string,
): Promise<StoredBudget> {
  const row = await transaction.maybe<StoredBudget>(
    `select b.id, b.book_id, k.base_currency as currency
       from transactions.budget b
       join transactions.book k on k.organisation_id = b.organisation_id and k.id = b.book_id where b.id = $1`,
    [budgetId],
  );
  if (row && (bookId === undefined || row.book_id === bookId)) return row;
  throw new CrossfootError('NOT_FOUND', `There is no budget ${budgetId}`, { path: ['budgetId'] });
}
