import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { id } from '#kernel/input';
import { noteFailure } from './connection-status.ts';
import { queueRun } from './queue-items.ts';
import { endRun, lockRunning, type RunEnd, type RunRow } from './run-lease.ts';

/** Ends a run; what it did not get to is queued again. */
export const finishSyncRun = command({
  name: 'finishSyncRun',
  description: 'Ends a run; what it did not get to is queued again.',
  scope: 'platform:internal',
  input: z.object({
    runId: id(),
    failure: z
      .object({ problem: z.string(), itemIds: z.array(id()) })
      .optional()
      .meta({ description: 'Why the target could not be reached, and what was being pushed then.' }),
  }),
  async run(transaction, { runId, failure }) {
    const { run, connection } = await lockRunning(transaction, runId);
    if (failure) {
      await transaction.query(
        `update sync.sync_item set attempts = attempts + 1, problem = $3
          where run_id = $1 and id = any ($2) and status = 'PENDING'`,
        [runId, failure.itemIds, failure.problem],
      );
      await noteFailure(transaction, connection);
    }
    const end = failure
      ? { status: 'FAILED' as const, total: run.total, problem: failure.problem }
      : await endOf(transaction, run);
    await endRun(transaction, { id: runId, connection }, end);
    await queueRun(transaction, connection, run.total - doneOf(run));
    return { status: end.status };
  },
});

/** A run that was stopped by a pause has done what it counts; refused entries make it a failed one. */
async function endOf(transaction: Transaction, run: RunRow): Promise<RunEnd> {
  const total = doneOf(run);
  if (run.failed === 0) return { status: 'SUCCEEDED', total, problem: null };
  const first = await transaction.require<{ problem: string }>(
    `The run ${run.id} has no refused item`,
    `select problem from sync.sync_item where run_id = $1 and status = 'FAILED' order by position limit 1`,
    [run.id],
  );
  const problem = run.failed === 1 ? first.problem : `${run.failed} entries were refused. ${first.problem}`;
  return { status: 'FAILED', total, problem };
}

function doneOf(run: RunRow): number {
  return run.pushed + run.skipped + run.failed;
}
