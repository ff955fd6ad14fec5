import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** A movement that a bank has announced. */
export const PendingLineEntity = defineEntity({
  name: 'PendingLine',
  tableName: 'pending_line',
  properties: {
    id: p.text().primary(),
    bookId: p.text(),
    bankAccountId: p.text(),
    statementId: p.text(),
    announcedOn: p.date(),
    minor: p.bigint('bigint'),
    currency: p.text(),
    counterpartyName: p.text().nullable(),
    bankReference: p.text().nullable(),
    refs: p.array(),
    remittance: p.text(),
    status: p.text(),
    bookedLineId: p.text().nullable(),
    bookedBy: p.text().nullable(),
    settledAt: p.datetime().nullable(),
  },
});
export type PendingLine = InferEntity<typeof PendingLineEntity>;
