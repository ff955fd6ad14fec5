import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';

/** Throws BANK_ACCOUNT_UNKNOWN where an account is named that the book does not have. */
export async function requireAccount(
  transaction: Transaction,
  bookId: string,
  bankAccountId: string | undefined,
): Promise<void> {
  if (bankAccountId === undefined) return;
  const account = await transaction.maybe(
    'select 1 from reconciliation.bank_account where id = $1 and book_id = $2',
    [bankAccountId, bookId],
  );
  if (account) return;
  throw new CrossfootError('BANK_ACCOUNT_UNKNOWN', `There is no bank account ${bankAccountId} in this book`, {
    path: ['bankAccountId'],
  });
}
