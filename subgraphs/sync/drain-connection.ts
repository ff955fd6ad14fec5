import { systemActor } from '#kernel/actor';
import type { Command, CommandResult } from '#kernel/command';
import type { CommandOutcome } from '#kernel/command-door';
import { CrossfootError } from '#kernel/errors';
import type { JobContext } from '#kernel/subgraph';
import { accountingSystems, type AccountingSystem, type PushOutcome } from '#connectors/ports';
import { absoluteTarget } from './connect-system.ts';
import { finishSyncRun } from './finish-sync-run.ts';
import { openSyncRun } from './open-sync-run.ts';
import { readBatch, readTarget, type BatchRow } from './read-batch.ts';
import { ledgerEntryOf } from './ledger-entry.ts';
import { recordPushOutcomes, type RecordedOutcome } from './record-push-outcomes.ts';

/** A connection of an organisation. */
export interface ConnectionKey {
  readonly organisationId: string;
  readonly connectionId: string;
}

/**
 * Pushes what waits for a connection, run after run, until nothing waits. The push itself stands between two commands,
 * outside every transaction: what a crash leaves unrecorded is pushed again, and the connector answers that it is there.
 */
export async function drainConnection(context: JobContext, key: ConnectionKey): Promise<void> {
  for (;;) {
    const target = await readTarget(context.pool, key);
    if (!target?.waiting) return;
    const opened = await run(context, key, openSyncRun, { connectionId: key.connectionId });
    if (!opened.result?.runId) return;
    await pushRun(context, key, {
      runId: opened.result.runId,
      system: () =>
        context.services
          .port(accountingSystems)
          .open(target.kind, absoluteTarget(context.services, target.target)),
    });
  }
}

interface Run {
  readonly runId: string;
  readonly system: () => AccountingSystem;
}

async function pushRun(context: JobContext, key: ConnectionKey, { runId, system }: Run): Promise<void> {
  for (;;) {
    const batch = await readBatch(context.pool, key.organisationId, runId);
    if (batch.length === 0) break;
    const pushed = await push(batch, system);
    if ('problem' in pushed) {
      context.services.log.warn(
        { ...key, problem: pushed.problem },
        'a push failed and is tried again later',
      );
      const failure = { problem: pushed.problem, itemIds: batch.map((row) => row.id) };
      await run(context, key, finishSyncRun, { runId, failure });
      return;
    }
    const recorded = await run(context, key, recordPushOutcomes, { runId, outcomes: pushed.outcomes });
    // Without a result the run has been ended by another: what was pushed is found by whoever goes on with it.
    if (!recorded.result) return;
    if (recorded.result.paused) break;
  }
  await run(context, key, finishSyncRun, { runId });
}

async function push(
  batch: readonly BatchRow[],
  system: () => AccountingSystem,
): Promise<{ outcomes: RecordedOutcome[] } | { problem: string }> {
  try {
    const outcomes = await system().pushJournalEntries(batch.map(ledgerEntryOf));
    if (outcomes.length !== batch.length) throw new Error('The connector did not answer for every entry');
    return { outcomes: outcomes.map((outcome, index) => recordOf(batch[index]?.id ?? '', outcome)) };
  } catch (error) {
    if (error instanceof CrossfootError) return { problem: error.message };
    return { problem: error instanceof Error ? `The push failed: ${error.message}` : 'The push failed' };
  }
}

function recordOf(itemId: string, outcome: PushOutcome): RecordedOutcome {
  return outcome.result === 'refused'
    ? { itemId, result: 'refused', problem: outcome.message }
    : { itemId, result: outcome.result, externalId: outcome.externalId };
}

function run<Input, Result extends CommandResult>(
  context: JobContext,
  key: ConnectionKey,
  ...[command, input]: [Command<Input, Result>, unknown]
): Promise<CommandOutcome<Result>> {
  return context.door.run(command, input, { actor: systemActor('sync', key.organisationId) });
}
