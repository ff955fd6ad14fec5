import { z } from 'zod';
import { command } from '#kernel/command';
import { date, id, instant, text } from '#kernel/input';
import { storePostings } from './store-postings.ts';

/** Keeps what the ledger had posted to the account of a bank account before that was opened here. */
export const keepAccountPostings = command({
  name: 'keepAccountPostings',
  description: 'Keeps what the ledger had posted to the account of a bank account before that was opened.',
  scope: 'platform:internal',
  input: z.object({
    bankAccountId: id(),
    bookId: id(),
    accountCode: text(20),
    complete: z.boolean(),
    postings: z.array(
      z.object({
        journalEntryId: id(),
        number: z.string(),
        kind: z.string(),
        postedOn: date(),
        description: z.string(),
        minor: z.string(),
        currency: z.string(),
        documentId: id().optional(),
        vendorId: id().optional(),
        reversalOf: id().optional(),
        postedAt: instant(),
      }),
    ),
  }),
  async run(transaction, { bankAccountId, bookId, accountCode, postings, complete }) {
    await storePostings(
      transaction,
      bookId,
      postings.map((posting) => ({ ...posting, accountCode })),
    );
    if (complete) {
      await transaction.query(
        'update reconciliation.bank_account set ledger_copied_at = $2 where id = $1 and ledger_copied_at is null',
        [bankAccountId, transaction.now],
      );
    }
    return { bankAccountId };
  },
});
