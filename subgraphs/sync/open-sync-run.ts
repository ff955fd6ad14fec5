import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { id } from '#kernel/input';
import { lockConnection, type ConnectionRow } from './connection-status.ts';
import { queueRun } from './queue-items.ts';
import { endRun, lease } from './run-lease.ts';

/** As many items as one run takes; what is beyond waits for the next. */
const mostItems = 20_000;

/**
 * Turns the queued run of a connection into the running one, with all that waits. Answers no run when nothing waits,
 * another run is at work, the connection is paused or its pause after a failure is not over.
 */
export const openSyncRun = command({
  name: 'openSyncRun',
  description: 'Turns the queued run of a connection into the running one.',
  scope: 'platform:internal',
  input: z.object({ connectionId: id() }),
  async run(transaction, { connectionId }) {
    const connection = await lockConnection(transaction, connectionId);
    if (!(await endAbandoned(transaction, connection))) return { runId: null };
    if (connection.status === 'PAUSED' || !connection.due) return { runId: null };
    const [run] = await transaction.query<{ id: string }>(
      `update sync.sync_run set status = 'RUNNING', started_at = $2, leased_until = now() + interval '${lease}'
        where connection_id = $1 and status = 'QUEUED' returning id`,
      [connectionId, transaction.now],
    );
    if (!run) return { runId: null };
    const total = await takeItems(transaction, connection, run.id);
    transaction.emit({
      type: 'syncRun.started',
      subjectId: run.id,
      bookId: connection.book_id,
      facts: { connectionId },
    });
    transaction.audit({ subjectType: 'SyncRun', subjectId: run.id, after: { connectionId, total } });
    return { runId: run.id };
  },
});

/** Ends a run whose process fell silent; answers false while another run is alive. */
async function endAbandoned(transaction: Transaction, connection: ConnectionRow): Promise<boolean> {
  const run = await transaction.maybe<{ id: string; total: number; done: number; alive: boolean }>(
    `select id, total, pushed + skipped + failed as done, leased_until > now() as alive
       from sync.sync_run where connection_id = $1 and status = 'RUNNING'`,
    [connection.id],
  );
  if (!run) return true;
  if (run.alive) return false;
  await endRun(
    transaction,
    { id: run.id, connection },
    {
      status: 'FAILED',
      total: run.total,
      problem: 'The process that did it ended; what was left is pushed again',
    },
  );
  await queueRun(transaction, connection, run.total - run.done);
  return true;
}

async function takeItems(
  transaction: Transaction,
  connection: ConnectionRow,
  runId: string,
): Promise<number> {
  const counted = await transaction.require<{ taken: number; left: number }>(
    'Counting answers a row',
    `with taken as (
       update sync.sync_item item set run_id = $2
         from (select id from sync.sync_item where connection_id = $1 and status = 'PENDING'
                order by position limit ${mostItems}) next
        where item.id = next.id returning 1)
     select (select count(*) from taken)::int as taken,
            (select count(*) from sync.sync_item where connection_id = $1 and status = 'PENDING')::int
              - (select count(*) from taken)::int as left`,
    [connection.id, runId],
  );
  await transaction.query('update sync.sync_run set total = $2 where id = $1', [runId, counted.taken]);
  await queueRun(transaction, connection, counted.left);
  return counted.taken;
}
