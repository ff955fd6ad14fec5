import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** What one command did, sealed; all but its place in the chain is read from the text of the record. */
export const AuditRecordEntity = defineEntity({
  name: 'AuditRecord',
  tableName: 'record',
  properties: {
    id: p.text().primary(),
    sequence: p.bigint('number'),
    command: p.text(),
    subjectId: p.text(),
    record: p.text(),
    previousHash: p.text(),
    hash: p.text(),
  },
});
export type AuditRecord = InferEntity<typeof AuditRecordEntity>;
