import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Actor } from '#kernel/actor';
import { encodeCursor, type DomainEvent } from '#kernel/events';
import type { SubgraphRequest } from '#kernel/subgraph-request';
import type { RunningSubgraph } from '#kernel/subgraph-runtime';
import { serveSubgraph } from '#kernel/subgraph-server';
import { smallSchemas, smallSource, type SmallData, type SmallSource } from '../fixtures/small-subgraphs.ts';
import { remoteSource, type RemoteSource } from './remote-source.ts';

const secret = 'a secret of the tests, long enough to be taken';
const actor: Actor = {
  kind: 'member',
  id: 'mem_1',
  name: 'Ana',
  organisationId: 'org_1',
  scopes: ['transactions:read'],
  source: 'api',
};
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A small subgraph in its own HTTP server, and the gateway's source for it. */
async function remote(
  options: { name?: string; secrets?: string } = {},
): Promise<{ source: RemoteSource; served: SmallSource; data: SmallData }> {
  const data: SmallData = { entries: new Map(), vendors: new Map(), keys: new Map() };
  const served = smallSource('transactions', smallSchemas(data).transactions);
  const { url, stop } = await serveSubgraph(served as unknown as RunningSubgraph, {
    secrets: secret,
    host: '127.0.0.1',
    port: 0,
  });
  const source = remoteSource({ name: 'transactions', url, secrets: secret, ...options });
  closing.push(source.close, stop);
  return { source, served, data };
}

/** A server that breaks the connection a number of times and then answers. */
async function breaking(times: number): Promise<{ source: RemoteSource; requests: () => number }> {
  let requests = 0;
  const server: Server = createServer((request, response) => {
    requests += 1;
    if (requests <= times) request.socket.destroy();
    else response.setHeader('content-type', 'application/json').end('{"data":{"ok":true}}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const source = remoteSource({ name: 'transactions', url, secrets: secret });
  closing.push(source.close, () => new Promise((resolve) => server.close(resolve)));
  return { source, requests: () => requests };
}

const query: SubgraphRequest = { query: '{ ok }', actor };

test('an operation is answered across processes for the actor that asked', async () => {
  const { source, served, data } = await remote();
  data.entries.set('je_1', { id: 'je_1', number: 'JE-1', vendorId: 'ven_1' });
  const answer = await source.execute({
    query: 'query ($id: ID!) { journalEntry(id: $id) { number } }',
    variables: { id: 'je_1' },
    actor,
  });
  expect(answer).toEqual({ data: { journalEntry: { number: 'JE-1' } } });
  expect(served.asked[0]?.actor).toEqual(actor);
});

test('events keep their positions and instants on the way and are answered in order', async () => {
  const { source, served } = await remote();
  const event: DomainEvent = {
    position: { xid: 2n ** 60n, id: 7n },
    organisationId: 'org_1',
    bookId: undefined,
    type: 'draft.posted',
    subjectId: 'je_1',
    facts: {},
    actorId: 'mem_1',
    occurredAt: new Date('2026-01-31T12:00:00.123Z'),
  };
  const text = 'subscription { journalEntryChanged { cursor occurredAt } }';
  const later: DomainEvent = { ...event, position: { xid: 2n ** 60n, id: 8n } };
  const answers = await source.render({ query: text, actor, events: [event, later] });
  const occurredAt = '2026-01-31T12:00:00.123Z';
  expect(answers.map((answer) => answer.data)).toEqual([
    { journalEntryChanged: { cursor: encodeCursor(event.position), occurredAt } },
    { journalEntryChanged: { cursor: encodeCursor(later.position), occurredAt } },
  ]);
  expect(served.asked.map((asked) => asked.events)).toEqual([[event, later]]);
});

test('errors of the subgraph arrive with their codes', async () => {
  const { source } = await remote();
  const { errors } = await source.execute({ query: '{ refused }', actor });
  expect(errors).toMatchObject([{ message: 'January is closed', extensions: { code: 'PERIOD_CLOSED' } }]);
});

test.each([
  ['with another secret', { secrets: 'another secret that is long enough to be one' }],
  ['meant for another subgraph', { name: 'vendors' }],
])('a request signed %s is not answered', async (_what, options) => {
  const { source, served } = await remote(options);
  await expect(source.execute(query)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(served.asked).toEqual([]);
});

test('a read whose connection breaks is tried once more, and no more than that', async () => {
  const once = await breaking(1);
  expect(await once.source.execute(query)).toEqual({ data: { ok: true } });
  const often = await breaking(2);
  await expect(often.source.execute(query)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(often.requests()).toBe(2);
});

test('a write is never sent twice', async () => {
  const { source, requests } = await breaking(1);
  await expect(source.execute({ query: 'mutation { post { ok } }', actor })).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining('transactions'),
  });
  expect(requests()).toBe(1);
});

test('a subgraph is ready when it answers so', async () => {
  const { source, served } = await remote();
  expect(await source.ready()).toBe(true);
  served.healthy = false;
  expect(await source.ready()).toBe(false);
  await source.close();
  expect(await source.ready()).toBe(false);
  closing.shift();
});
