import type pg from 'pg';
import type { StoredEntry } from './ledger-entry.ts';

const batchSize = 200;

/** One item of a batch with its entry. */
export interface BatchRow extends StoredEntry {
  readonly id: string;
}

/** The next items of a run, in the order of posting. */
export function readBatch(pool: pg.Pool, organisationId: string, runId: string): Promise<BatchRow[]> {
  return readAs<BatchRow>(pool, organisationId, {
    text: `select i.id, i.entry_id, e.number, e.posted_on, e.description, e.lines, e.fields
             from sync.sync_item i
             join sync.posted_entry e on e.organisation_id = i.organisation_id and e.id = i.entry_id
            where i.run_id = $1 and i.status = 'PENDING' order by i.position limit ${batchSize}`,
    values: [runId],
  });
}

/** Where a connection pushes to, and whether there is something to do. */
export interface TargetRow {
  readonly kind: string;
  readonly target: string;
  readonly waiting: boolean;
}

/** Looks before a run is opened, because a run that finds nothing to do would leave traces for nothing. */
export async function readTarget(
  pool: pg.Pool,
  key: { readonly organisationId: string; readonly connectionId: string },
): Promise<TargetRow | undefined> {
  const rows = await readAs<TargetRow>(pool, key.organisationId, {
    text: `select kind, target,
                  exists (select 1 from sync.sync_run r where r.connection_id = c.id and (
                    (r.status = 'QUEUED' and c.status <> 'PAUSED' and coalesce(c.next_attempt_at <= now(), true))
                    or (r.status = 'RUNNING' and r.leased_until <= now()))) as waiting
             from sync.connection c where c.id = $1`,
    values: [key.connectionId],
  });
  return rows[0];
}

/** Reads on behalf of an organisation, whose rows alone are seen. */
async function readAs<Row extends object>(
  pool: pg.Pool,
  organisationId: string,
  query: { readonly text: string; readonly values: readonly unknown[] },
): Promise<Row[]> {
  const client = await pool.connect();
  try {
    const [, , answer] = await Promise.all([
      client.query('begin read only'),
      client.query("select set_config('crossfoot.organisation', $1, true)", [organisationId]),
      client.query<Row>(query.text, [...query.values]),
      client.query('commit'),
    ]);
    client.release();
    return answer.rows;
  } catch (error) {
    client.release(true);
    throw error;
  }
}
