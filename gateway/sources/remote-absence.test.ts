import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Actor } from '#kernel/actor';
import { remoteSource, type RemoteSource } from './remote-source.ts';

const actor: Actor = {
  kind: 'member',
  id: 'mem_1',
  name: 'Ana',
  organisationId: 'org_1',
  scopes: ['vendors:read'],
  source: 'api',
};
const secret = 'a secret of the tests, long enough to be taken';
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

const answering: Behaviour = (_request, response) =>
  void response.setHeader('content-type', 'application/json').end('{"data":{"ok":true}}');
const breaking: Behaviour = (request) => void request.socket.destroy();
const silent: Behaviour = () => undefined;
const status =
  (code: number): Behaviour =>
  (_request, response) =>
    void response.writeHead(code).end();

/** A subgraph that does what the test says, and the gateway's source for it. */
async function subgraph(behaviour: Behaviour, options: Partial<Parameters<typeof remoteSource>[0]> = {}) {
  let requests = 0;
  const served = { behaviour };
  const server: Server = createServer((request, response) => {
    requests += 1;
    request.resume().on('end', () => served.behaviour(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const source: RemoteSource = remoteSource({ name: 'vendors', url, secrets: secret, ...options });
  closing.push(source.close, async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const ask = (query = '{ ok }') => source.execute({ query, actor });
  return { source, served, ask, requests: () => requests };
}

const gone = { code: 'UNAVAILABLE', message: 'The part of the platform that keeps vendors does not answer' };

test('a subgraph that does not answer in time is not asked twice', async () => {
  const { ask, requests } = await subgraph(silent, { answerTimeoutMilliseconds: 50 });
  await expect(ask()).rejects.toMatchObject(gone);
  expect(requests()).toBe(1);
});

test.each([401, 500])('a subgraph that refuses with %i is not asked twice', async (code) => {
  const { ask, requests } = await subgraph(status(code));
  await expect(ask()).rejects.toMatchObject(gone);
  expect(requests()).toBe(1);
});

test('an answer beyond the limit is not taken, and the next one is', async () => {
  const { ask, served, requests, source } = await subgraph(
    (_request, response) => void response.end(JSON.stringify({ data: { text: 'x'.repeat(2_000) } })),
    { answerLimitBytes: 1_000, breaker: { failures: 1 } },
  );
  await expect(ask()).rejects.toMatchObject(gone);
  expect([requests(), source.figures().breaker]).toEqual([1, 'closed']);
  served.behaviour = answering;
  expect(await ask()).toEqual({ data: { ok: true } });
});

test.each([
  ['breaks connections', breaking],
  ['answers 503', status(503)],
  ['is silent', silent],
])('after failures in a row, who %s is left alone and callers are told at once', async (_what, behaviour) => {
  const { ask, served, requests, source } = await subgraph(behaviour, {
    answerTimeoutMilliseconds: 20,
    breaker: { failures: 2, pauseMilliseconds: 100_000 },
  });
  const write = 'mutation { ok }';
  await expect(ask(write)).rejects.toMatchObject(gone);
  expect(source.figures().breaker).toBe('closed');
  await expect(ask(write)).rejects.toMatchObject(gone);
  expect([requests(), source.figures().breaker]).toEqual([2, 'open']);
  served.behaviour = answering;
  await expect(ask(write)).rejects.toMatchObject(gone);
  await expect(ask()).rejects.toMatchObject(gone);
  expect(requests()).toBe(2);
});

test('one request finds out whether it is back, and then all are sent again', async () => {
  const { ask, served, requests, source } = await subgraph(breaking, {
    breaker: { failures: 1, pauseMilliseconds: 0 },
  });
  await expect(ask('mutation { ok }')).rejects.toMatchObject(gone);
  expect(source.figures().breaker).toBe('open');
  let release: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => {
    served.behaviour = (request, response) => {
      release = () => answering(request, response);
      resolve();
    };
  });
  const probe = ask();
  await arrived;
  await expect(ask()).rejects.toMatchObject(gone);
  expect([requests(), source.figures()]).toMatchObject([2, { breaker: 'probing', running: 1 }]);
  release();
  expect(await probe).toEqual({ data: { ok: true } });
  served.behaviour = answering;
  expect(await Promise.all([ask(), ask()])).toHaveLength(2);
  expect(source.figures()).toMatchObject({ breaker: 'closed', running: 0, waiting: 0 });
});

test('whoever refuses for its reasons is there, so its refusals open nothing', async () => {
  const { ask, source } = await subgraph(status(401), { breaker: { failures: 1 } });
  await expect(ask()).rejects.toMatchObject(gone);
  expect(source.figures().breaker).toBe('closed');
});
