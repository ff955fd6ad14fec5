import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** A reconciliation statement as a person signed it; its text is read by itself, because it may be long. */
export const SignedStatementEntity = defineEntity({
  name: 'SignedStatement',
  tableName: 'signed_statement',
  properties: {
    id: p.text().primary(),
    bookId: p.text(),
    bankAccountId: p.text(),
    asOf: p.date(),
    verdict: p.text(),
    currency: p.text(),
    bankMinor: p.bigint('bigint'),
    bookMinor: p.bigint('bigint'),
    remainderMinor: p.bigint('bigint'),
    contentHash: p.text(),
    note: p.text().nullable(),
    drawnUpAt: p.datetime(),
    signedBy: p.text(),
    signerName: p.text(),
  },
});
export type SignedStatement = InferEntity<typeof SignedStatementEntity>;

/** A payroll, as far as it is shown. */
export const PayrollEntity = defineEntity({
  name: 'Payroll',
  tableName: 'payroll',
  properties: {
    id: p.text().primary(),
    bookId: p.text(),
    name: p.text(),
    payOn: p.date(),
    currency: p.text(),
    totalMinor: p.bigint('bigint'),
    importedAt: p.datetime(),
  },
});
export type Payroll = InferEntity<typeof PayrollEntity>;
