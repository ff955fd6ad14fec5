import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { lockBook } from '../lock-book.ts';

/** Lets lapse what an account's bank announced so long ago that it will not be booked any more. */
export const lapsePendingLines = command({
  name: 'lapsePendingLines',
  description:
    'Lets lapse what the bank of an account announced so long ago that it will not be booked any more.',
  scope: 'platform:internal',
  input: z.object({ bankAccountId: id() }),
  async run(transaction, { bankAccountId }) {
    const { book_id: bookId } = await transaction.require<{ book_id: string }>(
      `There is no bank account ${bankAccountId}`,
      'select book_id from reconciliation.bank_account where id = $1',
      [bankAccountId],
    );
    await lockBook(transaction, bookId);
    const lapsed = await transaction.query<{ id: string }>(
      `update reconciliation.pending_line p set status = 'LAPSED', settled_at = $2
         from reconciliation.bank_account a
        where a.id = $1 and p.bank_account_id = a.id and p.status = 'PENDING'
          and p.announced_on < current_date - a.pending_days returning p.id`,
      [bankAccountId, transaction.now],
    );
    if (lapsed.length > 0) {
      transaction.emit({
        type: 'bankAccount.pendingChanged',
        subjectId: bankAccountId,
        bookId,
        facts: { announced: 0, booked: 0, lapsed: lapsed.length },
      });
    }
    transaction.audit({
      subjectType: 'BankAccount',
      subjectId: bankAccountId,
      after: { lapsed: lapsed.length },
    });
    return { lapsed: lapsed.length };
  },
});
