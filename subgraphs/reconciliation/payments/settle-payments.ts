import type { Transaction } from '#kernel/command';
import { formatMoney, money } from '#kernel/money';
import { raiseExceptions, resolveExceptionsOfSubject, type Raised } from '../raise-exceptions.ts';
import { advance } from '../states.ts';
import { noteSent } from './mark-payment-order-sent.ts';
import {
  orderTransitions,
  statusOfOrder,
  type PaymentOrderStatus,
  type PaymentStatus,
} from './payment-states.ts';

/** A payment of which something became, as its row says now. */
export interface SettledPayment {
  readonly id: string;
  readonly order_id: string;
  readonly reason: string | null;
  readonly match_id: string | null;
  readonly minor: bigint;
  readonly currency: string;
  readonly label: string;
  readonly journal_entry_id: string;
  readonly created_by: string;
}

/** Tells that payments are executed. */
export function tellExecuted(
  transaction: Transaction,
  bookId: string,
  payments: readonly SettledPayment[],
): void {
  for (const payment of payments) {
    transaction.emit({
      type: 'payment.executed',
      subjectId: payment.id,
      bookId,
      facts: {
        paymentOrderId: payment.order_id,
        journalEntryId: payment.journal_entry_id,
        matchId: payment.match_id ?? undefined,
      },
    });
  }
}

/** Tells that payments failed, by an event and by an exception with the reason of the bank; their bills are open again. */
export async function tellFailed(
  transaction: Transaction,
  bookId: string,
  { payments, how }: { payments: readonly SettledPayment[]; how: 'rejected' | 'returned' },
): Promise<void> {
  for (const payment of payments) {
    transaction.emit({
      type: `payment.${how}`,
      subjectId: payment.id,
      bookId,
      facts: {
        paymentOrderId: payment.order_id,
        journalEntryId: payment.journal_entry_id,
        reason: payment.reason ?? '',
      },
    });
    transaction.audit({
      subjectType: 'PaymentLine',
      subjectId: payment.id,
      after: { status: how.toUpperCase(), reason: payment.reason },
    });
  }
  await raiseExceptions(
    transaction,
    bookId,
    payments.map((payment): Raised => {
      const amount = money(payment.minor, payment.currency);
      const happened = how === 'rejected' ? 'The bank refused the payment' : 'The payment came back';
      return {
        subject: { type: 'PaymentLine', id: payment.id },
        reason: how === 'rejected' ? 'PAYMENT_REJECTED' : 'PAYMENT_RETURNED',
        detail:
          `${payment.label}: ${happened} of ${formatMoney(amount)} ${payment.currency}. ${payment.reason ?? ''}`.trim(),
        amount,
        ownerId: payment.created_by,
      };
    }),
  );
}

/** Makes the states of orders follow from those of their payments, some of which have changed, and tells of it. */
export async function refreshOrders(transaction: Transaction, orderIds: readonly string[]): Promise<void> {
  const rows = await transaction.query<{
    id: string;
    book_id: string;
    status: PaymentOrderStatus;
    payments: PaymentStatus[];
  }>(
    `select o.id, o.book_id, o.status, array_agg(p.status) as payments
       from reconciliation.payment_order o join reconciliation.payment_line p on p.order_id = o.id
      where o.id = any($1) group by o.organisation_id, o.id order by o.id`,
    [orderIds],
  );
  for (const { id, book_id: bookId, status, payments } of rows) {
    const next = statusOfOrder(payments);
    if (!payments.includes('SENT')) await resolveUnconfirmed(transaction, bookId, id);
    transaction.emit({ type: 'paymentOrder.changed', subjectId: id, bookId, facts: { status: next } });
    if (next === status) continue;
    advance('A payment order', orderTransitions, { from: status, to: next });
    await transaction.query('update reconciliation.payment_order set status = $2 where id = $1', [id, next]);
    transaction.audit({
      subjectType: 'PaymentOrder',
      subjectId: id,
      before: { status },
      after: { status: next },
    });
  }
}

/** Something was heard of every payment of an order: that nothing was is no exception any more. */
async function resolveUnconfirmed(transaction: Transaction, bookId: string, orderId: string): Promise<void> {
  await resolveExceptionsOfSubject(transaction, bookId, {
    subject: { type: 'PaymentOrder', id: orderId },
    reason: 'PAYMENT_UNCONFIRMED',
    resolution: 'Something was heard of every payment by now.',
  });
}

/** Closes what was raised about earlier payments of the bills that are paid now. */
export async function resolveFailures(
  transaction: Transaction,
  bookId: string,
  paymentIds: readonly string[],
): Promise<void> {
  const closed = await transaction.query<{ id: string }>(
    `update reconciliation.exception e set status = 'RESOLVED', resolved_at = $2, resolution = 'The bill was paid after all.'
       from reconciliation.payment_line failed
       join reconciliation.payment_line paid on paid.open_item_id = failed.open_item_id
      where paid.id = any($1) and e.status = 'OPEN' and e.subject_type = 'PaymentLine' and e.subject_id = failed.id
     returning e.id`,
    [paymentIds, transaction.now],
  );
  for (const { id } of closed) {
    transaction.emit({ type: 'exception.resolved', subjectId: id, bookId, facts: {} });
  }
}

/** Notes for approved orders with a file that the bank has them. */
export async function noteSentByAnswer(transaction: Transaction, orderIds: readonly string[]): Promise<void> {
  const rows = await transaction.query<{ id: string; bookId: string; status: PaymentOrderStatus }>(
    `select id, book_id as "bookId", status from reconciliation.payment_order
      where id = any($1) and status = 'APPROVED' and file_id is not null`,
    [orderIds],
  );
  for (const order of rows) await noteSent(transaction, order);
}
