import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { setConnectionStatus } from './connection-status.ts';
import { lease, lockRunning } from './run-lease.ts';

const outcome = z.object({
  itemId: id(),
  result: z.enum(['pushed', 'already-there', 'refused']),
  externalId: z.string().optional(),
  problem: z.string().optional(),
});

/** What became of one item, as the accounting system answered. */
export type RecordedOutcome = z.output<typeof outcome>;

/** Records what an accounting system answered for a batch and renews the lease of the run. */
export const recordPushOutcomes = command({
  name: 'recordPushOutcomes',
  description: 'Records what an accounting system answered for a batch.',
  scope: 'platform:internal',
  input: z.object({ runId: id(), outcomes: z.array(outcome).min(1) }),
  async run(transaction, { runId, outcomes }) {
    const { run, connection } = await lockRunning(transaction, runId);
    await transaction.query(
      `update sync.sync_item item
          set status = case when o.problem is null then 'PUSHED' else 'FAILED' end, external_id = o.external_id,
              problem = o.problem, attempts = attempts + 1,
              pushed_at = case when o.problem is null then $2::timestamptz end
         from unnest($3::text[], $4::text[], $5::text[]) as o(item_id, external_id, problem)
        where item.id = o.item_id and item.run_id = $1 and item.status = 'PENDING'`,
      [
        runId,
        transaction.now,
        outcomes.map((one) => one.itemId),
        outcomes.map((one) => one.externalId ?? null),
        outcomes.map((one) => one.problem ?? null),
      ],
    );
    const count = (result: RecordedOutcome['result']) =>
      outcomes.filter((one) => one.result === result).length;
    await transaction.query(
      `update sync.sync_run set pushed = pushed + $2, skipped = skipped + $3, failed = failed + $4,
              leased_until = now() + interval '${lease}' where id = $1`,
      [runId, count('pushed'), count('already-there'), count('refused')],
    );
    if (connection.status === 'FAILING') await setConnectionStatus(transaction, connection, 'ACTIVE');
    transaction.emit({
      type: 'syncRun.progressed',
      subjectId: run.id,
      bookId: connection.book_id,
      facts: { connectionId: connection.id },
    });
    transaction.audit({
      subjectType: 'SyncRun',
      subjectId: run.id,
      after: {
        pushed: count('pushed'),
        alreadyThere: count('already-there'),
        refused: outcomes.filter((one) => one.result === 'refused').map((one) => one.problem),
      },
    });
    return { paused: connection.status === 'PAUSED' };
  },
});
