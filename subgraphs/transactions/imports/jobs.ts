import type pg from 'pg';
import type { Job } from '#kernel/subgraph';
import { importJobName } from './import-job-name.ts';
import { runImport } from './run-import.ts';

/** Woken for one import whenever there is something to do for it. */
const work: Job = {
  name: importJobName,
  concurrency: 2,
  async run({ organisationId, importId }, context) {
    if (!organisationId || !importId) return;
    const left = await alone(context.pool, importId, () => runImport(context, { organisationId, importId }));
    if (left) await context.services.wake(importJobName, { organisationId, importId });
  },
};

/** Finds what no wake-up reached: after a crash, or a wake-up that was lost. */
const sweep: Job = {
  name: 'transactions.sweep-imports',
  schedule: '* * * * *',
  atStart: true,
  async run(_data, { pool, services }) {
    const waiting = await pool.query<{ organisation_id: string; import_id: string }>(
      'select organisation_id, import_id from transactions.waiting_imports()',
    );
    for (const { organisation_id: organisationId, import_id: importId } of waiting.rows)
      await services.wake(importJobName, { organisationId, importId });
  },
};

/** The background work of imports. */
export const importJobs: readonly Job[] = [work, sweep];

/**
 * Lets one worker at a time have an import. The lock ends with the connection, so that a killed worker holds nothing;
 * it only saves work, for whoever comes second finds the progress of the first and does nothing.
 */
async function alone(pool: pg.Pool, importId: string, work: () => Promise<boolean>): Promise<boolean> {
  const client = await pool.connect();
  let locked = false;
  try {
    const { rows } = await client.query<{ locked: boolean }>(
      'select pg_try_advisory_lock(hashtextextended($1, 0)) as locked',
      [importId],
    );
    locked = rows[0]?.locked ?? false;
    return locked && (await work());
  } finally {
    // Given back with its lock, the connection would keep it for ever; an ended one cannot.
    if (locked)
      await client
        .query('select pg_advisory_unlock(hashtextextended($1, 0))', [importId])
        .catch(() => undefined);
    client.release();
  }
}
