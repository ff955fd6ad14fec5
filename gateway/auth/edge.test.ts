import { afterEach, expect, test } from 'vitest';
import type { Actor, EmbedGrant } from '#kernel/actor';
import { socketClient, startSmallPlatform, type SmallPlatform } from '../fixtures/small-platform.ts';
import type { RateLimits } from '../operations/rate-limit.ts';

let platform: SmallPlatform;
afterEach(() => platform.stop());

const config = { port: 0, host: '127.0.0.1', oidc: undefined, uploadLimitBytes: 1024, allowedOrigins: [] };
const start = async (rateLimit?: RateLimits, trustedProxies: readonly string[] = []): Promise<void> => {
  platform = await startSmallPlatform({ config: { ...config, rateLimit, trustedProxies } });
};
const size = (perSecond: number, burst: number) => ({ perSecond, burst });
const plenty = size(1_000_000, 1_000_000);
const name = '{ viewerName }';

test('every answer tells what the operation cost and what may still be spent', async () => {
  await start({ credential: size(1, 10), organisation: plenty });
  const answer = await platform.ask(name);
  const told = answer.body.extensions?.['cost'] as { requested: number } | undefined;
  const cost = told?.requested ?? NaN;
  expect(answer.body.extensions?.['cost']).toEqual({ requested: cost, limit: 100_000 });
  expect(cost).toBeGreaterThan(0);
  expect(answer.headers.get('ratelimit-policy')).toBe('"credential";q=10;w=10;qu="cost"');
  expect(answer.headers.get('ratelimit')).toMatch(new RegExp(`^"credential";r=${10 - cost};t=\\d+$`));
});

test('whoever has spent all is refused until it has come back, and told how long that takes', async () => {
  await start({ credential: size(1, 5), organisation: plenty });
  let last = await platform.ask(name);
  for (let index = 0; index < 20 && last.status === 200; index += 1) last = await platform.ask(name);
  expect(last).toMatchObject({ status: 429, body: { errors: [{ extensions: { code: 'RATE_LIMITED' } }] } });
  const retryAfterMs = last.body.errors?.[0]?.extensions.retryAfterMs ?? 0;
  expect(retryAfterMs).toBeGreaterThan(0);
  expect(Number(last.headers.get('retry-after'))).toBe(Math.ceil(retryAfterMs / 1000));
  expect(last.headers.get('ratelimit')).toContain('r=0;');
  const another = await platform.token({ id: 'mem_2', memberId: 'mem_2' });
  expect((await platform.ask(name, { token: another })).status).toBe(200);
});

test('all of an organisation share what it may spend, and another organisation does not', async () => {
  await start({ credential: plenty, organisation: size(1, 5) });
  const statuses = new Set<number>();
  for (let index = 0; index < 12; index += 1) {
    const token = await platform.token({ id: `mem_${index}`, memberId: `mem_${index}` });
    statuses.add((await platform.ask(name, { token })).status);
  }
  expect(statuses).toEqual(new Set([200, 429]));
  const stranger = await platform.token({ organisationId: 'org_2' });
  expect((await platform.ask(name, { token: stranger })).status).toBe(200);
});

test('a key with a limit of its own has that one', async () => {
  await start({ credential: size(1, 1), organisation: plenty });
  const actor: Actor = {
    kind: 'key',
    id: 'key_1',
    credentialId: 'key_1',
    name: 'Importer',
    organisationId: 'org_1',
    scopes: ['vendors:read'],
    source: 'api',
    costPerSecond: 1000,
  };
  platform.data.keys.set('cf_large', actor);
  for (let index = 0; index < 10; index += 1) {
    const answer = await platform.ask(name, { token: 'cf_large' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('ratelimit-policy')).toBe('"credential";q=10000;w=10;qu="cost"');
  }
});

test('what is refused over a socket is refused with the same code, and mutations count as well', async () => {
  await start({ credential: size(1, 5), organisation: plenty });
  const client = socketClient(platform.url, await platform.token());
  const codes: unknown[] = [];
  for (let index = 0; index < 12; index += 1) {
    const [answer] = await takeOne(client.iterate({ query: name }));
    codes.push(answer);
  }
  await client.dispose();
  expect(codes.filter((code) => code === 'RATE_LIMITED').length).toBeGreaterThan(5);
});

async function takeOne(results: AsyncIterable<unknown>): Promise<unknown[]> {
  try {
    for await (const result of results) return [(result as { data?: unknown }).data];
  } catch (error) {
    const [first] = error as { extensions?: { code?: unknown } }[];
    return [first?.extensions?.code];
  }
  return [];
}

test('an address that tries many credentials is held up; what has shown to be good is not', async () => {
  await start();
  const key: Actor = {
    kind: 'key',
    id: 'key_1',
    name: 'Importer',
    organisationId: 'org_1',
    scopes: ['vendors:read'],
    source: 'api',
  };
  platform.data.keys.set('cf_good', key).set('cf_late', key);
  expect((await platform.ask(name, { token: 'cf_good' })).status).toBe(200);
  const statuses: number[] = [];
  for (let index = 0; index < 130; index += 1) {
    statuses.push((await platform.ask(name, { token: `cf_guess_${index}` })).status);
  }
  expect(statuses.slice(0, 100)).toEqual(Array<number>(100).fill(401));
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(5);
  const lookups = platform.sources.access.asked.filter(({ query }) => query.includes('keyActor'));
  expect(lookups.length).toBe(1 + statuses.filter((status) => status === 401).length);
  expect((await platform.ask(name, { token: 'cf_good' })).status).toBe(200);
});

test('behind a trusted proxy the address it names counts, and no other', async () => {
  await start(undefined, ['127.0.0.0/8']);
  const from = (address: string) => ({ token: 'cf_guess', headers: { 'x-forwarded-for': address } });
  const exhaust = async (address: string): Promise<number> => {
    let status = 401;
    for (let index = 0; index < 110 && status === 401; index += 1) {
      status = (await platform.ask(name, from(`10.1.1.${index}, ${address}`))).status;
    }
    return status;
  };
  expect(await exhaust('192.0.2.1')).toBe(429);
  expect((await platform.ask(name, from('192.0.2.2'))).status).toBe(401);
});

const grant = (changes: Partial<EmbedGrant> = {}): Partial<Actor> => ({
  kind: 'embed',
  embed: { components: ['approval-inbox'], features: [], commands: [], ...changes },
});

test.each([
  ['the page it is for', { origin: 'https://portal.example' }, 200],
  ['another page', { origin: 'https://evil.example' }, 401],
  ['a sandboxed page', { origin: 'null' }, 401],
  ['no page at all', {}, 401],
  ['another site that sends no origin', { 'sec-fetch-site': 'cross-site' }, 401],
])('a token bound to an origin, shown by %s', async (_who, headers, status) => {
  await start();
  const token = await platform.token(grant({ origin: 'https://portal.example' }));
  const answer = await platform.ask(name, { token, headers: headers as Record<string, string> });
  expect(answer.status).toBe(status);
});

test('a page reads its own origin without saying so', async () => {
  await start();
  const token = await platform.token(grant({ origin: platform.url }));
  const headers = { authorization: `Bearer ${token}`, 'apollo-require-preflight': '1' };
  const get = (more: Record<string, string>) =>
    fetch(`${platform.url}/graphql?query={viewerName}`, { headers: { ...headers, ...more } });
  expect((await get({ 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  expect((await get({})).status).toBe(401);
});

test('a token bound to an origin opens no socket from another page', async () => {
  await start();
  const client = socketClient(
    platform.url,
    await platform.token(grant({ origin: 'https://portal.example' })),
  );
  const closed = await takeClose(client.iterate({ query: name }));
  expect(closed).toBe(4401);
  await client.dispose();
});

async function takeClose(results: AsyncIterable<unknown>): Promise<unknown> {
  try {
    for await (const result of results) return result;
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return undefined;
}
