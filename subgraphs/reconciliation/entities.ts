import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { UserError } from '#kernel/errors';
import type { MatchEvidence, MatchRival } from './matching/model.ts';
import type { StoredSplit } from './matching/split-difference.ts';
import type { ExceptionEvidence } from './triage/evidence.ts';

/** An account at a bank, as far as it is shown; the sealed number is not mapped. */
export const BankAccountEntity = defineEntity({
  name: 'BankAccount',
  tableName: 'bank_account',
  properties: {
    id: p.text().primary(),
    bookId: p.text(),
    name: p.text(),
    lastFour: p.text(),
    bic: p.text().nullable(),
    currency: p.text(),
    ledgerAccountCode: p.text(),
    pendingDays: p.integer(),
    openedAt: p.datetime(),
  },
});
export type BankAccount = InferEntity<typeof BankAccountEntity>;

/** A statement of a bank. */
export const BankStatementEntity = defineEntity({
  name: 'BankStatement',
  tableName: 'bank_statement',
  properties: {
    id: p.text().primary(),
    bookId: p.text(),
    bankAccountId: p.text(),
    fileId: p.text(),
    format: p.text(),
    reference: p.text().nullable(),
    currency: p.text(),
    openingMinor: p.bigint('bigint').nullable(),
    closingMinor: p.bigint('bigint').nullable(),
    startsOn: p.date().nullable(),
    endsOn: p.date().nullable(),
    lineCount: p.integer(),
    knownCount: p.integer(),
    pendingCount: p.integer(),
    status: p.text(),
    problems: p.json<UserError[]>(),
    importedAt: p.datetime(),
  },
});
export type BankStatement = InferEntity<typeof BankStatementEntity>;

/** A movement on a bank account, as far as it is shown; the sealed record is not mapped. */
export const StatementLineEntity = defineEntity({
  name: 'StatementLine',
  tableName: 'statement_line',
  properties: {
    id: p.text().primary(),
    bookId: p.text(),
    bankAccountId: p.text(),
    statementId: p.text(),
    position: p.integer(),
    bookedOn: p.date(),
    valueOn: p.date().nullable(),
    minor: p.bigint('bigint'),
    currency: p.text(),
    reversal: p.boolean(),
    counterpartyName: p.text().nullable(),
    counterpartyLastFour: p.text().nullable(),
    bankReference: p.text().nullable(),
    refs: p.array(),
    remittance: p.text(),
    status: p.text(),
    bookedAccountCode: p.text().nullable(),
    bookedMemo: p.text().nullable(),
    journalEntryId: p.text().nullable(),
  },
});
export type StatementLine = InferEntity<typeof StatementLineEntity>;

/** What a journal entry leaves open. */
export const OpenItemEntity = defineEntity({
  name: 'OpenItem',
  tableName: 'open_item',
  properties: {
    id: p.text().primary(),
    bookId: p.text(),
    journalEntryId: p.text(),
    kind: p.text(),
    label: p.text(),
    reference: p.text().nullable(),
    counterpartyName: p.text().nullable(),
    issuedOn: p.date(),
    dueOn: p.date().nullable(),
    minor: p.bigint('bigint'),
    openMinor: p.bigint('bigint'),
    currency: p.text(),
    vendorId: p.text().nullable(),
    documentId: p.text().nullable(),
  },
});
export type OpenItem = InferEntity<typeof OpenItemEntity>;

/** Lines and items that belong together, or may. */
export const MatchEntity = defineEntity({
  name: 'Match',
  tableName: 'match',
  properties: {
    id: p.text().primary(),
    bookId: p.text(),
    status: p.text(),
    method: p.text(),
    confidence: p.integer(),
    rawConfidence: p.integer().nullable(),
    automatic: p.boolean(),
    evidence: p.json<MatchEvidence[]>(),
    rivals: p.json<MatchRival[]>(),
    differenceMinor: p.bigint('bigint').nullable(),
    differenceSplits: p.json<StoredSplit[]>(),
    currency: p.text(),
    decidedBy: p.text().nullable(),
    decidedAt: p.datetime().nullable(),
    reason: p.text().nullable(),
    journalEntryId: p.text().nullable(),
    /** The payout it settles. */
    payoutId: p.text().nullable(),
    createdAt: p.datetime(),
  },
});
export type Match = InferEntity<typeof MatchEntity>;

/** What needs a person. */
export const ExceptionEntity = defineEntity({
  name: 'Exception',
  tableName: 'exception',
  properties: {
    id: p.text().primary(),
    bookId: p.text(),
    statementId: p.text().nullable(),
    lineId: p.text().nullable(),
    subjectType: p.text().nullable(),
    subjectId: p.text().nullable(),
    reason: p.text(),
    severity: p.text(),
    status: p.text(),
    ownerId: p.text().nullable(),
    assignmentRuleId: p.text().nullable(),
    detail: p.text(),
    evidence: p.json<ExceptionEvidence>(),
    proposedResolution: p.text().nullable(),
    raisedAt: p.datetime(),
    dueAt: p.datetime(),
    escalatedAt: p.datetime().nullable(),
    escalatedTo: p.text().nullable(),
    askedAt: p.datetime().nullable(),
    followUpOn: p.date().nullable(),
    appliedProposal: p.text().nullable(),
    resolvedAt: p.datetime().nullable(),
    resolvedBy: p.text().nullable(),
    resolution: p.text().nullable(),
  },
});
export type Exception = InferEntity<typeof ExceptionEntity>;
