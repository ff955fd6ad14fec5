import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers, nanos } from '@nats-io/transport-node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase } from '../test/support/database.ts';
import { openEventTraffic, subjectsOf, type EventTraffic } from '../test/support/event-traffic.ts';
import { natsInstalled } from '../test/support/nats-server.ts';
import { eventually } from '../test/support/platform.ts';
import { beginning } from './events.ts';
import { createLog } from './log.ts';
import { identifyDatabase, publicationOf } from './nats-stream.ts';
import { createEventReader } from './relay.ts';
import { deriveKey } from './secrets.ts';

let traffic: EventTraffic;

beforeEach(async (context) => {
  context.skip(!natsInstalled, 'nats-server is not installed');
  traffic = await openEventTraffic();
});
afterEach(() => traffic?.close());

test('forged, changed and repeated messages are ignored', async () => {
  await traffic.nats.start();
  const follower = await traffic.follow();
  await traffic.untilCarried(follower.reader);
  await traffic.writeMuch('k', 10);
  await traffic.expectAllSeen(follower);
  const genuine = await traffic.streamed();
  const before = follower.reader.stats();
  await traffic.onNats(async (connection) => {
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
  await traffic.expectAllSeen(follower);
  // The relay finds its way past what others left on its stream.
  await traffic.untilCarried(follower.reader);
  await traffic.writeMuch('l', 10);
  await traffic.expectAllSeen(follower);
  expect(follower.reader.stats().refused - before.refused).toBe(4);
});

test('two databases on one server do not see the events of one another', async () => {
  await traffic.nats.start();
  const follower = await traffic.follow();
  await traffic.untilCarried(follower.reader);
  const other = await createTestDatabase();
  const stranger = await createEventReader(other.database, createLog('silent', 'test'), {
    natsUrl: traffic.nats.url,
  });
  traffic.alsoStop({ stop: () => stranger.stop().then(() => other.drop()) });
  await Promise.all([
    traffic.writeMuch('n', 60),
    eventually(() => Promise.resolve(stranger.stats().refused > 10)),
  ]);
  await traffic.expectAllSeen(follower);
  expect(await stranger.read(beginning, 10)).toEqual([]);
  expect(stranger.stats()).toMatchObject({ received: 0, filled: 0 });
  await traffic.untilCarried(follower.reader);
});

test('a leader that died before it kept its place doubles nothing', async () => {
  await traffic.nats.start();
  // An operator's own stream, which forgets at once what it had.
  await traffic.onNats(async (connection) => {
    const manager = await jetstreamManager(connection);
    await manager.streams.add({
      name: 'CROSSFOOT_EVENTS',
      subjects: ['crossfoot.events.>'],
      duplicate_window: nanos(100),
    });
  });
  const first = await traffic.follow();
  await traffic.untilCarried(first.reader);
  const [place] = (await traffic.owner.query("select xid, event_id from kernel.consumer where name = 'nats'"))
    .rows;
  await traffic.writeMuch('o', 20);
  await traffic.expectStreamed();
  await first.stop();
  await traffic.owner.query(
    "update kernel.consumer set xid = $1::text::xid8, event_id = $2 where name = 'nats'",
    [place.xid, place.event_id],
  );
  const second = await traffic.follow();
  await traffic.untilCarried(second.reader);
  await traffic.expectAllSeen(second);
  expect(await traffic.expectStreamed()).toContain('o-1');
});

test('what a former leader still publishes stands on the stream once', async () => {
  await traffic.nats.start();
  const follower = await traffic.follow();
  await traffic.untilCarried(follower.reader);
  await traffic.expectAllSeen(follower);
  const source = await identifyDatabase(traffic.owner);
  const origin = { key: deriveKey(traffic.database.secret, 'nats-events'), source };
  await traffic.onNats(async (connection) => {
    for (let round = 0; round < 15; round += 1) {
      const previous = await follower.reader.end();
      await traffic.emit([`late-${round}`]);
      await traffic.endBehind(follower.reader, `late-${round}`);
      const [event] = await follower.reader.read(previous, 1);
      if (!event) throw new Error('The event cannot be read');
      const { subject, payload, messageId, headers: head } = publicationOf(event, previous, origin);
      await jetstream(connection).publish(subject, payload, { headers: head, msgID: messageId });
    }
  });
  // By then the leader has published what it finds behind these.
  await traffic.untilCarried(follower.reader);
  await traffic.expectAllSeen(follower);
  expect(await traffic.expectStreamed()).toContain('late-14');
});

test('an event too long for a message comes from the database, and those behind it by messages again', async () => {
  await traffic.nats.start();
  const follower = await traffic.follow();
  await traffic.untilCarried(follower.reader);
  await traffic.emit(['long'], { facts: { name: 'x'.repeat(1_100_000) } });
  await traffic.untilCarried(follower.reader);
  await traffic.expectAllSeen(follower);
  expect((await traffic.streamed()).map((message) => message.subjectId)).not.toContain('long');
});

test('what lies before `end` is read at once, however late its message is', async () => {
  await traffic.nats.start();
  const reader = await traffic.openReader();
  await traffic.untilCarried(reader);
  // Another database of the server may hold the end back behind what was asked with; a first event brings it there.
  await traffic.emit(['first']);
  let place = await traffic.endBehind(reader, 'first');
  for (let round = 0; round < 30; round += 1) {
    await traffic.emit([`round-${round}`]);
    const end = await traffic.endBehind(reader, `round-${round}`);
    expect(subjectsOf(await reader.read(place, 10))).toEqual([`round-${round}`]);
    expect(await reader.read(end, 10)).toEqual([]);
    place = end;
  }
});

test('a reader of rare events need not ask the database for each of the others', async () => {
  await traffic.nats.start();
  const rare = await traffic.follow(beginning, { types: ['member.added'] });
  await traffic.untilCarried(rare.reader);
  await eventually(() => Promise.resolve(rare.reader.stats().windowReads > 0));
  const before = rare.reader.stats();
  await traffic.writeMuch('m', 60);
  const all = await traffic.follow();
  await traffic.expectAllSeen(all);
  await eventually(() => Promise.resolve(rare.reader.stats().windowReads > before.windowReads + 10));
  expect(rare.reader.stats().postgresReads).toBe(before.postgresReads);
  expect(rare.seen).toEqual([]);
});
