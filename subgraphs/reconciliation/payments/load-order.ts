import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { formatMoney, money } from '#kernel/money';
import { lockBook } from '../lock-book.ts';
import type { PaymentOrderStatus } from './payment-states.ts';

/** A payment order as the commands that decide on it need it. */
export interface LockedOrder {
  readonly id: string;
  readonly bookId: string;
  readonly bankAccountId: string;
  readonly status: PaymentOrderStatus;
  readonly messageId: string;
  readonly createdBy: string;
  readonly approvedAt: Date | undefined;
  readonly fileId: string | undefined;
}

/** Loads an order and keeps everybody else from changing it; throws NOT_FOUND. */
export async function lockOrder(transaction: Transaction, paymentOrderId: string): Promise<LockedOrder> {
  const missing = `There is no payment order ${paymentOrderId}`;
  const { book_id: bookId } = await transaction.require<{ book_id: string }>(
    missing,
    'select book_id from reconciliation.payment_order where id = $1',
    [paymentOrderId],
  );
  await lockBook(transaction, bookId);
  const row = await transaction.require<{
    bank_account_id: string;
    status: PaymentOrderStatus;
    message_id: string;
    created_by: string;
    approved_at: Date | null;
    file_id: string | null;
  }>(
    missing,
    `select bank_account_id, status, message_id, created_by, approved_at, file_id
       from reconciliation.payment_order where id = $1`,
    [paymentOrderId],
  );
  return {
    id: paymentOrderId,
    bookId,
    bankAccountId: row.bank_account_id,
    status: row.status,
    messageId: row.message_id,
    createdBy: row.created_by,
    approvedAt: row.approved_at ?? undefined,
    fileId: row.file_id ?? undefined,
  };
}

/** Refuses, with STATE_CONFLICT, an order of which something was paid or forbidden since it was made. */
export async function refuseOutdated(transaction: Transaction, order: LockedOrder): Promise<void> {
  const outdated = await transaction.maybe<{
    label: string;
    open_minor: bigint;
    currency: string;
    status: string | null;
    settles: bigint;
  }>(
    `select o.label, o.open_minor, o.currency, y.status, p.settles_minor as settles
       from reconciliation.payment_line p
       join reconciliation.open_item o on o.id = p.open_item_id
       left join reconciliation.payee y on y.vendor_id = o.vendor_id
      where p.order_id = $1 and (-o.open_minor < p.settles_minor or y.status is distinct from 'ACTIVE')
      order by p.id limit 1`,
    [order.id],
  );
  if (!outdated) return;
  const { label, currency } = outdated;
  const why =
    -outdated.open_minor < outdated.settles
      ? `of ${label} only ${formatMoney(money(-outdated.open_minor, currency))} ${currency} is open by now`
      : `the vendor of ${label} is ${outdated.status ?? 'unknown'} by now`;
  throw new CrossfootError(
    'STATE_CONFLICT',
    `The order cannot go on: ${why}; cancel it and order the rest anew`,
  );
}
