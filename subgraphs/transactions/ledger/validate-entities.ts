import { defineEntity, p, type EntitySchema, type InferEntity } from '@mikro-orm/core';
import type { EvidenceRow } from './validate-invariant.ts';

/** A place where the books part from what must hold. */
export const ValidationFindingEntity = defineEntity({
  name: 'ValidationFinding',
  tableName: 'validation_finding',
  properties: {
    id: p.text().primary(),
    bookId: p.text(),
    invariant: p.text(),
    severity: p.text(),
    status: p.text(),
    subjectType: p.text(),
    subjectId: p.text(),
    detail: p.text(),
    expected: p.text(),
    found: p.text(),
    differenceMinor: p.bigint('bigint').nullable(),
    differenceCurrency: p.text().nullable(),
    evidence: p.json<EvidenceRow[]>(),
    openedAt: p.datetime(),
    seenAt: p.datetime(),
    resolvedAt: p.datetime().nullable(),
  },
});
export type ValidationFinding = InferEntity<typeof ValidationFindingEntity>;

/** What the ORM knows of the continuous validation. */
export const validationEntities: readonly EntitySchema[] = [ValidationFindingEntity];
