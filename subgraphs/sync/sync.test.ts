import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { systemActor } from '#kernel/actor';
import { calendarDate } from '#kernel/calendar';
import { command } from '#kernel/command';
import { newId } from '#kernel/ids';
import { createPorts, provide } from '#kernel/ports';
import type { JobContext } from '#kernel/subgraph';
import { accountingSystems, type AccountingSystems } from '#connectors/ports';
import { openWorkbench, type Workbench } from '../../test/support/workbench.ts';
import { connectSystem } from './connect-system.ts';
import { drainConnection } from './drain-connection.ts';
import { ledgerEntryOf } from './ledger-entry.ts';
import { openSyncRun } from './open-sync-run.ts';
import { pauseConnection } from './pause-connection.ts';
import { readBatch } from './read-batch.ts';
import { recordPushOutcomes } from './record-push-outcomes.ts';
import { resumeConnection } from './resume-connection.ts';
import { retrySync } from './retry-sync.ts';
import { sync } from './subgraph.ts';

let bench: Workbench;
/** What the background work gets; the tests do by hand what it does, so that they know when. */
let context: JobContext;
beforeAll(async () => {
  const background = (given: JobContext) => {
    context = given;
    return { stop: async () => undefined };
  };
  bench = await openWorkbench([{ ...sync, jobs: [], background }]);
});
afterAll(() => bench.close());

/** Stands in for access and the ledger: raises what opens a book and posts an entry. */
const raise = command({
  name: 'raise',
  description: 'Raises an event of another subgraph.',
  scope: 'transactions:write',
  input: z.object({
    type: z.enum(['book.opened', 'journalEntry.posted']),
    subjectId: z.string(),
    bookId: z.string(),
    facts: z.any(),
  }),
  async run(transaction, event) {
    transaction.emit(event as Parameters<typeof transaction.emit>[0]);
    return {};
  },
});

async function openBook(): Promise<string> {
  const bookId = newId('bk');
  await bench.run('sync', raise, {
    type: 'book.opened',
    subjectId: bookId,
    bookId,
    facts: { name: 'Main', legalName: 'Main Ltd', country: 'GR', baseCurrency: 'EUR' },
  });
  return bookId;
}

async function post(bookId: string, credit = '1234'): Promise<string> {
  const subjectId = newId('je');
  const line = (accountCode: string, side: string, minor: string) => ({
    accountCode,
    accountName: 'Some: account',
    side,
    money: { minor, currency: 'EUR' },
  });
  const facts = {
    number: `JE-${subjectId.slice(-4)}`,
    kind: 'MANUAL',
    postedOn: calendarDate('2026-05-04'),
    description: 'Invoice 7',
    lines: [line('6000', 'DEBIT', '1234'), line('2000', 'CREDIT', credit)],
  };
  await bench.run('sync', raise, { type: 'journalEntry.posted', subjectId, bookId, facts });
  return subjectId;
}

interface Shown {
  id: string;
  status: string;
  target: string;
  pending: number;
  pushed: number;
  failed: number;
  lastRun: {
    status: string;
    total: number;
    pushed: number;
    skipped: number;
    failed: number;
    problem: string;
  };
}

async function connect(bookId: string, name = 'Ledger'): Promise<string> {
  const outcome = await bench.run('sync', connectSystem, { bookId, kind: 'HLEDGER_JOURNAL', name });
  expect(outcome.errors).toEqual([]);
  return outcome.result!.connectionId;
}

async function show(connectionId: string, actor = bench.actor()): Promise<Shown> {
  const data = await bench.query<{ connection: Shown }>(
    'sync',
    `query ($id: ID!) { connection(id: $id) { id status target pending pushed failed
       lastRun { status total pushed skipped failed problem } } }`,
    { variables: { id: connectionId }, actor },
  );
  return data.connection;
}

function idsIn(path: string): string[] {
  return [...readFileSync(path, 'utf8').matchAll(/; entry:(\w+)$/gm)].map((match) => match[1] ?? '');
}

const organisationId = () => bench.actor().organisationId;
const drain = (connectionId: string) =>
  drainConnection(context, { organisationId: organisationId(), connectionId });

/** What the sweep would wake. */
async function due(): Promise<string[]> {
  const rows = await context.pool.query<{ connection_id: string }>('select * from sync.due_connections()');
  return rows.rows.map((row) => row.connection_id);
}

/** Opens a run as the drain does, and pushes its batch without recording what came of it: a crash in between. */
async function pushWithoutRecording(connectionId: string): Promise<string> {
  const actor = systemActor('sync', organisationId());
  const opened = await bench.run('sync', openSyncRun, { connectionId }, { actor });
  const runId = opened.result!.runId!;
  const batch = await readBatch(context.pool, organisationId(), runId);
  const { target } = await show(connectionId);
  const system = bench.services.port(accountingSystems).open('HLEDGER_JOURNAL', target);
  await system.pushJournalEntries(batch.map(ledgerEntryOf));
  return runId;
}

const endLease = (runId: string) =>
  bench.owner.query("update sync.sync_run set leased_until = now() - interval '1 second' where id = $1", [
    runId,
  ]);

test('posted entries are pushed in the order of posting and counted', async () => {
  const bookId = await openBook();
  const connectionId = await connect(bookId);
  const entries = [await post(bookId), await post(bookId), await post(bookId)];
  await bench.settle();
  expect(await show(connectionId)).toMatchObject({ pending: 3, pushed: 0, lastRun: null });
  expect(await due()).toContain(connectionId);
  await drain(connectionId);
  const shown = await show(connectionId);
  expect(shown).toMatchObject({
    status: 'ACTIVE',
    pending: 0,
    pushed: 3,
    lastRun: { status: 'SUCCEEDED', total: 3, pushed: 3, skipped: 0, failed: 0, problem: null },
  });
  expect(idsIn(shown.target)).toEqual(entries);
  expect(readFileSync(shown.target, 'utf8')).toContain('    2000:Some - account  -12.34 EUR\n');
  expect(await due()).not.toContain(connectionId);
  const told = (await bench.events()).filter(
    (event) => 'connectionId' in event.facts && event.facts.connectionId === connectionId,
  );
  expect(told.map((event) => event.type)).toEqual([
    'syncRun.queued',
    'syncRun.started',
    'syncRun.progressed',
    'syncRun.finished',
  ]);
  expect(new Set(told.map((event) => event.subjectId)).size).toBe(1);
});

test('a run and an entry tell where each item stands', async () => {
  const bookId = await openBook();
  const connectionId = await connect(bookId);
  const entryId = await post(bookId);
  await bench.settle();
  await drain(connectionId);
  const item = { status: 'PUSHED', externalId: `entry:${entryId}`, attempts: 1, problem: null };
  const runs = await bench.query<{ syncRuns: { edges: { node: object }[] } }>(
    'sync',
    `query ($id: ID!) { syncRuns(connectionId: $id) { edges { node { status connection { id }
       items { totalCount edges { node { journalEntry { id } status externalId attempts problem } } } } } } }`,
    { variables: { id: connectionId } },
  );
  expect(runs.syncRuns.edges).toEqual([
    {
      node: {
        status: 'SUCCEEDED',
        connection: { id: connectionId },
        items: { totalCount: 1, edges: [{ node: { journalEntry: { id: entryId }, ...item } }] },
      },
    },
  ]);
  const entries = await bench.query<{ _entities: object[] }>(
    'sync',
    `query ($id: ID!) { _entities(representations: [{ __typename: "JournalEntry", id: $id }]) { ... on JournalEntry {
       syncItems { connection { id } status externalId attempts problem } } } }`,
    { variables: { id: entryId } },
  );
  expect(entries._entities).toEqual([{ syncItems: [{ connection: { id: connectionId }, ...item }] }]);
});

test('a connection made later gets what was posted before', async () => {
  const bookId = await openBook();
  const before = [await post(bookId), await post(bookId)];
  await bench.settle();
  const connectionId = await connect(bookId);
  const after = await post(bookId);
  await bench.settle();
  await drain(connectionId);
  expect(idsIn((await show(connectionId)).target)).toEqual([...before, after]);
});

test('every entry posted while a system is being connected is queued once', async () => {
  const bookId = await openBook();
  const posted: Promise<string>[] = [];
  for (let index = 0; index < 20; index += 1) posted.push(post(bookId));
  const [one, two] = await Promise.all([connect(bookId, 'One'), connect(bookId, 'Two')]);
  const entries = (await Promise.all(posted)).toSorted();
  await bench.settle();
  await Promise.all([drain(one), drain(two)]);
  expect(idsIn((await show(one)).target).toSorted()).toEqual(entries);
  expect(idsIn((await show(two)).target).toSorted()).toEqual(entries);
});

test('two drains at once push once', async () => {
  const bookId = await openBook();
  const connectionId = await connect(bookId);
  const entries = [];
  for (let index = 0; index < 5; index += 1) entries.push(await post(bookId));
  await bench.settle();
  await Promise.all([drain(connectionId), drain(connectionId), drain(connectionId)]);
  const shown = await show(connectionId);
  expect(shown).toMatchObject({ pushed: 5, pending: 0, lastRun: { pushed: 5, skipped: 0 } });
  expect(idsIn(shown.target)).toEqual(entries);
});

test('a crash between the push and its record doubles nothing', async () => {
  const bookId = await openBook();
  const connectionId = await connect(bookId);
  const entries = [await post(bookId), await post(bookId)];
  await bench.settle();
  const runId = await pushWithoutRecording(connectionId);

  await drain(connectionId);
  expect(await show(connectionId)).toMatchObject({ pending: 2, lastRun: { status: 'RUNNING' } });
  expect(await due()).not.toContain(connectionId);

  await endLease(runId);
  expect(await due()).toContain(connectionId);
  const late = await post(bookId);
  await bench.settle();
  await drain(connectionId);
  const shown = await show(connectionId);
  expect(shown).toMatchObject({ pending: 0, pushed: 3 });
  expect(shown.lastRun).toMatchObject({ status: 'SUCCEEDED', total: 3, pushed: 1, skipped: 2 });
  expect(idsIn(shown.target)).toEqual([...entries, late]);
});

test('who comes back after the lease ran out may record nothing any more', async () => {
  const bookId = await openBook();
  const connectionId = await connect(bookId);
  await post(bookId);
  await bench.settle();
  const runId = await pushWithoutRecording(connectionId);
  const [row] = await readBatch(context.pool, organisationId(), runId);
  await endLease(runId);
  await drain(connectionId);
  const outcomes = [{ itemId: row!.id, result: 'refused', problem: 'late' }];
  const actor = systemActor('sync', organisationId());
  const late = await bench.run('sync', recordPushOutcomes, { runId, outcomes }, { actor });
  expect(late.errors.map((error) => error.code)).toEqual(['STATE_CONFLICT']);
  expect(await show(connectionId)).toMatchObject({ pushed: 1, failed: 0 });
});

test('a paused connection keeps its queue and pushes it when resumed', async () => {
  const bookId = await openBook();
  const connectionId = await connect(bookId);
  await bench.run('sync', pauseConnection, { connectionId });
  const entryId = await post(bookId);
  await bench.settle();
  await drain(connectionId);
  expect(await show(connectionId)).toMatchObject({ status: 'PAUSED', pending: 1, pushed: 0 });
  expect(await due()).not.toContain(connectionId);
  const retried = await bench.run('sync', retrySync, { connectionId });
  expect(retried.errors.map((error) => error.code)).toEqual(['STATE_CONFLICT']);
  await bench.run('sync', resumeConnection, { connectionId });
  await drain(connectionId);
  const shown = await show(connectionId);
  expect(shown).toMatchObject({ status: 'ACTIVE', pending: 0, pushed: 1 });
  expect(idsIn(shown.target)).toEqual([entryId]);
});

test('a pause in the middle of a run stops it after the batch under way', async () => {
  const bookId = await openBook();
  const connectionId = await connect(bookId);
  for (let index = 0; index < 201; index += 1) await post(bookId);
  await bench.settle();
  let batches = 0;
  const real = bench.services.port(accountingSystems);
  const pausing: AccountingSystems = {
    kinds: real.kinds,
    open: (kind, target) => ({
      ...real.open(kind, target),
      pushJournalEntries: async (entries) => {
        batches += 1;
        await bench.run('sync', pauseConnection, { connectionId });
        return real.open(kind, target).pushJournalEntries(entries);
      },
    }),
  };
  const services = { ...context.services, port: createPorts([provide(accountingSystems, pausing)]) };
  await drainConnection({ ...context, services }, { organisationId: organisationId(), connectionId });
  expect(batches).toBe(1);
  expect(await show(connectionId)).toMatchObject({
    status: 'PAUSED',
    pushed: 200,
    pending: 1,
    lastRun: { status: 'SUCCEEDED', total: 200, pushed: 200 },
  });
  await bench.run('sync', resumeConnection, { connectionId });
  await drain(connectionId);
  expect(await show(connectionId)).toMatchObject({ pushed: 201, pending: 0, lastRun: { total: 1 } });
});

test('a target that cannot be written keeps its entries, rests, and recovers', async () => {
  const bookId = await openBook();
  const connectionId = await connect(bookId);
  const { target } = await show(connectionId);
  mkdirSync(target, { recursive: true });
  const entryId = await post(bookId);
  await bench.settle();
  await drain(connectionId);
  expect(await show(connectionId)).toMatchObject({
    status: 'FAILING',
    pending: 1,
    failed: 0,
    lastRun: { status: 'FAILED', problem: expect.stringContaining('EISDIR') as string },
  });
  await drain(connectionId);
  expect(await attemptsOf(entryId)).toBe(1);
  expect(await due()).not.toContain(connectionId);

  await endPause(connectionId);
  expect(await due()).toContain(connectionId);
  await drain(connectionId);
  expect(await attemptsOf(entryId)).toBe(2);
  expect(await restOf(connectionId)).toBeGreaterThan(20);

  rmSync(target, { recursive: true });
  await endPause(connectionId);
  await drain(connectionId);
  expect(await show(connectionId)).toMatchObject({
    status: 'ACTIVE',
    pending: 0,
    pushed: 1,
    lastRun: { status: 'SUCCEEDED', problem: null },
  });
  expect(idsIn(target)).toEqual([entryId]);
});

test('a person need not wait for the pause of a failing connection', async () => {
  const bookId = await openBook();
  const connectionId = await connect(bookId);
  const { target } = await show(connectionId);
  mkdirSync(target, { recursive: true });
  await post(bookId);
  await bench.settle();
  await drain(connectionId);
  rmSync(target, { recursive: true });
  await bench.run('sync', retrySync, { connectionId });
  await drain(connectionId);
  expect(await show(connectionId)).toMatchObject({ status: 'ACTIVE', pushed: 1 });
});

const endPause = (connectionId: string) =>
  bench.owner.query('update sync.connection set next_attempt_at = now() where id = $1', [connectionId]);

/** Seconds from now until the connection may try again. */
async function restOf(connectionId: string): Promise<number> {
  const rows = await bench.owner.query<{ rest: number }>(
    'select extract(epoch from next_attempt_at - now())::int as rest from sync.connection where id = $1',
    [connectionId],
  );
  return rows.rows[0]!.rest;
}

async function attemptsOf(entryId: string): Promise<number> {
  const rows = await bench.owner.query<{ attempts: number }>(
    'select attempts from sync.sync_item where entry_id = $1',
    [entryId],
  );
  return rows.rows[0]!.attempts;
}

test('an entry the target refuses fails alone, with its reason, until somebody retries', async () => {
  const bookId = await openBook();
  const connectionId = await connect(bookId);
  await post(bookId);
  const bad = await post(bookId, '1233');
  await post(bookId);
  await bench.settle();
  await drain(connectionId);
  const shown = await show(connectionId);
  expect(shown).toMatchObject({ status: 'ACTIVE', pending: 0, pushed: 2, failed: 1 });
  expect(shown.lastRun).toMatchObject({
    status: 'FAILED',
    total: 3,
    failed: 1,
    problem: expect.stringContaining('not to zero') as string,
  });
  await bench.run('sync', retrySync, { connectionId });
  expect(await show(connectionId)).toMatchObject({ pending: 1, failed: 0 });
  await drain(connectionId);
  expect(await show(connectionId)).toMatchObject({ pending: 0, failed: 1, pushed: 2 });
  expect(await attemptsOf(bad)).toBe(2);
});

test('what was pushed can be neither changed nor removed', async () => {
  const bookId = await openBook();
  const connectionId = await connect(bookId);
  const entryId = await post(bookId);
  await bench.settle();
  await drain(connectionId);
  const where = 'where entry_id = $1';
  await expect(
    bench.owner.query(
      `update sync.sync_item set status = 'PENDING', external_id = null, pushed_at = null ${where}`,
      [entryId],
    ),
  ).rejects.toThrow('kept as it is');
  await expect(bench.owner.query(`delete from sync.sync_item ${where}`, [entryId])).rejects.toThrow('kept');
  await expect(bench.owner.query("update sync.posted_entry set number = 'x'")).rejects.toThrow(
    'never changed',
  );
});

test('a connection needs a book that is there and a name of its own', async () => {
  const bookId = await openBook();
  await connect(bookId, 'Ägäis / Ledger');
  const again = await bench.run('sync', connectSystem, {
    bookId,
    kind: 'HLEDGER_JOURNAL',
    name: 'AGAIS ledger!',
  });
  expect(again.errors).toMatchObject([{ code: 'ALREADY_EXISTS', path: ['name'] }]);
  const nowhere = await bench.run('sync', connectSystem, {
    bookId: 'bk_../../x',
    kind: 'HLEDGER_JOURNAL',
    name: 'x',
  });
  expect(nowhere.errors).toMatchObject([{ code: 'NOT_FOUND', path: ['bookId'] }]);
  const elsewhere = await bench.run('sync', connectSystem, { bookId, kind: 'XERO', name: 'x' });
  expect(elsewhere.errors).toMatchObject([{ code: 'FIELD_INVALID', path: ['kind'] }]);
});

test('the file is named after organisation, book and connection', async () => {
  const bookId = await openBook();
  const { target } = await show(await connect(bookId, '../../Ärger & Söhne'));
  expect(target).toBe(
    `${bench.services.dataFolder}/ledgers/${organisationId()}/${bookId}-arger-sohne.journal`,
  );
});

test('another organisation sees and changes nothing', async () => {
  const bookId = await openBook();
  const connectionId = await connect(bookId);
  const stranger = bench.actor('Mallory', ['OWNER'], 'org_0other');
  expect(await show(connectionId, stranger)).toBeNull();
  for (const one of [pauseConnection, resumeConnection, retrySync]) {
    const outcome = await bench.run('sync', one, { connectionId }, { actor: stranger });
    expect(outcome.errors.map((error) => error.code)).toEqual(['NOT_FOUND']);
  }
  const input = { bookId, kind: 'HLEDGER_JOURNAL', name: 'Mine' };
  const outcome = await bench.run('sync', connectSystem, input, { actor: stranger });
  expect(outcome.errors.map((error) => error.code)).toEqual(['NOT_FOUND']);
  await drainConnection(context, { organisationId: 'org_0other', connectionId });
  const reader = bench.actor('Rea', ['AUDITOR']);
  const refused = await bench.run('sync', pauseConnection, { connectionId }, { actor: reader });
  expect(refused.errors.map((error) => error.code)).toEqual(['FORBIDDEN']);
});
