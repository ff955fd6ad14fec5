import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { StoredLevel } from './policy-in-force.ts';

/** Who must approve what in a book. */
export const ApprovalPolicyEntity = defineEntity({
  name: 'ApprovalPolicy',
  tableName: 'approval_policy',
  properties: {
    id: p.text().primary(),
    bookId: p.text(),
    name: p.text(),
    levels: p.json<StoredLevel[]>(),
    fourEyes: p.boolean(),
    dueHours: p.integer(),
    active: p.boolean(),
    createdAt: p.datetime(),
  },
});
export type ApprovalPolicy = InferEntity<typeof ApprovalPolicyEntity>;

/** The question whether a draft may be posted. */
export const ApprovalRequestEntity = defineEntity({
  name: 'ApprovalRequest',
  tableName: 'approval_request',
  properties: {
    id: p.text().primary(),
    bookId: p.text(),
    draftId: p.text(),
    policyId: p.text().nullable(),
    status: p.text(),
    totalMinor: p.bigint('bigint'),
    totalCurrency: p.text(),
    summary: p.text(),
    submitters: p.array(),
    submittedBy: p.text().nullable(),
    level: p.integer(),
    levels: p.integer(),
    fourEyes: p.boolean(),
    reason: p.text(),
    version: p.integer(),
    requestedAt: p.datetime(),
    dueAt: p.datetime(),
    decidedAt: p.datetime().nullable(),
  },
});
export type ApprovalRequest = InferEntity<typeof ApprovalRequestEntity>;

/** What one person decided at one level. */
export const ApprovalDecisionEntity = defineEntity({
  name: 'ApprovalDecision',
  tableName: 'approval_decision',
  properties: {
    id: p.text().primary(),
    requestId: p.text(),
    version: p.integer(),
    level: p.integer(),
    verdict: p.text(),
    comment: p.text().nullable(),
    memberId: p.text(),
    decidedAt: p.datetime(),
  },
});
export type ApprovalDecision = InferEntity<typeof ApprovalDecisionEntity>;
