import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Actor } from '#kernel/actor';
import { CrossfootError } from '#kernel/errors';
import { subscribeWith, transports, type Subscribed } from '../fixtures/live-clients.ts';
import { smallGraph, startLiveGateway, type LiveGateway, type SmallGraph } from '../fixtures/live-gateway.ts';
import { memoryEvents, type MemoryEvents } from '../fixtures/memory-events.ts';

const member = (n: number, scopes: Actor['scopes'] = ['transactions:read', 'vendors:read']): Actor => ({
  kind: 'member',
  id: `mem_${n}`,
  memberId: `mem_${n}`,
  name: `Member ${n}`,
  organisationId: 'org_1',
  scopes,
  source: 'api',
});

let small: SmallGraph;
let events: MemoryEvents;
let gateway: LiveGateway;
const actors = new Map<string, Actor>();
const open: Subscribed[] = [];

beforeEach(async () => {
  small = smallGraph();
  events = memoryEvents();
  for (let n = 1; n <= 9; n += 1) actors.set(`token ${n}`, member(n));
  actors.set('token reader', member(10, ['transactions:read']));
  small.data.vendors.set('ven_1', { id: 'ven_1', name: 'Acme' });
  for (const id of ['je_1', 'je_2']) small.data.entries.set(id, { id, number: id, vendorId: 'ven_1' });
  gateway = await startLiveGateway({ ...small, events, actors });
});
afterEach(async () => {
  for (const one of open.splice(0)) one.close();
  await gateway.stop();
});

const both = `subscription ($after: Cursor, $bookId: ID) { journalEntryChanged(after: $after, bookId: $bookId) {
  cursor journalEntry { number vendor { name } } } }`;

async function subscribe(
  token: string,
  options: {
    query?: string;
    variables?: Record<string, unknown>;
    transport?: (typeof transports)[number];
  } = {},
): Promise<Subscribed> {
  const { query = both, variables, transport = 'socket' } = options;
  const before = await running();
  const one = subscribeWith({ url: gateway.url, token, transport, query, variables });
  open.push(one);
  await expect.poll(running).toBe(before + 1);
  return one;
}

async function running(): Promise<number> {
  const { values } = await gateway.metrics.liveSubscriptions.get();
  return values[0]?.value ?? 0;
}

const posted = (id = 'je_1', bookId?: string) => ({
  type: 'journalEntry.posted' as const,
  subjectId: id,
  bookId,
});

async function allTold(all: readonly Subscribed[], count = 1): Promise<void> {
  await expect.poll(() => all.map(({ told }) => told.length)).toEqual(all.map(() => count));
}

const asked = () => ({
  owner: small.sources.transactions.asked.length,
  entities: small.sources.vendors.asked.length,
});

test('equal subscribers of all transports cost one call of the owner and one fetch of entities for an event', async () => {
  const all: Subscribed[] = [];
  for (const [n, transport] of [...transports, ...transports, ...transports].entries()) {
    all.push(await subscribe(`token ${n + 1}`, { transport }));
  }
  events.emit(posted());
  await allTold(all);
  expect(asked()).toEqual({ owner: 1, entities: 1 });
  const [first] = all;
  expect(first?.told[0]).toMatchObject({
    data: { journalEntryChanged: { journalEntry: { number: 'je_1', vendor: { name: 'Acme' } } } },
  });
  // One rendering, so one trace and the very same result for all.
  for (const { told } of all) expect(told).toEqual(first?.told);
});

test('events that come together are rendered together', async () => {
  const all = [await subscribe('token 1'), await subscribe('token 2')];
  events.emit(posted('je_1'), posted('je_2'), posted('je_1'));
  await allTold(all, 3);
  expect(asked()).toEqual({ owner: 1, entities: 1 });
  expect(small.sources.transactions.asked[0]?.events).toHaveLength(3);
});

test('where a subscriber resumes does not keep it from sharing, and it is given what it missed', async () => {
  const first = await subscribe('token 1');
  events.emit(posted('je_1'), posted('je_2'));
  await allTold([first], 2);
  const cursors = first.told.map(({ data }) =>
    String((data?.['journalEntryChanged'] as { cursor?: string } | undefined)?.cursor),
  );
  const second = await subscribe('token 2', { variables: { after: cursors[0] } });
  await allTold([second], 1);
  expect(second.told).toEqual(first.told.slice(1));
  // What the group kept was enough: nothing was read or rendered again.
  expect(asked()).toEqual({ owner: 1, entities: 1 });
  events.emit(posted());
  await expect.poll(() => [first.told.length, second.told.length]).toEqual([3, 2]);
  expect(asked()).toEqual({ owner: 2, entities: 2 });
});

test('other rights see their own rendering', async () => {
  const all = [await subscribe('token 1'), await subscribe('token reader')];
  events.emit(posted());
  await allTold(all);
  expect(all[0]?.told[0]?.errors).toBeUndefined();
  expect(all[1]?.told[0]).toMatchObject({
    data: { journalEntryChanged: { journalEntry: { vendor: null } } },
    errors: [{ extensions: { code: 'FORBIDDEN' } }],
  });
});

test('what depends on who asks is rendered for each, also where a variable would leave it out', async () => {
  const query = `subscription ($mine: Boolean!) { journalEntryChanged {
    journalEntry { ...Mine @include(if: $mine) } } } fragment Mine on JournalEntry { seenBy }`;
  const variables = { mine: true };
  const all = [
    await subscribe('token 1', { query, variables }),
    await subscribe('token 2', { query, variables }),
    await subscribe('token 2', { query, variables, transport: 'event stream' }),
  ];
  events.emit(posted());
  await allTold(all);
  expect(all.map(({ told }) => told[0]?.data)).toEqual(
    ['Member 1', 'Member 2', 'Member 2'].map((seenBy) => ({
      journalEntryChanged: { journalEntry: { seenBy } },
    })),
  );
  expect(asked().owner).toBe(2);
});

test('an event nobody wants is not rendered', async () => {
  const one = await subscribe('token 1', { variables: { bookId: 'bk_1' } });
  events.emit(posted('je_1', 'bk_2'), posted('je_2', 'bk_1'));
  await allTold([one]);
  expect(small.sources.transactions.asked.map(({ events: rendered }) => rendered?.length)).toEqual([1]);
});

test('whoever leaves takes nothing from the others, even the one for whom was rendered', async () => {
  const first = await subscribe('token 1');
  const second = await subscribe('token 2');
  const held = Promise.withResolvers<void>();
  const rendering = Promise.withResolvers<void>();
  small.sources.transactions.before = () => {
    rendering.resolve();
    return held.promise;
  };
  events.emit(posted());
  await rendering.promise;
  first.close();
  await first.over;
  await expect.poll(running).toBe(1);
  held.resolve();
  await allTold([second]);
  events.emit(posted());
  await allTold([second], 2);
});

test('a subgraph that is away for a moment ends nobody', async () => {
  const all = [await subscribe('token 1'), await subscribe('token 2')];
  let failures = 2;
  small.sources.transactions.before = () => {
    if (failures === 0) return;
    failures -= 1;
    throw new CrossfootError('UNAVAILABLE', 'It restarts');
  };
  events.emit(posted('je_1'), posted('je_2'));
  await allTold(all, 2);
  expect(failures).toBe(0);
});

test('a group ends with its last subscriber', async () => {
  const one = await subscribe('token 1');
  one.close();
  await expect.poll(running).toBe(0);
  events.emit(posted());
  const again = await subscribe('token 1');
  events.emit(posted('je_2'));
  await allTold([again]);
  expect(asked()).toEqual({ owner: 1, entities: 1 });
});
