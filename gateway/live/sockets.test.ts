import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Actor } from '#kernel/actor';
import { startSmallPlatform, type SmallPlatform } from '../fixtures/small-platform.ts';

let platform: SmallPlatform;
let stopped: boolean;
const clients: Client[] = [];

beforeEach(async () => {
  platform = await startSmallPlatform();
  stopped = false;
  platform.data.keys.set('cf_one_secret', keyActor);
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
  if (!stopped) await platform.stop();
});

const keyActor: Actor = {
  kind: 'key',
  id: 'key_1',
  credentialId: 'key_1',
  memberId: 'mem_7',
  name: 'Importer',
  organisationId: 'org_1',
  scopes: ['transactions:read'],
  source: 'api',
};

interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** Connects and subscribes; `closed` resolves with the code when the socket is closed. */
async function open(token: string | undefined): Promise<{ closed: Promise<Closing>; client: Client }> {
  const client = platform.client(token);
  clients.push(client);
  const closed = new Promise<Closing>((resolve) => {
    client.on('closed', (event) => resolve(event as Closing));
  });
  const connected = new Promise<void>((resolve) => client.on('connected', () => resolve()));
  const subscription = { query: 'subscription { journalEntryChanged { cursor } }' };
  client.subscribe(subscription, { next() {}, error() {}, complete() {} });
  await Promise.race([connected, closed]);
  return { closed, client };
}

/** A socket spoken to by hand. */
async function raw(path = '/graphql'): Promise<{ socket: WebSocket; closed: Promise<number> }> {
  const socket = new WebSocket(`${platform.url.replace('http', 'ws')}${path}`, 'graphql-transport-ws');
  const closed = new Promise<number>((resolve) => {
    socket.once('close', resolve);
    socket.once('error', () => resolve(0));
  });
  await Promise.race([new Promise((resolve) => socket.once('open', resolve)), closed]);
  return { socket, closed };
}

/** Asks for an upgrade in words no client library lets through, and breaks off. */
async function upgradeAndReset(path: string): Promise<void> {
  const socket = connect(Number(new URL(platform.url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  const head = [`GET ${path} HTTP/1.1`, 'host: localhost', 'connection: upgrade', 'upgrade: websocket'];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  socket.resetAndDestroy();
}

async function subscriptions(): Promise<string | undefined> {
  const text = await (await fetch(`${platform.url}/metrics`)).text();
  return /^crossfoot_live_subscriptions (.*)$/m.exec(text)?.[1];
}

test.each([
  ['no token', undefined],
  ['a made-up token', 'a.b.c'],
  ['an unknown key', 'cf_unknown'],
])('a socket with %s is closed with 4401', async (_what, token) => {
  const { closed } = await open(token);
  expect(await closed).toMatchObject({ code: 4401, reason: 'Unauthorized' });
});

test('a token may also come in the header of the upgrade', async () => {
  const socket = new WebSocket(`${platform.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    headers: { authorization: `Bearer ${await platform.token()}` },
  });
  await new Promise((resolve) => socket.once('open', resolve));
  const answer = new Promise<string>((resolve) => {
    socket.once('message', (data: Buffer) => resolve(data.toString()));
  });
  socket.send('{"type":"connection_init"}');
  expect(JSON.parse(await answer)).toEqual({ type: 'connection_ack' });
  socket.close();
});

test('a socket is closed with 4403 when its token expires', async () => {
  const { closed } = await open(await platform.token({}, 2));
  expect(await closed).toMatchObject({ code: 4403, reason: 'The token has expired' });
  await expect.poll(subscriptions).toBe('0');
});

test('a socket is closed with 4401 when its key is revoked, and those of other keys stay', async () => {
  platform.data.keys.set('cf_two_secret', { ...keyActor, id: 'key_2', credentialId: 'key_2' });
  const revoked = await open('cf_one_secret');
  const other = await open('cf_two_secret');
  await expect.poll(subscriptions).toBe('2');
  platform.events.emit({ type: 'apiKey.revoked', subjectId: 'key_1' });
  expect(await revoked.closed).toMatchObject({ code: 4401, reason: 'The API key was revoked' });
  await expect.poll(subscriptions).toBe('1');
  platform.events.emit({ type: 'apiKey.revoked', subjectId: 'key_2' });
  expect(await other.closed).toMatchObject({ code: 4401 });
});

test('a socket of a key is closed with 4403 when the roles of its member change', async () => {
  const { closed } = await open('cf_one_secret');
  platform.events.emit({ type: 'member.changed', subjectId: 'mem_7' });
  expect(await closed).toMatchObject({ code: 4403 });
});

test('stopping the gateway says goodbye with 1001', async () => {
  const { closed } = await open(await platform.token());
  stopped = true;
  await platform.stop();
  expect(await closed).toMatchObject({ code: 1001 });
});

test('queries and mutations over the socket are answered as over HTTP', async () => {
  const client = platform.client(await platform.token());
  clients.push(client);
  const ask = async (query: string) => (await client.iterate({ query }).next()).value as object;
  expect(await ask('{ viewerName }')).toEqual({
    data: { viewerName: 'Ana' },
    extensions: {
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      cost: { requested: 1, limit: expect.any(Number) },
    },
  });
  expect(await ask('mutation { rename(to: "Books") }')).toMatchObject({ data: { rename: 'Books' } });
  expect(await ask('{ refused }')).toMatchObject({
    data: { refused: null },
    errors: [{ extensions: { code: 'PERIOD_CLOSED' } }],
  });
});

test('the limits hold over the socket too', async () => {
  const client = platform.client(await platform.token());
  clients.push(client);
  const aliases = Array.from({ length: 60 }, (_, n) => `a${n}: viewerName`).join(' ');
  const refused = client.iterate({ query: `{ ${aliases} }` }).next();
  await expect(refused).rejects.toMatchObject([{ extensions: { code: 'OPERATION_TOO_COMPLEX' } }]);
});

test('one socket runs a hundred subscriptions at a time and no more', async () => {
  const client = platform.client(await platform.token());
  clients.push(client);
  const refusals: string[] = [];
  for (let n = 0; n < 103; n += 1) {
    client.subscribe(
      { query: 'subscription { journalEntryChanged { cursor } }' },
      {
        next() {},
        complete() {},
        error: (errors) =>
          refusals.push((errors as { extensions: { code: string } }[])[0]?.extensions.code ?? ''),
      },
    );
  }
  await expect.poll(subscriptions).toBe('100');
  await expect.poll(() => refusals).toEqual(Array.from({ length: 3 }, () => 'OPERATION_TOO_COMPLEX'));
});

test('who subscribes before saying who it is, is closed with 4401', async () => {
  const { socket, closed } = await raw();
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: '{ viewerName }' } }));
  expect(await closed).toBe(4401);
});

test('a message above one megabyte closes the socket', async () => {
  const { socket, closed } = await raw();
  socket.send(`"${'x'.repeat(1024 * 1024 + 1)}"`);
  expect(await closed).toBe(1009);
});

test('sockets are served at /graphql alone', async () => {
  const { closed } = await raw('/elsewhere');
  expect(await closed).toBe(0);
});

test.each(['//', '/elsewhere', '/graphql?token=a', '/graphql', '///graphql', 'http://'])(
  'who asks for an upgrade of %s and breaks off harms nobody',
  async (path) => {
    for (let times = 0; times < 20; times += 1) await upgradeAndReset(path);
    expect((await platform.ask('{ viewerName }')).status).toBe(200);
  },
);

/** A socket that has said who it is, spoken to by hand. */
async function introduced(): Promise<{ say: (message: object) => void; heard: Heard[]; socket: WebSocket }> {
  const { socket } = await raw();
  const heard: Heard[] = [];
  socket.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString()) as Heard));
  const say = (message: object): void => socket.send(JSON.stringify(message));
  say({ type: 'connection_init', payload: { authorization: `Bearer ${await platform.token()}` } });
  await expect.poll(() => heard).toHaveLength(1);
  return { say, heard, socket };
}

interface Heard {
  readonly type: string;
  readonly id?: string;
}

const live = { query: 'subscription { journalEntryChanged { cursor } }' };

test('an operation given up while it is prepared leaves nothing behind, whatever comes under its id', async () => {
  const { say, heard, socket } = await introduced();
  const release = platform.events.holdEnd();
  for (let times = 0; times < 3; times += 1) {
    say({ id: 'one', type: 'subscribe', payload: live });
    say({ id: 'one', type: 'complete' });
  }
  say({ id: 'one', type: 'subscribe', payload: live });
  say({ id: 'two', type: 'subscribe', payload: live });
  await expect.poll(() => heard.filter(({ type }) => type === 'error').length).toBeGreaterThan(0);
  release();
  await expect.poll(subscriptions).toBe('1');
  platform.data.entries.set('ent_1', { id: 'ent_1', number: '1', vendorId: 'ven_1' });
  platform.events.emit({ type: 'journalEntry.posted', subjectId: 'ent_1' });
  await expect.poll(() => heard.filter(({ type }) => type === 'next')).toMatchObject([{ id: 'two' }]);
  socket.terminate();
  await expect.poll(subscriptions).toBe('0');
});

test('giving up what is being prepared makes no room for more', async () => {
  const { say, heard } = await introduced();
  const release = platform.events.holdEnd();
  for (let n = 0; n < 150; n += 1) {
    say({ id: `${n}`, type: 'subscribe', payload: live });
    say({ id: `${n}`, type: 'complete' });
  }
  say({ id: 'last', type: 'subscribe', payload: live });
  // Of those given up a few are answered before their end is read, when the messages arrive in two pieces.
  await expect.poll(() => heard.findLast(({ type }) => type === 'error')).toMatchObject({ id: 'last' });
  release();
  await expect.poll(subscriptions).toBe('0');
  say({ id: 'later', type: 'subscribe', payload: live });
  await expect.poll(subscriptions).toBe('1');
});

test('a socket that breaks off while its operations are prepared leaves none behind', async () => {
  const { say, socket } = await introduced();
  const release = platform.events.holdEnd();
  for (let n = 0; n < 50; n += 1) say({ id: `${n}`, type: 'subscribe', payload: live });
  await new Promise((resolve) => setTimeout(resolve, 100));
  const gone = new Promise((resolve) => socket.once('close', resolve));
  socket.terminate();
  await gone;
  await new Promise((resolve) => setTimeout(resolve, 100));
  release();
  const other = await introduced();
  other.say({ id: 'last', type: 'subscribe', payload: live });
  await expect.poll(subscriptions).toBe('1');
});
