import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id } from '#kernel/input';
import { advance } from '../states.ts';
import { lockOrder, type LockedOrder } from './load-order.ts';
import { orderTransitions } from './payment-states.ts';

/** Notes that the file of an approved order was handed to the bank. */
export const markPaymentOrderSent = command({
  name: 'markPaymentOrderSent',
  description: 'Notes that the file of an approved payment order was handed to the bank.',
  scope: 'reconciliation:write',
  input: z.object({ paymentOrderId: id() }),
  async run(transaction, { paymentOrderId }) {
    const order = await lockOrder(transaction, paymentOrderId);
    advance('A payment order', orderTransitions, { from: order.status, to: 'SENT' });
    if (!order.fileId) {
      throw new CrossfootError('STATE_CONFLICT', 'There is no file of this order that could have been sent');
    }
    await noteSent(transaction, order);
    return { paymentOrderId };
  },
});

/** The bank has the order: somebody says so, or the bank itself does by answering. */
export async function noteSent(
  transaction: Transaction,
  order: Pick<LockedOrder, 'id' | 'bookId' | 'status'>,
): Promise<void> {
  await transaction.query(
    "update reconciliation.payment_order set status = 'SENT', sent_at = $2 where id = $1",
    [order.id, transaction.now],
  );
  await transaction.query(
    "update reconciliation.payment_line set status = 'SENT' where order_id = $1 and status = 'PENDING'",
    [order.id],
  );
  transaction.emit({ type: 'paymentOrder.sent', subjectId: order.id, bookId: order.bookId, facts: {} });
  transaction.audit({
    subjectType: 'PaymentOrder',
    subjectId: order.id,
    before: { status: order.status },
    after: { status: 'SENT' },
  });
}
