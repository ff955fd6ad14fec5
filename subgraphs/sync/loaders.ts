import { byBatch, byId, byParent } from '#kernel/loaders';
import { ConnectionEntity, SyncItemEntity, SyncRunEntity, type SyncRun } from './entities.ts';

export const connectionById = byId(ConnectionEntity);
export const runById = byId(SyncRunEntity);
export const itemsByEntry = byParent(SyncItemEntity, 'entryId', { id: 'asc' });

/** How many items of a connection stand how. */
export interface ItemCounts {
  readonly pending: number;
  readonly pushed: number;
  readonly failed: number;
}

export const countsByConnection = byBatch<ItemCounts>(async (ids, context) => {
  const rows = await context.sql<{ connection_id: string; status: string; items: number }>(
    `select connection_id, status, count(*)::int as items from sync.sync_item
      where connection_id = any ($1) group by connection_id, status`,
    [ids],
  );
  const countOf = (id: string, status: string): number =>
    rows.find((row) => row.connection_id === id && row.status === status)?.items ?? 0;
  return ids.map((id) => ({
    pending: countOf(id, 'PENDING'),
    pushed: countOf(id, 'PUSHED'),
    failed: countOf(id, 'FAILED'),
  }));
});

/** The last run of a connection that has begun; a queued one has told nothing yet. */
export const lastRunByConnection = byBatch<SyncRun | null>(async (ids, context) => {
  const rows = await context.sql<{ connection_id: string; run_id: string | null }>(
    `select c.id as connection_id,
            (select r.id from sync.sync_run r where r.connection_id = c.id and r.status <> 'QUEUED'
              order by r.id desc limit 1) as run_id
       from unnest($1::text[]) as c(id)`,
    [ids],
  );
  const runs = new Map(rows.map((row) => [row.connection_id, row.run_id]));
  return Promise.all(
    ids.map(async (id) => {
      const runId = runs.get(id);
      return runId ? runById(context).load(runId) : null;
    }),
  );
});
