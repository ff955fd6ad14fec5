import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase } from '../test/support/database.ts';
import { natsInstalled, prepareNats, type TestNats } from '../test/support/nats-server.ts';
import { eventually } from '../test/support/platform.ts';
import { roleUrl } from './database.ts';
import { beginning, type DomainEvent, type EventPosition } from './events.ts';
import { createLog } from './log.ts';
import type { EventFilter } from './outbox.ts';
import { createEventReader, type EventReader } from './relay.ts';

/** A reader that takes every event as it comes, as a consumer does. */
interface Follower {
  readonly seen: DomainEvent[];
  readonly reader: EventReader;
  place(): EventPosition;
  stop(): Promise<void>;
}

let nats: TestNats;
let made: Awaited<ReturnType<typeof createTestDatabase>>;
let writers: pg.Pool;
let open: { stop(): Promise<unknown> | void }[] = [];
let emitted = 0;
let probes = 0;

beforeEach(async (context) => {
  context.skip(!natsInstalled, 'nats-server is not installed');
  nats = await prepareNats();
  made = await createTestDatabase();
  writers = new pg.Pool({ connectionString: roleUrl(made.database, 'vendors'), max: 8 });
  // The server may end idle connections when the database is dropped.
  writers.on('error', () => undefined);
});
afterEach(async () => {
  for (const one of open.toReversed()) await one.stop();
  open = [];
  await writers?.end();
  await made?.drop();
  await nats?.close();
});

/** Commits events in one transaction of the organisation; `hold` keeps it open for a moment. */
async function emit(subjects: readonly string[], options: { hold?: boolean; facts?: object } = {}) {
  const client = await writers.connect();
  const key = `emit-${(emitted += 1)}`;
  const entry = {
    command: 'x',
    occurredAt: new Date(),
    key,
    inputHash: '',
    result: {},
    logOrganisation: 'org_1',
  };
  const events = subjects.map((subjectId) => ({
    type: 'vendor.registered',
    subjectId,
    facts: options.facts ?? { name: subjectId },
  }));
  try {
    await client.query('begin');
    await client.query('select kernel.begin_command($1, $2, $3)', ['org_1', 'mem_1', key]);
    await client.query('select kernel.finish_command($1, $2, $3)', [
      JSON.stringify(entry),
      JSON.stringify(events),
      [],
    ]);
    if (options.hold) await client.query('select pg_sleep(random() * 0.03)');
    await client.query('commit');
  } finally {
    client.release();
  }
}

/** Many transactions at once, some of which end after others that began later. */
async function writeMuch(name: string, transactions = 120): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let n = (next += 1); n <= transactions; n = next += 1) {
      await emit(n % 3 ? [`${name}-${n}`] : [`${name}-${n}a`, `${name}-${n}b`], { hold: n % 4 === 0 });
      // The door of a process that writes tells so after each commit.
      await made.owner.query('notify crossfoot_committed');
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
}

async function openReader(): Promise<EventReader> {
  const reader = await createEventReader(made.database, createLog('silent', 'test'), { natsUrl: nats.url });
  open.push(reader);
  return reader;
}

async function follow(from: EventPosition = beginning, filter?: EventFilter): Promise<Follower> {
  const reader = await openReader();
  const seen: DomainEvent[] = [];
  let place = from;
  let stopped = false;
  let pending = true;
  let wake: () => void = () => undefined;
  const stopListening = reader.onCommit(() => {
    pending = true;
    wake();
  });
  const done = (async () => {
    while (!stopped) {
      if (!pending) await new Promise<void>((resolve) => (wake = resolve));
      pending = false;
      for (let full = true; full && !stopped;) {
        const batch = await reader.read(place, 50, filter);
        seen.push(...batch);
        place = batch.at(-1)?.position ?? place;
        full = batch.length === 50;
      }
    }
  })();
  const follower = {
    seen,
    reader,
    place: () => place,
    async stop() {
      stopped = true;
      stopListening();
      wake();
      await done;
    },
  };
  open.push(follower);
  return follower;
}

const subjects = (events: readonly DomainEvent[]) => events.map((event) => event.subjectId);

async function outbox(): Promise<string[]> {
  const rows = await made.owner.query<{ subject_id: string }>(
    'select subject_id from kernel.outbox order by xid, id',
  );
  return rows.rows.map((row) => row.subject_id);
}

/** What every follower must have seen in the end: everything, in the order of the outbox, each event once. */
async function expectAllSeen(...followers: readonly Follower[]): Promise<void> {
  const expected = await outbox();
  for (const follower of followers) {
    await eventually(() => Promise.resolve(follower.seen.length >= expected.length));
    expect(subjects(follower.seen)).toEqual(expected);
  }
}

async function onNats<Answer>(work: (connection: NatsConnection) => Promise<Answer>): Promise<Answer> {
  const connection = await connect({ servers: nats.url });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

interface StreamMessage {
  readonly subject: string;
  readonly subjectId: string;
  readonly payload: string;
  readonly signature: string;
}

/** All messages of the stream, in its order. */
const streamed = (): Promise<StreamMessage[]> =>
  onNats(async (connection) => {
    const manager = await jetstreamManager(connection);
    const { state } = await manager.streams.info('CROSSFOOT_EVENTS');
    const messages: StreamMessage[] = [];
    for (let seq = state.first_seq; seq <= state.last_seq && state.messages > 0; seq += 1) {
      const stored = await manager.streams.getMessage('CROSSFOOT_EVENTS', { seq });
      if (!stored) continue;
      messages.push({
        subject: stored.subject,
        subjectId: stored.json<{ event: { subjectId: string } }>().event?.subjectId,
        payload: stored.string(),
        signature: stored.header.get('Crossfoot-Signature'),
      });
    }
    return messages;
  });

/** Waits for the relay and proves that the stream is the outbox from some event on: whole, in order, each event once. */
async function expectStreamed(): Promise<string[]> {
  const expected = await outbox();
  await eventually(async () => (await streamed()).at(-1)?.subjectId === expected.at(-1));
  const names = (await streamed()).map((message) => message.subjectId);
  expect(names).toEqual(expected.slice(-names.length));
  return names;
}

/** Waits until the reader gets events by messages, not only from the database. */
async function untilCarried(reader: EventReader): Promise<void> {
  const before = reader.stats().received;
  await eventually(async () => {
    await emit([`probe-${(probes += 1)}`]);
    reader.committed();
    return reader.stats().received > before;
  });
}

test('events reach readers of other processes through NATS, in the order of the outbox', async () => {
  await nats.start();
  const [one, two] = [await follow(), await follow()];
  await Promise.all([untilCarried(one.reader), untilCarried(two.reader)]);
  const before = [one, two].map((follower) => follower.reader.stats());
  await writeMuch('a');
  await expectAllSeen(one, two);
  for (const [index, follower] of [one, two].entries()) {
    const now = follower.reader.stats();
    expect(now.received - (before[index]?.received ?? 0)).toBeGreaterThan(0);
    expect(now.windowReads).toBeGreaterThan(now.postgresReads);
    expect(now.refused).toBe(0);
  }
  const names = await expectStreamed();
  await eventually(async () => {
    const counts = [one, two].map((follower) => follower.reader.stats().published);
    return (counts[0] ?? 0) + (counts[1] ?? 0) === names.length;
  });
  expect(new Set((await streamed()).map((message) => message.subject))).toEqual(
    new Set(['crossfoot.events.org_1.vendor.registered']),
  );
});

test('an event from the window is the event the outbox holds', async () => {
  await nats.start();
  const follower = await follow();
  await untilCarried(follower.reader);
  const plain = await createEventReader(made.database, createLog('silent', 'test'));
  open.push(plain);
  await expectAllSeen(follower);
  expect(follower.seen).toEqual(await plain.read(beginning, 1_000));
  expect(plain.stats()).toMatchObject({ windowReads: 0, postgresReads: 1, received: 0 });
});

test('nothing is lost, doubled or reordered when the NATS server is killed and comes back', async () => {
  await nats.start();
  const [one, two] = [await follow(), await follow()];
  await untilCarried(one.reader);
  const during = writeMuch('b', 200);
  await eventually(() => Promise.resolve(one.seen.length > 40));
  await nats.kill();
  await during;
  await expectAllSeen(one, two);
  await writeMuch('c', 30);
  await expectAllSeen(one, two);
  await nats.start();
  await Promise.all([untilCarried(one.reader), untilCarried(two.reader)]);
  await writeMuch('d', 30);
  await expectAllSeen(one, two);
  // What was written while it was away is on it too.
  expect(await expectStreamed()).toContain('c-1');
});

test('a NATS server that lost its messages is used again', async () => {
  await nats.start();
  const follower = await follow();
  await untilCarried(follower.reader);
  await nats.kill();
  nats.wipe();
  await emit(['meanwhile']);
  await nats.start();
  await untilCarried(follower.reader);
  await writeMuch('e', 30);
  await expectAllSeen(follower);
  expect(await expectStreamed()).toContain('meanwhile');
});

test('a reader lives without NATS and takes to it when it comes', async () => {
  const follower = await follow();
  await writeMuch('f', 20);
  await expectAllSeen(follower);
  expect(follower.reader.stats()).toMatchObject({ windowReads: 0, received: 0, published: 0 });
  await nats.start();
  await untilCarried(follower.reader);
  expect(follower.reader.stats().windowReads).toBeGreaterThan(0);
  await expectAllSeen(follower);
});

test('when the process that leads the relay is killed, another one goes on where it stopped', async () => {
  await nats.start();
  const leader = startRelayProcess();
  const lead = async () =>
    (await made.owner.query("select 1 from kernel.consumer where name = 'nats'")).rowCount === 1;
  await eventually(lead);
  const follower = await follow();
  const during = writeMuch('g', 300);
  await eventually(() => Promise.resolve(follower.seen.length > 40));
  expect(follower.reader.stats().published).toBe(0);
  leader.kill('SIGKILL');
  await during;
  await expectAllSeen(follower);
  await eventually(() => Promise.resolve(follower.reader.stats().published > 0));
  expect(await expectStreamed()).toHaveLength(follower.seen.length);
});

test('a leader whose session ends, with another one beside it, publishes nothing twice', async () => {
  await nats.start();
  const [one, two] = [await follow(), await follow()];
  await untilCarried(one.reader);
  const during = writeMuch('h', 300);
  for (let round = 1; round <= 3; round += 1) {
    await eventually(() => Promise.resolve(one.seen.length > round * 60));
    await made.owner.query(
      `select pg_terminate_backend(l.pid) from pg_locks l
        where l.locktype = 'advisory' and l.objid = (hashtext('crossfoot.relay.nats')::bigint & 4294967295)
          and l.database = (select oid from pg_database where datname = current_database())`,
    );
  }
  await during;
  await expectAllSeen(one, two);
  expect(await expectStreamed()).toContain('h-1');
});

test('a reader that was away goes on where it stopped', async () => {
  await nats.start();
  const before = await follow();
  await untilCarried(before.reader);
  await before.stop();
  await before.reader.stop();
  open = [];
  await writeMuch('i', 40);
  const after = await follow(before.place());
  const during = writeMuch('j', 40);
  await untilCarried(after.reader);
  await during;
  const expected = await outbox();
  await eventually(() => Promise.resolve(before.seen.length + after.seen.length >= expected.length));
  expect(subjects([...before.seen, ...after.seen])).toEqual(expected);
});

test('forged, changed and repeated messages are ignored', async () => {
  await nats.start();
  const follower = await follow();
  await untilCarried(follower.reader);
  await writeMuch('k', 10);
  await expectAllSeen(follower);
  const genuine = await streamed();
  const before = follower.reader.stats();
  await onNats(async (connection) => {
    const client = jetstream(connection);
    const send = (payload: string, signature?: string) => {
      const head = headers();
      if (signature !== undefined) head.set('Crossfoot-Signature', signature);
      return client.publish('crossfoot.events.org_1.vendor.registered', payload, { headers: head });
    };
    const last = genuine.at(-1);
    const forged = String(last?.payload).replaceAll(/"id":"(\d+)"/g, (_, id) => `"id":"${BigInt(id) + 1n}"`);
    await send('no JSON', 'no signature');
    await send('{}');
    await send(forged);
    await send(forged, last?.signature);
    for (const message of genuine.toReversed()) await send(message.payload, message.signature);
  });
  await eventually(() => Promise.resolve(follower.reader.stats().refused - before.refused >= 4));
  await eventually(() =>
    Promise.resolve(follower.reader.stats().repeated - before.repeated >= genuine.length),
  );
  await expectAllSeen(follower);
  // The relay finds its way past what others left on its stream.
  await untilCarried(follower.reader);
  await writeMuch('l', 10);
  await expectAllSeen(follower);
  expect(follower.reader.stats().refused - before.refused).toBe(4);
});

test('two databases on one server do not see the events of one another', async () => {
  await nats.start();
  const follower = await follow();
  await untilCarried(follower.reader);
  const other = await createTestDatabase();
  const stranger = await createEventReader(other.database, createLog('silent', 'test'), {
    natsUrl: nats.url,
  });
  open.push({ stop: () => other.drop() }, stranger);
  await Promise.all([writeMuch('n', 60), eventually(() => Promise.resolve(stranger.stats().refused > 10))]);
  await expectAllSeen(follower);
  expect(await stranger.read(beginning, 10)).toEqual([]);
  expect(stranger.stats()).toMatchObject({ received: 0, filled: 0 });
  await untilCarried(follower.reader);
});

test('an event too long for a message comes from the database, and those behind it by messages again', async () => {
  await nats.start();
  const follower = await follow();
  await untilCarried(follower.reader);
  await emit(['long'], { facts: { name: 'x'.repeat(1_100_000) } });
  await untilCarried(follower.reader);
  await expectAllSeen(follower);
  expect((await streamed()).map((message) => message.subjectId)).not.toContain('long');
});

test('what lies before `end` is read at once, however late its message is', async () => {
  await nats.start();
  const reader = await openReader();
  await untilCarried(reader);
  let place = await reader.end();
  for (let round = 0; round < 30; round += 1) {
    await emit([`round-${round}`]);
    const end = await reader.end();
    expect(subjects(await reader.read(place, 10))).toEqual([`round-${round}`]);
    expect(await reader.read(end, 10)).toEqual([]);
    place = end;
  }
});

test('a reader of rare events need not ask the database for each of the others', async () => {
  await nats.start();
  const rare = await follow(beginning, { types: ['member.added'] });
  await untilCarried(rare.reader);
  await eventually(() => Promise.resolve(rare.reader.stats().windowReads > 0));
  const before = rare.reader.stats();
  await writeMuch('m', 60);
  const all = await follow();
  await expectAllSeen(all);
  await eventually(() => Promise.resolve(rare.reader.stats().windowReads > before.windowReads + 10));
  expect(rare.reader.stats().postgresReads).toBe(before.postgresReads);
  expect(rare.seen).toEqual([]);
});

function startRelayProcess(): ChildProcess {
  const child = spawn(
    process.execPath,
    [
      join(import.meta.dirname, 'fixtures/relay-process.ts'),
      JSON.stringify({ database: made.database, natsUrl: nats.url }),
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  open.push({ stop: () => void child.kill('SIGKILL') });
  return child;
}
