import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id } from '#kernel/input';
import { advance } from '../states.ts';
import { lockOrder, refuseOutdated } from './load-order.ts';
import { orderTransitions } from './payment-states.ts';

/** Approves a payment order; with as many approvals as the book asks for it may go to the bank. */
export const approvePaymentOrder = command({
  name: 'approvePaymentOrder',
  description:
    'Approves a payment order that somebody else has made; with as many approvals as the book asks for it may go to the bank.',
  scope: 'approvals:decide',
  input: z.object({ paymentOrderId: id() }),
  async run(transaction, { paymentOrderId }) {
    const order = await lockOrder(transaction, paymentOrderId);
    advance('A payment order', orderTransitions, { from: order.status, to: 'APPROVED' });
    const { memberId } = transaction.actor;
    if (!memberId) throw new CrossfootError('FOUR_EYES', 'Only a person can approve, not a system');
    if (memberId === order.createdBy) {
      throw new CrossfootError('FOUR_EYES', 'You made this order; somebody else must approve it');
    }
    await refuseOutdated(transaction, order);
    const [made] = await transaction.query(
      `insert into reconciliation.payment_approval (organisation_id, order_id, member_id, approved_at)
       values ($1, $2, $3, $4) on conflict do nothing returning member_id`,
      [transaction.organisationId, paymentOrderId, memberId, transaction.now],
    );
    if (!made)
      throw new CrossfootError('ALREADY_DECIDED', 'You have approved this order; another person has to');
    const { approvals, needed } = await transaction.require<{ approvals: number; needed: number }>(
      'The order has no approvals',
      `select count(*)::int as approvals,
              coalesce((select approvals from reconciliation.payer where book_id = $2), 1) as needed
         from reconciliation.payment_approval where order_id = $1`,
      [paymentOrderId, order.bookId],
    );
    const status = approvals >= needed ? 'APPROVED' : 'DRAFT';
    if (status === 'APPROVED') {
      await transaction.query(
        "update reconciliation.payment_order set status = 'APPROVED', approved_at = $2 where id = $1",
        [paymentOrderId, transaction.now],
      );
    }
    transaction.emit({
      type: 'paymentOrder.approved',
      subjectId: paymentOrderId,
      bookId: order.bookId,
      facts: { by: memberId, approvals, needed },
    });
    transaction.audit({
      subjectType: 'PaymentOrder',
      subjectId: paymentOrderId,
      before: { status: order.status },
      after: { status, approvals, needed },
    });
    return { paymentOrderId };
  },
});
