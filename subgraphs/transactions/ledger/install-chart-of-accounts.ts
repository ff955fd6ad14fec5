import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { newId } from '#kernel/ids';
import { id } from '#kernel/input';
import { chartOfAccounts, type ChartAccount } from './chart-of-accounts.ts';

/** Gives a book that was opened its first accounts. */
export const installChartOfAccounts = command({
  name: 'installChartOfAccounts',
  description:
    'Gives a book that was opened the default chart of accounts; codes it has already stay as they are.',
  scope: 'platform:internal',
  input: z.object({ bookId: id() }),
  async run(transaction, { bookId }) {
    const installed = await installAccounts(transaction, bookId, chartOfAccounts);
    transaction.audit({ subjectType: 'Book', subjectId: bookId, after: { accounts: installed.length } });
    return { bookId, accounts: installed.length };
  },
});

/** Adds accounts to a book; codes it has already stay as they are. Answers what was added. */
export async function installAccounts(
  transaction: Transaction,
  bookId: string,
  accounts: readonly ChartAccount[],
): Promise<{ readonly id: string; readonly code: string }[]> {
  return transaction.query<{ id: string; code: string }>(
    `insert into transactions.account (organisation_id, id, book_id, code, name, type, created_at)
     select $1, a.id, $2, a.code, a.name, a.type, $3
       from unnest($4::text[], $5::text[], $6::text[], $7::text[]) as a (id, code, name, type)
     on conflict (organisation_id, book_id, code) do nothing returning id, code`,
    [
      transaction.organisationId,
      bookId,
      transaction.now,
      accounts.map(() => newId('acc')),
      accounts.map((account) => account.code),
      accounts.map((account) => account.name),
      accounts.map((account) => account.type),
    ],
  );
}
