import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id, text } from '#kernel/input';
import { advance } from '../states.ts';
import { lockOrder } from './load-order.ts';
import { orderTransitions } from './payment-states.ts';

/** Cancels an order that was not sent; its bills may be ordered again. */
export const cancelPaymentOrder = command({
  name: 'cancelPaymentOrder',
  description:
    'Cancels a payment order that was not sent; its bills may be ordered again. Says why where there is a file already.',
  scope: 'reconciliation:write',
  input: z.object({ paymentOrderId: id(), reason: text(1000).optional() }),
  async run(transaction, { paymentOrderId, reason }) {
    const order = await lockOrder(transaction, paymentOrderId);
    advance('A payment order', orderTransitions, { from: order.status, to: 'CANCELLED' });
    if (order.fileId && !reason) {
      throw new CrossfootError('REASON_REQUIRED', 'There is a file of this order that may be with the bank', {
        path: ['reason'],
      });
    }
    await transaction.query(
      "update reconciliation.payment_order set status = 'CANCELLED', reason = $2 where id = $1",
      [paymentOrderId, reason ?? null],
    );
    await transaction.query(
      "update reconciliation.payment_line set status = 'CANCELLED', live = false where order_id = $1",
      [paymentOrderId],
    );
    transaction.emit({
      type: 'paymentOrder.cancelled',
      subjectId: paymentOrderId,
      bookId: order.bookId,
      facts: {},
    });
    transaction.audit({
      subjectType: 'PaymentOrder',
      subjectId: paymentOrderId,
      before: { status: order.status },
      after: { status: 'CANCELLED', reason },
    });
    return { paymentOrderId };
  },
});
