import { afterEach, beforeEach, expect, test } from 'vitest';
import { openEventTraffic, subjectsOf, type EventTraffic } from '../test/support/event-traffic.ts';
import { natsInstalled } from '../test/support/nats-server.ts';
import { eventually } from '../test/support/platform.ts';
import { beginning } from './events.ts';
import { createLog } from './log.ts';
import { createEventReader } from './relay.ts';

let traffic: EventTraffic;

beforeEach(async (context) => {
  context.skip(!natsInstalled, 'nats-server is not installed');
  traffic = await openEventTraffic();
});
afterEach(() => traffic?.close());

test('events reach readers of other processes through NATS, in the order of the outbox', async () => {
  await traffic.nats.start();
  const [one, two] = [await traffic.follow(), await traffic.follow()];
  await Promise.all([traffic.untilCarried(one.reader), traffic.untilCarried(two.reader)]);
  const before = [one, two].map((follower) => follower.reader.stats());
  await traffic.writeMuch('a');
  await traffic.expectAllSeen(one, two);
  for (const [index, follower] of [one, two].entries()) {
    const now = follower.reader.stats();
    expect(now.received - (before[index]?.received ?? 0)).toBeGreaterThan(0);
    expect(now.windowReads).toBeGreaterThan(now.postgresReads);
    expect(now.refused).toBe(0);
  }
  const names = await traffic.expectStreamed();
  await eventually(async () => {
    const counts = [one, two].map((follower) => follower.reader.stats().published);
    return (counts[0] ?? 0) + (counts[1] ?? 0) === names.length;
  });
  expect(new Set((await traffic.streamed()).map((message) => message.subject))).toEqual(
    new Set(['crossfoot.events.org_1.vendor.registered']),
  );
});

test('an event from the window is the event the outbox holds', async () => {
  await traffic.nats.start();
  const follower = await traffic.follow();
  await traffic.untilCarried(follower.reader);
  const plain = await createEventReader(traffic.database, createLog('silent', 'test'));
  traffic.alsoStop(plain);
  await traffic.expectAllSeen(follower);
  expect(follower.seen).toEqual(await plain.read(beginning, 1_000));
  expect(plain.stats()).toMatchObject({ windowReads: 0, postgresReads: 1, received: 0 });
});

test('nothing is lost, doubled or reordered when the NATS server is killed and comes back', async () => {
  await traffic.nats.start();
  const [one, two] = [await traffic.follow(), await traffic.follow()];
  await traffic.untilCarried(one.reader);
  const during = traffic.writeMuch('b', 200);
  await eventually(() => Promise.resolve(one.seen.length > 40));
  await traffic.nats.kill();
  await during;
  await traffic.expectAllSeen(one, two);
  await traffic.writeMuch('c', 30);
  await traffic.expectAllSeen(one, two);
  await traffic.nats.start();
  await Promise.all([traffic.untilCarried(one.reader), traffic.untilCarried(two.reader)]);
  await traffic.writeMuch('d', 30);
  await traffic.expectAllSeen(one, two);
  // What was written while it was away is on it too.
  expect(await traffic.expectStreamed()).toContain('c-1');
});

test('a NATS server that lost its messages is used again', async () => {
  await traffic.nats.start();
  const follower = await traffic.follow();
  await traffic.untilCarried(follower.reader);
  await traffic.nats.kill();
  traffic.nats.wipe();
  await traffic.emit(['meanwhile']);
  await traffic.nats.start();
  await traffic.untilCarried(follower.reader);
  await traffic.writeMuch('e', 30);
  await traffic.expectAllSeen(follower);
  expect(await traffic.expectStreamed()).toContain('meanwhile');
});

test('a reader lives without NATS and takes to it when it comes', async () => {
  const follower = await traffic.follow();
  await traffic.writeMuch('f', 20);
  await traffic.expectAllSeen(follower);
  expect(follower.reader.stats()).toMatchObject({ windowReads: 0, received: 0, published: 0 });
  await traffic.nats.start();
  await traffic.untilCarried(follower.reader);
  expect(follower.reader.stats().windowReads).toBeGreaterThan(0);
  await traffic.expectAllSeen(follower);
});

test('when the process that leads the relay is killed, another one goes on where it stopped', async () => {
  await traffic.nats.start();
  const leader = traffic.startRelayProcess();
  const lead = async () =>
    (await traffic.owner.query("select 1 from kernel.consumer where name = 'nats'")).rowCount === 1;
  await eventually(lead);
  const follower = await traffic.follow();
  const during = traffic.writeMuch('g', 300);
  await eventually(() => Promise.resolve(follower.seen.length > 40));
  expect(follower.reader.stats().published).toBe(0);
  leader.kill('SIGKILL');
  await during;
  await traffic.expectAllSeen(follower);
  await eventually(() => Promise.resolve(follower.reader.stats().published > 0));
  expect(await traffic.expectStreamed()).toHaveLength(follower.seen.length);
});

test('a leader whose session ends, with another one beside it, publishes nothing twice', async () => {
  await traffic.nats.start();
  const [one, two] = [await traffic.follow(), await traffic.follow()];
  await traffic.untilCarried(one.reader);
  const during = traffic.writeMuch('h', 300);
  for (let round = 1; round <= 3; round += 1) {
    await eventually(() => Promise.resolve(one.seen.length > round * 60));
    await traffic.owner.query(
      `select pg_terminate_backend(l.pid) from pg_locks l
        where l.locktype = 'advisory' and l.objid = (hashtext('crossfoot.relay.nats')::bigint & 4294967295)
          and l.database = (select oid from pg_database where datname = current_database())`,
    );
  }
  await during;
  await traffic.expectAllSeen(one, two);
  expect(await traffic.expectStreamed()).toContain('h-1');
});

test('a reader that was away goes on where it stopped', async () => {
  await traffic.nats.start();
  const before = await traffic.follow();
  await traffic.untilCarried(before.reader);
  await before.stop();
  await traffic.writeMuch('i', 40);
  const after = await traffic.follow(before.place());
  const during = traffic.writeMuch('j', 40);
  await traffic.untilCarried(after.reader);
  await during;
  const expected = await traffic.outbox();
  await eventually(() => Promise.resolve(before.seen.length + after.seen.length >= expected.length));
  expect(subjectsOf([...before.seen, ...after.seen])).toEqual(expected);
});
