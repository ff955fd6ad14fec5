import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** A book's way to an accounting system. */
export const ConnectionEntity = defineEntity({
  name: 'Connection',
  tableName: 'connection',
  properties: {
    id: p.text().primary(),
    bookId: p.text(),
    kind: p.text(),
    name: p.text(),
    target: p.text(),
    status: p.text(),
    createdAt: p.datetime(),
  },
});
export type Connection = InferEntity<typeof ConnectionEntity>;

/** One go at pushing what waits. */
export const SyncRunEntity = defineEntity({
  name: 'SyncRun',
  tableName: 'sync_run',
  properties: {
    id: p.text().primary(),
    connectionId: p.text(),
    status: p.text(),
    total: p.integer(),
    pushed: p.integer(),
    skipped: p.integer(),
    failed: p.integer(),
    startedAt: p.datetime().nullable(),
    finishedAt: p.datetime().nullable(),
    problem: p.text().nullable(),
  },
});
export type SyncRun = InferEntity<typeof SyncRunEntity>;

/** One entry on its way through one connection. */
export const SyncItemEntity = defineEntity({
  name: 'SyncItem',
  tableName: 'sync_item',
  properties: {
    id: p.text().primary(),
    connectionId: p.text(),
    entryId: p.text(),
    status: p.text(),
    externalId: p.text().nullable(),
    attempts: p.integer(),
    problem: p.text().nullable(),
    runId: p.text().nullable(),
    pushedAt: p.datetime().nullable(),
  },
});
export type SyncItem = InferEntity<typeof SyncItemEntity>;
