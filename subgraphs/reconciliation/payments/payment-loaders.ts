import { byBatch, byId } from '#kernel/loaders';
import { PaymentLineEntity, PaymentOrderEntity, type PaymentLine } from './payment-entities.ts';

export const paymentOrderById = byId(PaymentOrderEntity);
export const paymentLineById = byId(PaymentLineEntity);

/** The payment that is about to pay an item, or else the last one that was to. */
export const paymentByItem = byBatch<PaymentLine | null>(async (itemIds, context) => {
  const rows = await context.sql<{ id: string; item: string }>(
    `select distinct on (open_item_id) id, open_item_id as item from reconciliation.payment_line
      where open_item_id = any($1) order by open_item_id, live desc, id desc`,
    [itemIds],
  );
  const found = new Map(rows.map((row) => [row.item, row.id]));
  return Promise.all(
    itemIds.map(async (itemId) => {
      const id = found.get(itemId);
      return id === undefined ? null : paymentLineById(context).load(id);
    }),
  );
});

/** How many payments an order has, and what they come to in one currency, in minor units. */
export interface OrderTotal {
  readonly count: number;
  readonly minor: bigint;
  readonly currency: string;
}

export const totalsByOrder = byBatch<OrderTotal[]>(async (orderIds, context) => {
  const rows = await context.sql<{ order_id: string; count: number; minor: string; currency: string }>(
    `select order_id, currency, count(*)::int as count, sum(minor)::text as minor
       from reconciliation.payment_line where order_id = any($1) group by order_id, currency order by currency`,
    [orderIds],
  );
  const groups = Map.groupBy(rows, (row) => row.order_id);
  return orderIds.map((id) => (groups.get(id) ?? []).map((row) => ({ ...row, minor: BigInt(row.minor) })));
});

/** Who approved an order, and when. */
export interface OrderApproval {
  readonly memberId: string;
  readonly approvedAt: Date;
}

export const approvalsByOrder = byBatch<OrderApproval[]>(async (orderIds, context) => {
  const rows = await context.sql<{ order_id: string; member_id: string; approved_at: Date }>(
    `select order_id, member_id, approved_at from reconciliation.payment_approval
      where order_id = any($1) order by order_id, approved_at, member_id`,
    [orderIds],
  );
  const groups = Map.groupBy(rows, (row) => row.order_id);
  return orderIds.map((id) =>
    (groups.get(id) ?? []).map((row) => ({ memberId: row.member_id, approvedAt: new Date(row.approved_at) })),
  );
});

/** How many other people have to approve the orders of a book. */
export const approvalsNeededByBook = byBatch<number>(async (bookIds, context) => {
  const rows = await context.sql<{ book_id: string; approvals: number }>(
    'select book_id, approvals from reconciliation.payer where book_id = any($1)',
    [bookIds],
  );
  const found = new Map(rows.map((row) => [row.book_id, row.approvals]));
  return bookIds.map((id) => found.get(id) ?? 1);
});

/** An account of a vendor, as far as people see it. */
export interface ShownAccount {
  readonly lastFour: string;
  readonly bic: string | null;
  readonly addedAt: Date;
  /** Nothing has been paid to it before. */
  readonly unused: boolean;
}

export const payeeAccountById = byBatch<ShownAccount | null>(async (ids, context) => {
  const rows = await context.sql<{
    id: string;
    last_four: string;
    bic: string | null;
    added_at: Date;
    unused: boolean;
  }>(
    `select a.id, a.last_four, a.bic, a.added_at,
            not exists (select 1 from reconciliation.payment_line p
                         where p.payee_account_id = a.id and p.status = 'EXECUTED') as unused
       from reconciliation.payee_account a where a.id = any($1)`,
    [ids],
  );
  const found = new Map(
    rows.map((row): [string, ShownAccount] => [
      row.id,
      { lastFour: row.last_four, bic: row.bic, addedAt: new Date(row.added_at), unused: row.unused },
    ]),
  );
  return ids.map((id) => found.get(id) ?? null);
});
