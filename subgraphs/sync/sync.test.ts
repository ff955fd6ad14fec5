import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drainConnection } from './drain-connection.ts';
import { connectSystem } from './connect-system.ts';
import { entriesIn, openSyncBench, type SyncBench } from '../../test/support/sync-bench.ts';
import { pauseConnection } from './pause-connection.ts';
import { resumeConnection } from './resume-connection.ts';
import { retrySync } from './retry-sync.ts';
import { sync } from './subgraph.ts';

let on: SyncBench;
beforeAll(async () => {
  on = await openSyncBench({ ...sync, jobs: [] });
});
afterAll(() => on.bench.close());

test('posted entries are pushed in the order of posting and counted', async () => {
  const bookId = await on.openBook();
  const connectionId = await on.connect(bookId);
  const entries = [await on.post(bookId), await on.post(bookId), await on.post(bookId)];
  await on.bench.settle();
  expect(await on.show(connectionId)).toMatchObject({ pending: 3, pushed: 0, lastRun: null });
  expect(await on.due()).toContain(connectionId);
  await on.drain(connectionId);
  const shown = await on.show(connectionId);
  expect(shown).toMatchObject({
    status: 'ACTIVE',
    pending: 0,
    pushed: 3,
    lastRun: { status: 'SUCCEEDED', total: 3, pushed: 3, skipped: 0, failed: 0, problem: null },
  });
  expect(entriesIn(shown.target)).toEqual(entries);
  expect(readFileSync(shown.target, 'utf8')).toContain('    2000:Some - account  -12.34 EUR\n');
  expect(await on.due()).not.toContain(connectionId);
  const told = (await on.bench.events()).filter(
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
  const bookId = await on.openBook();
  const connectionId = await on.connect(bookId);
  const entryId = await on.post(bookId);
  await on.bench.settle();
  await on.drain(connectionId);
  const item = { status: 'PUSHED', externalId: `entry:${entryId}`, attempts: 1, problem: null };
  const runs = await on.bench.query<{ syncRuns: { edges: { node: object }[] } }>(
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
  const entries = await on.bench.query<{ _entities: object[] }>(
    'sync',
    `query ($id: ID!) { _entities(representations: [{ __typename: "JournalEntry", id: $id }]) { ... on JournalEntry {
       syncItems { connection { id } status externalId attempts problem } } } }`,
    { variables: { id: entryId } },
  );
  expect(entries._entities).toEqual([{ syncItems: [{ connection: { id: connectionId }, ...item }] }]);
});

test('a paused connection keeps its queue and pushes it when resumed', async () => {
  const bookId = await on.openBook();
  const connectionId = await on.connect(bookId);
  await on.bench.door('sync').run(pauseConnection, { connectionId });
  const entryId = await on.post(bookId);
  await on.bench.settle();
  await on.drain(connectionId);
  expect(await on.show(connectionId)).toMatchObject({ status: 'PAUSED', pending: 1, pushed: 0 });
  expect(await on.due()).not.toContain(connectionId);
  const retried = await on.bench.door('sync').run(retrySync, { connectionId });
  expect(retried.errors.map((error) => error.code)).toEqual(['STATE_CONFLICT']);
  await on.bench.door('sync').run(resumeConnection, { connectionId });
  await on.drain(connectionId);
  const shown = await on.show(connectionId);
  expect(shown).toMatchObject({ status: 'ACTIVE', pending: 0, pushed: 1 });
  expect(entriesIn(shown.target)).toEqual([entryId]);
});

test('a target that cannot be written keeps its entries, rests, and recovers', async () => {
  const bookId = await on.openBook();
  const connectionId = await on.connect(bookId);
  const { target } = await on.show(connectionId);
  mkdirSync(target, { recursive: true });
  const entryId = await on.post(bookId);
  await on.bench.settle();
  await on.drain(connectionId);
  expect(await on.show(connectionId)).toMatchObject({
    status: 'FAILING',
    pending: 1,
    failed: 0,
    lastRun: { status: 'FAILED', problem: expect.stringContaining('EISDIR') as string },
  });
  await on.drain(connectionId);
  expect(await attemptsOf(entryId)).toBe(1);
  expect(await on.due()).not.toContain(connectionId);

  await endPause(connectionId);
  expect(await on.due()).toContain(connectionId);
  await on.drain(connectionId);
  expect(await attemptsOf(entryId)).toBe(2);
  expect(await restOf(connectionId)).toBeGreaterThan(20);

  rmSync(target, { recursive: true });
  await endPause(connectionId);
  await on.drain(connectionId);
  expect(await on.show(connectionId)).toMatchObject({
    status: 'ACTIVE',
    pending: 0,
    pushed: 1,
    lastRun: { status: 'SUCCEEDED', problem: null },
  });
  expect(entriesIn(target)).toEqual([entryId]);
});

test('a person need not wait for the pause of a failing connection', async () => {
  const bookId = await on.openBook();
  const connectionId = await on.connect(bookId);
  const { target } = await on.show(connectionId);
  mkdirSync(target, { recursive: true });
  await on.post(bookId);
  await on.bench.settle();
  await on.drain(connectionId);
  rmSync(target, { recursive: true });
  await on.bench.door('sync').run(retrySync, { connectionId });
  await on.drain(connectionId);
  expect(await on.show(connectionId)).toMatchObject({ status: 'ACTIVE', pushed: 1 });
});

const endPause = (connectionId: string) =>
  on.bench.owner.query('update sync.connection set next_attempt_at = now() where id = $1', [connectionId]);

/** Seconds from now until the connection may try again. */
async function restOf(connectionId: string): Promise<number> {
  const rows = await on.bench.owner.query<{ rest: number }>(
    'select extract(epoch from next_attempt_at - now())::int as rest from sync.connection where id = $1',
    [connectionId],
  );
  return rows.rows[0]!.rest;
}

async function attemptsOf(entryId: string): Promise<number> {
  const rows = await on.bench.owner.query<{ attempts: number }>(
    'select attempts from sync.sync_item where entry_id = $1',
    [entryId],
  );
  return rows.rows[0]!.attempts;
}

test('an entry the target refuses fails alone, with its reason, until somebody retries', async () => {
  const bookId = await on.openBook();
  const connectionId = await on.connect(bookId);
  await on.post(bookId);
  const bad = await on.post(bookId, '1233');
  await on.post(bookId);
  await on.bench.settle();
  await on.drain(connectionId);
  const shown = await on.show(connectionId);
  expect(shown).toMatchObject({ status: 'ACTIVE', pending: 0, pushed: 2, failed: 1 });
  expect(shown.lastRun).toMatchObject({
    status: 'FAILED',
    total: 3,
    failed: 1,
    problem: expect.stringContaining('not to zero') as string,
  });
  await on.bench.door('sync').run(retrySync, { connectionId });
  expect(await on.show(connectionId)).toMatchObject({ pending: 1, failed: 0 });
  await on.drain(connectionId);
  expect(await on.show(connectionId)).toMatchObject({ pending: 0, failed: 1, pushed: 2 });
  expect(await attemptsOf(bad)).toBe(2);
});

test('what was pushed can be neither changed nor removed', async () => {
  const bookId = await on.openBook();
  const connectionId = await on.connect(bookId);
  const entryId = await on.post(bookId);
  await on.bench.settle();
  await on.drain(connectionId);
  const where = 'where entry_id = $1';
  await expect(
    on.bench.owner.query(
      `update sync.sync_item set status = 'PENDING', external_id = null, pushed_at = null ${where}`,
      [entryId],
    ),
  ).rejects.toThrow('kept as it is');
  await expect(on.bench.owner.query(`delete from sync.sync_item ${where}`, [entryId])).rejects.toThrow(
    'kept',
  );
  await expect(on.bench.owner.query("update sync.posted_entry set number = 'x'")).rejects.toThrow(
    'never changed',
  );
});

test('a connection needs a book that is there and a name of its own', async () => {
  const bookId = await on.openBook();
  await on.connect(bookId, 'Ägäis / Ledger');
  const again = await on.bench.door('sync').run(connectSystem, {
    bookId,
    kind: 'HLEDGER_JOURNAL',
    name: 'AGAIS ledger!',
  });
  expect(again.errors).toMatchObject([{ code: 'ALREADY_EXISTS', path: ['name'] }]);
  const nowhere = await on.bench.door('sync').run(connectSystem, {
    bookId: 'bk_../../x',
    kind: 'HLEDGER_JOURNAL',
    name: 'x',
  });
  expect(nowhere.errors).toMatchObject([{ code: 'NOT_FOUND', path: ['bookId'] }]);
  const elsewhere = await on.bench.door('sync').run(connectSystem, { bookId, kind: 'XERO', name: 'x' });
  expect(elsewhere.errors).toMatchObject([{ code: 'FIELD_INVALID', path: ['kind'] }]);
});

test('the file is named after organisation, book and connection', async () => {
  const bookId = await on.openBook();
  const { target } = await on.show(await on.connect(bookId, '../../Ärger & Söhne'));
  expect(target).toBe(
    `${on.bench.services.dataFolder}/ledgers/${on.organisationId}/${bookId}-arger-sohne.journal`,
  );
});

test('another organisation sees and changes nothing', async () => {
  const bookId = await on.openBook();
  const connectionId = await on.connect(bookId);
  const stranger = on.bench.actor('Mallory', ['OWNER'], 'org_0other');
  expect(await on.show(connectionId, stranger)).toBeNull();
  for (const one of [pauseConnection, resumeConnection, retrySync]) {
    const outcome = await on.bench.door('sync').run(one, { connectionId }, { actor: stranger });
    expect(outcome.errors.map((error) => error.code)).toEqual(['NOT_FOUND']);
  }
  const input = { bookId, kind: 'HLEDGER_JOURNAL', name: 'Mine' };
  const outcome = await on.bench.door('sync').run(connectSystem, input, { actor: stranger });
  expect(outcome.errors.map((error) => error.code)).toEqual(['NOT_FOUND']);
  await drainConnection(on.context, { organisationId: 'org_0other', connectionId });
  const reader = on.bench.actor('Rea', ['AUDITOR']);
  const refused = await on.bench.door('sync').run(pauseConnection, { connectionId }, { actor: reader });
  expect(refused.errors.map((error) => error.code)).toEqual(['FORBIDDEN']);
});
