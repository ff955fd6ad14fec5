import { defineEntity, p, type EntitySchema, type InferEntity } from '@mikro-orm/core';

/** A run that valued a book's open foreign amounts; never changed. */
export const RevaluationEntity = defineEntity({
  name: 'Revaluation',
  tableName: 'revaluation',
  properties: {
    id: p.text().primary(),
    organisationId: p.text(),
    bookId: p.text(),
    onDay: p.date(),
    journalEntryId: p.text().nullable(),
    reversalEntryId: p.text().nullable(),
    revaluedBy: p.text().nullable(),
    revaluedAt: p.datetime(),
  },
});
export type Revaluation = InferEntity<typeof RevaluationEntity>;

/** A balance as a run valued it. */
export const RevaluationLineEntity = defineEntity({
  name: 'RevaluationLine',
  tableName: 'revaluation_line',
  properties: {
    revaluationId: p.text().primary(),
    position: p.integer().primary(),
    accountCode: p.text(),
    accountName: p.text(),
    currency: p.text(),
    baseCurrency: p.text(),
    minor: p.bigint('bigint'),
    functionalMinor: p.bigint('bigint'),
    rate: p.text(),
    rateSource: p.text(),
    rateOn: p.date(),
    ratePath: p.text(),
    worthMinor: p.bigint('bigint'),
    differenceMinor: p.bigint('bigint'),
  },
});
export type RevaluationLine = InferEntity<typeof RevaluationLineEntity>;

/** What the ORM knows of revaluations. */
export const revaluationEntities: readonly EntitySchema[] = [RevaluationEntity, RevaluationLineEntity];
