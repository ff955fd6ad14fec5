import { defineEntity, p, type EntitySchema, type InferEntity } from '@mikro-orm/core';
import { recordedEntities } from './recorded-entities.ts';
import { revaluationEntities } from './revaluation-entities.ts';
import { validationEntities } from './validate-entities.ts';

/** A row of the chart of accounts. */
export const AccountEntity = defineEntity({
  name: 'Account',
  tableName: 'account',
  properties: {
    id: p.text().primary(),
    organisationId: p.text(),
    bookId: p.text(),
    code: p.text(),
    name: p.text(),
    type: p.text(),
    active: p.boolean(),
    currency: p.text().nullable(),
    requiredDimensions: p.json<Record<string, string | null>>(),
    boundsCurrency: p.text().nullable(),
    balanceAtLeast: p.bigint('bigint').nullable(),
    balanceAtMost: p.bigint('bigint').nullable(),
    createdAt: p.datetime(),
  },
});
export type Account = InferEntity<typeof AccountEntity>;

/** Days of a book that take postings, or do not. */
export const PeriodEntity = defineEntity({
  name: 'Period',
  tableName: 'period',
  properties: {
    id: p.text().primary(),
    organisationId: p.text(),
    bookId: p.text(),
    startsOn: p.date(),
    endsOn: p.date(),
    status: p.text(),
    changedAt: p.datetime(),
  },
});
export type Period = InferEntity<typeof PeriodEntity>;

/** An entry of the journal; never changed. */
export const JournalEntryEntity = defineEntity({
  name: 'JournalEntry',
  tableName: 'journal_entry',
  properties: {
    id: p.text().primary(),
    organisationId: p.text(),
    bookId: p.text(),
    number: p.text(),
    kind: p.text(),
    postedOn: p.date(),
    description: p.text(),
    vendorId: p.text().nullable(),
    documentId: p.text().nullable(),
    draftId: p.text().nullable(),
    matchId: p.text().nullable(),
    statementLineId: p.text().nullable(),
    reversalOf: p.text().nullable(),
    postedBy: p.text().nullable(),
    idempotencyKey: p.text().nullable(),
    fields: p.json<Record<string, string>>(),
    postedAt: p.datetime(),
  },
});
export type JournalEntry = InferEntity<typeof JournalEntryEntity>;

/** A line of an entry; its amount is positive. */
export const JournalLineEntity = defineEntity({
  name: 'JournalLine',
  tableName: 'journal_line',
  properties: {
    journalEntryId: p.text().primary(),
    position: p.integer().primary(),
    accountId: p.text(),
    side: p.text(),
    minor: p.bigint('bigint'),
    currency: p.text(),
    memo: p.text().nullable(),
    postedOn: p.date(),
    functionalMinor: p.bigint('bigint').nullable(),
    rate: p.text().nullable(),
    rateSource: p.text().nullable(),
    rateOn: p.date().nullable(),
    ratePath: p.text().nullable(),
    dimensions: p.json<Record<string, string>>(),
    taxCode: p.text().nullable(),
    taxRole: p.text().nullable(),
  },
});
export type JournalLine = InferEntity<typeof JournalLineEntity>;

/** An entry on its way to approval. */
export const DraftEntity = defineEntity({
  name: 'Draft',
  tableName: 'draft',
  properties: {
    id: p.text().primary(),
    organisationId: p.text(),
    bookId: p.text(),
    status: p.text(),
    documentId: p.text().nullable(),
    vendorId: p.text().nullable(),
    description: p.text(),
    totalMinor: p.bigint('bigint'),
    totalCurrency: p.text(),
    postedOn: p.date(),
    confidence: p.integer(),
    reasons: p.array(),
    findings: p.json<{ code: string; message: string }[]>(),
    ruleId: p.text().nullable(),
    templateVersionId: p.text().nullable(),
    templateRule: p.text().nullable(),
    fields: p.json<Record<string, string>>(),
    journalEntryId: p.text().nullable(),
    refusalCode: p.text().nullable(),
    refusalMessage: p.text().nullable(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});
export type Draft = InferEntity<typeof DraftEntity>;

/** A line of a draft; its amount is positive. */
export const DraftLineEntity = defineEntity({
  name: 'DraftLine',
  tableName: 'draft_line',
  properties: {
    draftId: p.text().primary(),
    position: p.integer().primary(),
    accountId: p.text(),
    side: p.text(),
    minor: p.bigint('bigint'),
    currency: p.text(),
    memo: p.text().nullable(),
    dimensions: p.json<Record<string, string>>(),
    taxCode: p.text().nullable(),
    taxRole: p.text().nullable(),
  },
});
export type DraftLine = InferEntity<typeof DraftLineEntity>;

/** What the ORM knows of this stage. */
export const ledgerEntities: readonly EntitySchema[] = [
  ...validationEntities,
  ...revaluationEntities,
  ...recordedEntities,
  AccountEntity,
  PeriodEntity,
  JournalEntryEntity,
  JournalLineEntity,
  DraftEntity,
  DraftLineEntity,
];
