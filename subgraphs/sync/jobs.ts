import type { Job } from '#kernel/subgraph';
import { drainConnection } from './drain-connection.ts';

/** Woken for one connection after every command that leaves something to push. */
const drain: Job = {
  name: 'sync.drain',
  concurrency: 4,
  async run({ organisationId, connectionId }, context) {
    if (organisationId && connectionId) await drainConnection(context, { organisationId, connectionId });
  },
};

/** Finds what no wake-up reached: after a crash, a lost wake-up, or the pause of a failing connection. */
const sweep: Job = {
  name: 'sync.sweep',
  schedule: '* * * * *',
  atStart: true,
  async run(_data, { pool, services }) {
    const due = await pool.query<{ organisation_id: string; connection_id: string }>(
      'select organisation_id, connection_id from sync.due_connections()',
    );
    for (const { organisation_id: organisationId, connection_id: connectionId } of due.rows) {
      await services.wake(drain.name, { organisationId, connectionId });
    }
  },
};

/** The background work of sync. */
export const jobs: readonly Job[] = [drain, sweep];
