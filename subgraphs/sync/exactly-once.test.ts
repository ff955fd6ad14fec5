import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { systemActor } from '#kernel/actor';
import { createPorts, provide } from '#kernel/ports';
import { accountingSystems, type AccountingSystems } from '#connectors/ports';
import { entriesIn, openSyncBench, type SyncBench } from '../../test/support/sync-bench.ts';
import { drainConnection } from './drain-connection.ts';
import { ledgerEntryOf } from './ledger-entry.ts';
import { openSyncRun } from './open-sync-run.ts';
import { pauseConnection } from './pause-connection.ts';
import { readBatch } from './read-batch.ts';
import { recordPushOutcomes } from './record-push-outcomes.ts';
import { resumeConnection } from './resume-connection.ts';
import { sync } from './subgraph.ts';

let on: SyncBench;
beforeAll(async () => {
  on = await openSyncBench({ ...sync, jobs: [] });
});
afterAll(() => on.bench.close());

/** Opens a run as the drain does, and pushes its batch without recording what came of it: a crash in between. */
async function pushWithoutRecording(connectionId: string): Promise<string> {
  const actor = systemActor('sync', on.organisationId);
  const opened = await on.bench.door('sync').run(openSyncRun, { connectionId }, { actor });
  const runId = opened.result!.runId!;
  const batch = await readBatch(on.context.pool, on.organisationId, runId);
  const { target } = await on.show(connectionId);
  const system = on.bench.services.port(accountingSystems).open('HLEDGER_JOURNAL', target);
  await system.pushJournalEntries(batch.map(ledgerEntryOf));
  return runId;
}

const endLease = (runId: string) =>
  on.bench.owner.query("update sync.sync_run set leased_until = now() - interval '1 second' where id = $1", [
    runId,
  ]);

test('a connection made later gets what was posted before', async () => {
  const bookId = await on.openBook();
  const before = [await on.post(bookId), await on.post(bookId)];
  await on.bench.settle();
  const connectionId = await on.connect(bookId);
  const after = await on.post(bookId);
  await on.bench.settle();
  await on.drain(connectionId);
  expect(entriesIn((await on.show(connectionId)).target)).toEqual([...before, after]);
});

test('every entry posted while a system is being connected is queued once', async () => {
  const bookId = await on.openBook();
  const posted: Promise<string>[] = [];
  for (let index = 0; index < 20; index += 1) posted.push(on.post(bookId));
  const [one, two] = await Promise.all([on.connect(bookId, 'One'), on.connect(bookId, 'Two')]);
  const entries = (await Promise.all(posted)).toSorted();
  await on.bench.settle();
  await Promise.all([on.drain(one), on.drain(two)]);
  expect(entriesIn((await on.show(one)).target).toSorted()).toEqual(entries);
  expect(entriesIn((await on.show(two)).target).toSorted()).toEqual(entries);
});

test('two drains at once push once', async () => {
  const bookId = await on.openBook();
  const connectionId = await on.connect(bookId);
  const entries = [];
  for (let index = 0; index < 5; index += 1) entries.push(await on.post(bookId));
  await on.bench.settle();
  await Promise.all([on.drain(connectionId), on.drain(connectionId), on.drain(connectionId)]);
  const shown = await on.show(connectionId);
  expect(shown).toMatchObject({ pushed: 5, pending: 0, lastRun: { pushed: 5, skipped: 0 } });
  expect(entriesIn(shown.target)).toEqual(entries);
});

test('a crash between the push and its record doubles nothing', async () => {
  const bookId = await on.openBook();
  const connectionId = await on.connect(bookId);
  const entries = [await on.post(bookId), await on.post(bookId)];
  await on.bench.settle();
  const runId = await pushWithoutRecording(connectionId);

  await on.drain(connectionId);
  expect(await on.show(connectionId)).toMatchObject({ pending: 2, lastRun: { status: 'RUNNING' } });
  expect(await on.due()).not.toContain(connectionId);

  await endLease(runId);
  expect(await on.due()).toContain(connectionId);
  const late = await on.post(bookId);
  await on.bench.settle();
  await on.drain(connectionId);
  const shown = await on.show(connectionId);
  expect(shown).toMatchObject({ pending: 0, pushed: 3 });
  expect(shown.lastRun).toMatchObject({ status: 'SUCCEEDED', total: 3, pushed: 1, skipped: 2 });
  expect(entriesIn(shown.target)).toEqual([...entries, late]);
});

test('who comes back after the lease ran out may record nothing any more', async () => {
  const bookId = await on.openBook();
  const connectionId = await on.connect(bookId);
  await on.post(bookId);
  await on.bench.settle();
  const runId = await pushWithoutRecording(connectionId);
  const [row] = await readBatch(on.context.pool, on.organisationId, runId);
  await endLease(runId);
  await on.drain(connectionId);
  const outcomes = [{ itemId: row!.id, result: 'refused', problem: 'late' }];
  const actor = systemActor('sync', on.organisationId);
  const late = await on.bench.door('sync').run(recordPushOutcomes, { runId, outcomes }, { actor });
  expect(late.errors.map((error) => error.code)).toEqual(['STATE_CONFLICT']);
  expect(await on.show(connectionId)).toMatchObject({ pushed: 1, failed: 0 });
});

test('a pause in the middle of a run stops it after the batch under way', async () => {
  const bookId = await on.openBook();
  const connectionId = await on.connect(bookId);
  for (let index = 0; index < 201; index += 1) await on.post(bookId);
  await on.bench.settle();
  let batches = 0;
  const real = on.bench.services.port(accountingSystems);
  const pausing: AccountingSystems = {
    kinds: real.kinds,
    open: (kind, target) => ({
      ...real.open(kind, target),
      pushJournalEntries: async (entries) => {
        batches += 1;
        await on.bench.door('sync').run(pauseConnection, { connectionId });
        return real.open(kind, target).pushJournalEntries(entries);
      },
    }),
  };
  const services = { ...on.context.services, port: createPorts([provide(accountingSystems, pausing)]) };
  await drainConnection({ ...on.context, services }, { organisationId: on.organisationId, connectionId });
  expect(batches).toBe(1);
  expect(await on.show(connectionId)).toMatchObject({
    status: 'PAUSED',
    pushed: 200,
    pending: 1,
    lastRun: { status: 'SUCCEEDED', total: 200, pushed: 200 },
  });
  await on.bench.door('sync').run(resumeConnection, { connectionId });
  await on.drain(connectionId);
  expect(await on.show(connectionId)).toMatchObject({ pushed: 201, pending: 0, lastRun: { total: 1 } });
});

test('with its jobs at work, a posted entry reaches the file without anybody asking', async () => {
  const live = await openSyncBench(sync);
  try {
    const bookId = await live.openBook();
    const connectionId = await live.connect(bookId);
    const entries = [await live.post(bookId), await live.post(bookId)];
    await vi.waitFor(
      async () =>
        expect(await live.show(connectionId)).toMatchObject({ pushed: 2, lastRun: { status: 'SUCCEEDED' } }),
      { timeout: 30_000, interval: 20 },
    );
    expect(entriesIn((await live.show(connectionId)).target)).toEqual(entries);
  } finally {
    await live.bench.close();
  }
});

test('the sweep wakes the drain of what no wake-up reached, once it waits', async () => {
  const sweep = sync.jobs.find((job) => job.name === 'sync.sweep')!;
  const woken: Record<string, string>[] = [];
  const services = {
    ...on.context.services,
    wake: async (_job: string, data: Record<string, string>) => void woken.push(data),
  };
  const connectionId = await on.connect(await on.openBook());
  const mine = () => woken.filter((data) => data['connectionId'] === connectionId);
  await sweep.run({}, { ...on.context, services });
  expect(mine()).toEqual([]);
  const bookId = await on.openBook();
  const waiting = await on.connect(bookId);
  await on.post(bookId);
  await on.bench.settle();
  await sweep.run({}, { ...on.context, services });
  expect(woken).toContainEqual({ organisationId: on.organisationId, connectionId: waiting });
});
