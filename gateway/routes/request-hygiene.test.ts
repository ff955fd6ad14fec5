import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createLog } from '#kernel/log';
import { startSmallPlatform, type SmallPlatform } from '../fixtures/small-platform.ts';

let platform: SmallPlatform;
const lines: string[] = [];
const portal = 'https://portal.example';

beforeAll(async () => {
  platform = await startSmallPlatform({
    config: {
      port: 0,
      host: '127.0.0.1',
      oidc: undefined,
      uploadLimitBytes: 1024,
      allowedOrigins: [portal],
    },
    log: createLog('trace', 'gateway', { write: (line) => void lines.push(line) }),
    demo: { openSession: async () => ({ token: 'x' }) },
  });
});
afterAll(() => platform.stop());

const name = '{ viewerName }';

interface Raw {
  readonly status: number;
  readonly body: string;
}

/** Sends what no client library would. */
function send(text: string): Promise<string> {
  const { hostname, port } = new URL(platform.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
    socket.write(text);
  });
}

function get(path: string, headers: Record<string, string>, method = 'GET'): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${platform.url}${path}`, { method, headers }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on('error', reject).end(method === 'POST' ? '{"as":"ana"}' : undefined);
  });
}

test.each(['access_token', 'token', 'api_key', 'apikey', 'Authorization', 'bearer'])(
  'a credential in the address as %s is refused, before and without being looked at',
  async (parameter) => {
    const token = await platform.token();
    const asked = await get(`/graphql?query={viewerName}&${parameter}=${token}`, {
      authorization: `Bearer ${token}`,
      'apollo-require-preflight': '1',
    });
    expect(asked.status).toBe(400);
    expect(asked.body).toContain('Authorization header');
    expect(asked.body).not.toContain(token);
  },
);

test('a credential in the address opens no socket', async () => {
  const url = `${platform.url.replace('http', 'ws')}/graphql?access_token=${await platform.token()}`;
  const socket = new WebSocket(url, 'graphql-transport-ws');
  const status = await new Promise((resolve) => {
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
    socket.on('error', () => undefined);
  });
  expect(status).toBe(400);
});

test('too many headers, too large ones and what is no HTTP are refused in the shape of all errors', async () => {
  const many = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`x-${index}`, '1']));
  const refused = await get('/livez', many);
  expect(refused.status).toBe(400);
  expect(JSON.parse(refused.body)).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  const large = await send(`GET /livez HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`);
  expect(large).toMatch(/^HTTP\/1\.1 431 /);
  const nonsense = await send('what is this\r\n\r\n');
  expect(nonsense).toMatch(/^HTTP\/1\.1 400 /);
  for (const answer of [large, nonsense]) {
    const [error] = (JSON.parse(answer.split('\r\n\r\n')[1] ?? '') as { errors: { extensions: object }[] })
      .errors;
    expect(error?.extensions).toMatchObject({ code: 'BAD_REQUEST', remedy: expect.any(String) as string });
  }
});

test('a page of a listed origin may send what clients send, and reads what it may spend', async () => {
  const wanted = 'authorization, content-type, graphql-client-name, graphql-client-version, last-event-id';
  const preflight = await fetch(`${platform.url}/graphql`, {
    method: 'OPTIONS',
    headers: {
      origin: portal,
      'access-control-request-method': 'POST',
      'access-control-request-headers': wanted,
    },
  });
  expect(preflight.status).toBe(204);
  const allowed = (preflight.headers.get('access-control-allow-headers') ?? '').split(', ');
  expect(allowed).toEqual(expect.arrayContaining(wanted.split(', ')));
  expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
  const answer = await platform.ask(name, { headers: { origin: portal } });
  expect(answer.headers.get('access-control-allow-origin')).toBe(portal);
  expect(answer.headers.get('access-control-expose-headers')).toContain('ratelimit');
  expect(answer.headers.get('vary')).toMatch(/Origin/i);
  const stranger = await platform.ask(name, { headers: { origin: 'https://evil.example' } });
  expect(stranger.headers.get('access-control-allow-origin')).toBeNull();
});

test('answers say nothing of what serves them, are kept by nobody and frame nowhere', async () => {
  const { headers } = await platform.ask(name);
  expect(headers.get('server')).toBeNull();
  expect(headers.get('x-powered-by')).toBeNull();
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
});

test.each([
  ['a form', 'application/x-www-form-urlencoded', 'query=mutation+{rename(to:"x")}'],
  ['plain text', 'text/plain', '{"query":"mutation { rename(to: \\"x\\") }"}'],
  ['a multipart form', 'multipart/form-data; boundary=x', '--x--'],
  ['nothing said', '', '{"query":"mutation { rename(to: \\"x\\") }"}'],
])('what another site can send without asking changes nothing: %s', async (_what, type, body) => {
  const asked = platform.sources.access.asked.length;
  const response = await fetch(`${platform.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await platform.token()}`, ...(type ? { 'content-type': type } : {}) },
    body: new TextEncoder().encode(body),
  });
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(response.status).toBeLessThan(500);
  expect(platform.sources.access.asked.length).toBe(asked);
});

test('a GET that could come from an image or a link is refused, and one that changes something always', async () => {
  const authorization = `Bearer ${await platform.token()}`;
  expect((await get('/graphql?query={viewerName}', { authorization })).status).toBe(400);
  const said = { authorization, 'apollo-require-preflight': '1' };
  expect((await get('/graphql?query={viewerName}', said)).status).toBe(200);
  const mutation = encodeURIComponent('mutation { rename(to: "x") }');
  expect((await get(`/graphql?query=${mutation}`, said)).status).toBe(405);
});

test("the demo signs nobody in who has another site's name lead here", async () => {
  const body = { 'content-type': 'application/json' };
  expect((await get('/portal/session', { ...body, host: 'evil.example' }, 'POST')).status).toBe(403);
  expect((await get('/portal/session', { ...body, host: 'localhost.evil.example:80' }, 'POST')).status).toBe(
    403,
  );
  expect((await get('/portal/session', { ...body, host: 'localhost:4000' }, 'POST')).status).toBe(200);
});

test('nothing that was logged holds a credential', async () => {
  const token = await platform.token();
  platform.sources.access.before = () => {
    throw new Error(`the answer to "authorization: Bearer ${token}" is lost`);
  };
  await platform.ask(name, { token });
  await platform.ask(name, { token: `${token}x` });
  platform.sources.access.before = () => undefined;
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.join('')).not.toContain(token.slice(-20));
});
