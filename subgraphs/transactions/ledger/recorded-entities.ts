import { defineEntity, p, type EntitySchema, type InferEntity } from '@mikro-orm/core';

/** A transaction of a shop or card that was recorded by a template. */
export const RecordedTransactionEntity = defineEntity({
  name: 'RecordedTransaction',
  tableName: 'recorded_transaction',
  properties: {
    id: p.text().primary(),
    organisationId: p.text(),
    bookId: p.text(),
    source: p.text(),
    externalId: p.text(),
    kind: p.text(),
    occurredOn: p.date(),
    currency: p.text(),
    grossMinor: p.bigint('bigint'),
    templateVersionId: p.text(),
    templateRule: p.text(),
    draftId: p.text().nullable(),
    journalEntryId: p.text().nullable(),
    recordedAt: p.datetime(),
  },
});
export type RecordedTransactionRow = InferEntity<typeof RecordedTransactionEntity>;

/** What the ORM knows of recorded transactions. */
export const recordedEntities: readonly EntitySchema[] = [RecordedTransactionEntity];
