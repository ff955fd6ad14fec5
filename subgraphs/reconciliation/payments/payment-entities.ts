import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** Payments that go to the bank together. */
export const PaymentOrderEntity = defineEntity({
  name: 'PaymentOrder',
  tableName: 'payment_order',
  properties: {
    id: p.text().primary(),
    bookId: p.text(),
    bankAccountId: p.text(),
    status: p.text(),
    executionOn: p.date(),
    messageId: p.text(),
    createdBy: p.text(),
    createdAt: p.datetime(),
    approvedAt: p.datetime().nullable(),
    fileId: p.text().nullable(),
    sentAt: p.datetime().nullable(),
    reason: p.text().nullable(),
  },
});
export type PaymentOrder = InferEntity<typeof PaymentOrderEntity>;

/** The payment of a bill in an order. */
export const PaymentLineEntity = defineEntity({
  name: 'PaymentLine',
  tableName: 'payment_line',
  properties: {
    id: p.text().primary(),
    bookId: p.text(),
    orderId: p.text(),
    openItemId: p.text(),
    payeeAccountId: p.text(),
    creditorName: p.text(),
    minor: p.bigint('bigint'),
    settlesMinor: p.bigint('bigint'),
    currency: p.text(),
    executionOn: p.date(),
    endToEndId: p.text(),
    remittance: p.text(),
    status: p.text(),
    reason: p.text().nullable(),
    matchId: p.text().nullable(),
    returnLineId: p.text().nullable(),
    live: p.boolean(),
  },
});
export type PaymentLine = InferEntity<typeof PaymentLineEntity>;
