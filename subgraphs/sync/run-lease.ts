import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { lockConnection, type ConnectionRow } from './connection-status.ts';

/**
 * How long a run may be silent before another may take its place; as PostgreSQL writes intervals. A batch takes far
 * less; every batch renews it.
 */
export const lease = '30 seconds';

/** A run as commands lock it. */
export interface RunRow {
  readonly id: string;
  readonly connection_id: string;
  readonly total: number;
  readonly pushed: number;
  readonly skipped: number;
  readonly failed: number;
}

/**
 * Locks a run and its connection; throws STATE_CONFLICT unless the run is still the running one. The id of the run is
 * its fence: who was silent for too long finds the run ended and may record nothing any more.
 */
export async function lockRunning(
  transaction: Transaction,
  runId: string,
): Promise<{ run: RunRow; connection: ConnectionRow }> {
  const { connection_id: connectionId } = await transaction.require<{ connection_id: string }>(
    `There is no run ${runId}`,
    'select connection_id from sync.sync_run where id = $1',
    [runId],
  );
  const connection = await lockConnection(transaction, connectionId);
  const run = await transaction.maybe<RunRow>(
    `select id, connection_id, total, pushed, skipped, failed from sync.sync_run
      where id = $1 and status = 'RUNNING' for no key update`,
    [runId],
  );
  if (!run) throw new CrossfootError('STATE_CONFLICT', `The run ${runId} is not running any more`);
  return { run, connection };
}

/** What became of a run. */
export interface RunEnd {
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly total: number;
  readonly problem: string | null;
}

/** Ends a running run. */
export async function endRun(
  transaction: Transaction,
  run: { readonly id: string; readonly connection: ConnectionRow },
  end: RunEnd,
): Promise<void> {
  await transaction.query(
    `update sync.sync_run set status = $2, total = $3, problem = $4, finished_at = $5, leased_until = null
      where id = $1 and status = 'RUNNING'`,
    [run.id, end.status, end.total, end.problem, transaction.now],
  );
  const { id: connectionId, book_id: bookId } = run.connection;
  transaction.emit({
    type: 'syncRun.finished',
    subjectId: run.id,
    bookId,
    facts: { connectionId, status: end.status },
  });
  transaction.audit({ subjectType: 'SyncRun', subjectId: run.id, after: { connectionId, ...end } });
}
