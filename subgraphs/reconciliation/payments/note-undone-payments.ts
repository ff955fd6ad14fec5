import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { id } from '#kernel/input';
import { lockBook } from '../lock-book.ts';
import { refreshOrders } from './settle-payments.ts';

/** Takes back for payments that a match has shown them: they are as far as the bank last said. */
export const noteUndonePayments = command({
  name: 'noteUndonePayments',
  description: 'Takes back for payments that a match has shown them: they are as far as the bank last said.',
  scope: 'platform:internal',
  input: z.object({ matchId: id(), bookId: id() }),
  async run(transaction, { matchId, bookId }) {
    await lockBook(transaction, bookId);
    await reopenPayments(transaction, matchId);
    return { matchId };
  },
});

/** The payments of a match that no longer holds may still pay their bills, unless another order is to by now. */
export async function reopenPayments(transaction: Transaction, matchId: string): Promise<void> {
  const reopened = await transaction.query<{ order_id: string }>(
    `update reconciliation.payment_line p
        set status = coalesce(p.bank_status, 'SENT'), match_id = null,
            live = not exists (select 1 from reconciliation.payment_line other
                                where other.open_item_id = p.open_item_id and other.live)
      where p.match_id = $1 and p.status = 'EXECUTED' returning p.order_id`,
    [matchId],
  );
  await refreshOrders(transaction, [...new Set(reopened.map((row) => row.order_id))]);
}
