import { defineEntity, p, type EntitySchema, type InferEntity } from '@mikro-orm/core';
import type { ImportSettings } from './import-kinds.ts';

/** A file of rows on its way into the books. */
export const ImportEntity = defineEntity({
  name: 'Import',
  tableName: 'import',
  properties: {
    id: p.text().primary(),
    organisationId: p.text(),
    bookId: p.text(),
    kind: p.text(),
    status: p.text(),
    fileId: p.text(),
    settings: p.json<ImportSettings>(),
    bytesTotal: p.bigint('bigint'),
    bytesRead: p.bigint('bigint'),
    rowsRead: p.integer(),
    rowsApplied: p.integer(),
    rowsRefused: p.integer(),
    recordsMade: p.integer(),
    recordsKnown: p.integer(),
    problemCount: p.integer(),
    problemCode: p.text().nullable(),
    problemMessage: p.text().nullable(),
    errorFileId: p.text().nullable(),
    startedBy: p.text().nullable(),
    startedAt: p.datetime(),
    finishedAt: p.datetime().nullable(),
  },
});
export type Import = InferEntity<typeof ImportEntity>;

/** What the ORM knows of this stage. */
export const importEntities: readonly EntitySchema[] = [ImportEntity];
