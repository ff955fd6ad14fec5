import { request, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Actor } from '#kernel/actor';
import { encodeCursor, type DomainEvent } from '#kernel/events';
import {
  subscribeWith,
  transports,
  type Subscribed,
  type Told,
  type Transport,
} from '../fixtures/live-clients.ts';
import { smallGraph, startLiveGateway, type LiveGateway, type SmallGraph } from '../fixtures/live-gateway.ts';
import { memoryEvents, type MemoryEvents } from '../fixtures/memory-events.ts';

const key = (n: number): Actor => ({
  kind: 'key',
  id: `key_${n}`,
  credentialId: `key_${n}`,
  memberId: `mem_${n}`,
  name: 'Importer',
  organisationId: n < 9 ? 'org_1' : 'org_2',
  scopes: ['transactions:read', 'vendors:read'],
  source: 'api',
});
const limits = { perCredential: 2, perOrganisation: 4, operationsPerSocket: 2 };

let small: SmallGraph;
let events: MemoryEvents;
let gateway: LiveGateway;
let stopped: boolean;
let actors: Map<string, Actor>;
const open: { close(): void }[] = [];

beforeEach(async () => {
  small = smallGraph();
  events = memoryEvents();
  actors = new Map([1, 2, 3, 9].map((n) => [`token ${n}`, key(n)]));
  small.data.vendors.set('ven_1', { id: 'ven_1', name: 'Acme' });
  small.data.entries.set('je_1', { id: 'je_1', number: 'JE-1', vendorId: 'ven_1' });
  stopped = false;
  gateway = await startLiveGateway({ ...small, events, actors, limits });
});
afterEach(async () => {
  for (const one of open.splice(0)) one.close();
  if (!stopped) await gateway.stop();
});

const query = `subscription ($after: Cursor) { journalEntryChanged(after: $after) {
  cursor journalEntry { vendor { name } } } }`;

function subscribe(token: string, transport: Transport, after?: string): Subscribed {
  const one = subscribeWith({ url: gateway.url, token, transport, query, variables: { after } });
  open.push(one);
  return one;
}

async function running(): Promise<number> {
  return (await gateway.metrics.liveSubscriptions.get()).values[0]?.value ?? 0;
}

const posted = { type: 'journalEntry.posted' as const, subjectId: 'je_1' };

/** Subscribes and gets one event; answers its cursor, from which everything later can be had. */
async function underWay(token: string, transport: Transport): Promise<{ one: Subscribed; cursor: string }> {
  const before = await running();
  const one = subscribe(token, transport);
  await expect.poll(running).toBe(before + 1);
  const [event] = events.emit({ ...posted, organisationId: actors.get(token)?.organisationId });
  await expect.poll(() => one.told.length).toBe(1);
  return { one, cursor: encodeCursor((event as DomainEvent).position) };
}

const lastWord = ({ told }: Subscribed) => told.at(-1)?.errors?.[0]?.extensions;

test.each(transports)(
  'a subscription by %s is told when its key is revoked, and others go on',
  async (transport) => {
    const { one, cursor } = await underWay('token 1', transport);
    const other = await underWay('token 2', transport);
    events.emit({ type: 'apiKey.revoked', subjectId: 'key_1' });
    await one.over;
    expect(lastWord(one)).toMatchObject({ code: 'SUBSCRIPTION_AUTH_EXPIRED' });
    expect([cursor, other.cursor]).toContain(lastWord(one)?.lastCursor);
    events.emit(posted);
    await expect.poll(() => other.one.told.length).toBe(2);
    expect(await running()).toBe(1);
  },
);

test.each(transports)(
  'a subscription by %s is told when the rights of its member change',
  async (transport) => {
    const { one, cursor } = await underWay('token 1', transport);
    events.emit({ type: 'member.changed', subjectId: 'mem_1' });
    await one.over;
    expect(lastWord(one)).toMatchObject({ code: 'SUBSCRIPTION_AUTH_EXPIRED', lastCursor: cursor });
  },
);

test.each(transports)('a subscription by %s is told when its token expires', async (transport) => {
  actors.set('token 1', { ...key(1), expiresAt: Date.now() + 700 });
  const { one, cursor } = await underWay('token 1', transport);
  await one.over;
  expect(lastWord(one)).toMatchObject({ code: 'SUBSCRIPTION_AUTH_EXPIRED', lastCursor: cursor });
});

test.each(['event stream', 'multipart'] as const)(
  'a subscription by %s is told when the gateway stops, and where to go on elsewhere',
  async (transport) => {
    const { one, cursor } = await underWay('token 1', transport);
    stopped = true;
    await gateway.stop();
    await one.over;
    expect(lastWord(one)).toMatchObject({ code: 'UNAVAILABLE', lastCursor: cursor });
  },
);

test.each(['event stream', 'multipart'] as const)(
  'a subscription by %s that is being accepted when the gateway stops does not keep it',
  async (transport) => {
    const release = events.holdEnd();
    const one = subscribe('token 1', transport);
    await expect.poll(() => gateway.asked()).toBe(1);
    stopped = true;
    await gateway.live.stop();
    release();
    await one.over;
    expect(lastWord(one)).toMatchObject({ code: 'UNAVAILABLE' });
    expect(await running()).toBe(0);
    await gateway.stop();
  },
);

test('a credential has so many connections and no more, over all transports', async () => {
  await underWay('token 1', 'socket');
  await underWay('token 1', 'event stream');
  const refused = subscribe('token 1', 'multipart');
  await refused.over;
  expect(lastWord(refused)).toMatchObject({ code: 'TOO_MANY_CONNECTIONS' });
  const socket = subscribe('token 1', 'socket');
  await socket.over;
  expect(socket.told).toEqual([]);
  const others = await underWay('token 2', 'socket');
  open.splice(0, 1)[0]?.close();
  await expect.poll(running).toBe(2);
  await underWay('token 1', 'multipart');
  expect(others.one.told.length).toBeGreaterThan(0);
});

test('an organisation has so many connections and no more, and another one has its own', async () => {
  for (const token of ['token 1', 'token 1', 'token 2', 'token 2']) await underWay(token, 'socket');
  const refused = subscribe('token 3', 'multipart');
  await refused.over;
  expect(lastWord(refused)).toMatchObject({ code: 'TOO_MANY_CONNECTIONS' });
  await underWay('token 9', 'multipart');
});

/** A client that reads nothing until it is told to. */
interface Stalled {
  stall(): void;
  read(): void;
  readonly told: Told[];
}

async function stalledSocket(token: string): Promise<Stalled> {
  const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  open.push({ close: () => socket.terminate() });
  const told: Told[] = [];
  await new Promise((resolve) => socket.once('open', resolve));
  socket.on('message', (data: Buffer) => {
    const { type, payload } = JSON.parse(data.toString()) as { type: string; payload: unknown };
    if (type === 'connection_ack')
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
    if (type === 'next') told.push(payload as Told);
    if (type === 'error') told.push({ errors: payload as NonNullable<Told['errors']> });
  });
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
  return { stall: () => socket.pause(), read: () => socket.resume(), told };
}

async function stalledStream(token: string): Promise<Stalled> {
  const url = `${gateway.url}/graphql/stream?query=${encodeURIComponent(query)}`;
  const asking = request(url, { headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' } });
  open.push({ close: () => asking.destroy() });
  asking.on('error', () => undefined);
  const response = await new Promise<IncomingMessage>((resolve) => {
    asking.once('response', resolve);
    asking.end();
  });
  const told: Told[] = [];
  let text = '';
  response.on('data', (chunk: Buffer) => {
    const parts = (text + chunk.toString()).split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const data = /^event: next\ndata: (.*)$/s.exec(part)?.[1];
      if (data) told.push(JSON.parse(data) as Told);
    }
  });
  return { stall: () => response.pause(), read: () => response.resume(), told };
}

test.each([
  ['socket', stalledSocket],
  ['event stream', stalledStream],
] as const)(
  'a client by %s that takes nothing is ended alone, and has lost nothing when it comes back',
  async (transport, stalled) => {
    small.data.vendors.set('ven_1', { id: 'ven_1', name: 'x'.repeat(100_000) });
    const healthy = subscribe('token 1', transport);
    const slow = await stalled('token 2');
    await expect.poll(running).toBe(2);
    const emitted: string[] = [];
    const emit = async (): Promise<void> => {
      const made = events.emit(...Array.from({ length: 8 }, () => posted));
      emitted.push(...made.map(({ position }) => encodeCursor(position)));
      await expect.poll(() => healthy.told.length).toBe(emitted.length);
    };
    await emit();
    await expect.poll(() => slow.told.length).toBe(8);
    slow.stall();
    for (let n = 0; n < 100 && (await running()) > 1; n += 1) await emit();
    expect(await running()).toBe(1);
    await emit();
    slow.read();
    await expect.poll(() => slow.told.at(-1)?.errors?.[0]?.extensions.code).toBe('SUBSCRIPTION_OVERFLOW');
    const seen = slow.told.flatMap(cursorOf);
    expect(slow.told.at(-1)?.errors?.[0]?.extensions.lastCursor).toBe(seen.at(-1));
    const again = subscribe('token 2', transport, seen.at(-1));
    await expect.poll(() => seen.length + again.told.length).toBe(emitted.length);
    expect([...seen, ...again.told.flatMap(cursorOf)]).toEqual(emitted);
    expect(healthy.told.flatMap(cursorOf)).toEqual(emitted);
  },
  30_000,
);

function cursorOf({ data }: Told): string[] {
  return data ? [(data['journalEntryChanged'] as { cursor: string }).cursor] : [];
}

test('a client that catches up slowly is waited for, however much there is', async () => {
  small.data.vendors.set('ven_1', { id: 'ven_1', name: 'x'.repeat(100_000) });
  const [mark] = events.append({ type: 'member.added', subjectId: 'mem_9' });
  const made = Array.from({ length: 300 }, () => events.append(posted)).flat();
  const one = subscribe('token 1', 'socket', encodeCursor((mark as DomainEvent).position));
  const cursors = made.map(({ position }) => encodeCursor(position));
  await expect.poll(() => one.told.flatMap(cursorOf), { timeout: 15_000 }).toEqual(cursors);
}, 30_000);

/** A socket that has said who it is. */
async function knownSocket(token: string): Promise<{ socket: WebSocket; closed: Promise<number> }> {
  const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  open.push({ close: () => socket.terminate() });
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await new Promise((resolve) => socket.once('open', resolve));
  const answer = next(socket);
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
  expect(await answer).toEqual({ type: 'connection_ack' });
  return { socket, closed };
}

function next(socket: WebSocket): Promise<unknown> {
  return new Promise((resolve) =>
    socket.once('message', (data: Buffer) => resolve(JSON.parse(data.toString()))),
  );
}

const ping = (token: string): string =>
  JSON.stringify({ type: 'ping', payload: { authorization: `Bearer ${token}` } });

test('a ping with a newer token lets a socket outlive its first one', async () => {
  actors.set('token short', { ...key(1), expiresAt: Date.now() + 500 });
  actors.set('token long', { ...key(1), expiresAt: Date.now() + 60_000 });
  const { socket } = await knownSocket('token short');
  const answer = next(socket);
  socket.send(ping('token long'));
  expect(await answer).toMatchObject({ type: 'pong' });
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(socket.readyState).toBe(socket.OPEN);
});

test.each([
  ['of somebody else', 'token 2', 4403],
  ['that nobody knows', 'token unknown', 4401],
])('a ping with a token %s closes the socket', async (_what, token, code) => {
  const { socket, closed } = await knownSocket('token 1');
  socket.send(ping(token));
  expect(await closed).toBe(code);
});

test.each(transports)(
  'subscriptions by %s go on over a new graph, or are told that it is gone',
  async (transport) => {
    const { one } = await underWay('token 1', transport);
    gateway.live.replan(smallGraph().graph);
    events.emit(posted);
    await expect.poll(() => one.told.length).toBe(2);
    const without = smallGraph({ withVendors: false }).graph;
    const [, last] = one.told.flatMap(cursorOf);
    gateway.live.replan(without);
    await one.over;
    expect(lastWord(one)).toMatchObject({ code: 'SUBSCRIPTION_SCHEMA_RELOAD', lastCursor: last });
  },
);

test('queries and mutations are answered over an event stream, refusals in the stream', async () => {
  const asked = async (text: string): Promise<Told[]> => {
    const one = subscribeWith({ url: gateway.url, token: 'token 1', transport: 'event stream', query: text });
    await one.over;
    return one.told;
  };
  expect(await asked('{ viewerName }')).toEqual([{ data: { answered: true } }]);
  expect(await asked('{ viewerName')).toMatchObject([
    { errors: [{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }] },
  ]);
  expect(await asked('subscription { journalEntryChanged { nothing } }')).toMatchObject([
    { errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] },
  ]);
  const stranger = await fetch(`${gateway.url}/graphql/stream?query={viewerName}`);
  expect(stranger.status).toBe(401);
});
