import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Actor } from '#kernel/actor';
import { localTokens } from '#kernel/tokens';
import { startSmallPlatform, type SmallPlatform } from '../fixtures/small-platform.ts';

let platform: SmallPlatform;
let provider: Server;
let issuer: string;
let providerKey: CryptoKey;

const defaultClaims = {
  organisation: 'crossfoot_organisation',
  member: 'crossfoot_member',
  name: 'name',
  scope: 'scope',
  roles: 'crossfoot_roles',
};

const keyActor: Actor = {
  kind: 'key',
  id: 'key_1',
  credentialId: 'key_1',
  memberId: 'mem_7',
  name: 'Importer',
  organisationId: 'org_1',
  scopes: ['vendors:read'],
  source: 'api',
};

beforeAll(async () => {
  const pair = await generateKeyPair('ES256');
  providerKey = pair.privateKey;
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256', use: 'sig' };
  provider = createServer((request, response) => {
    const isDiscovery = request.url === '/.well-known/openid-configuration';
    const body = isDiscovery ? { issuer, jwks_uri: `${issuer}/keys` } : { keys: [jwk] };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
});
afterAll(() => provider.close());

beforeEach(async () => {
  platform = await startSmallPlatform({
    config: {
      port: 0,
      host: '127.0.0.1',
      oidc: {
        issuers: [{ issuer, audience: 'crossfoot' }],
        claims: defaultClaims,
        scopePrefix: '',
      },
      uploadLimitBytes: 1024,
      allowedOrigins: [],
    },
  });
  platform.data.keys.set('cf_one_secret', keyActor);
});
afterEach(() => platform.stop());

const nobody = { status: 401, body: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } };
const name = '{ viewerName }';

/** A token of the provider; claims set to undefined are left out. */
async function providerToken(claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}) {
  const all = {
    iss: issuer,
    aud: 'crossfoot',
    sub: 'somebody',
    exp: Math.floor(Date.now() / 1000) + 60,
    crossfoot_organisation: 'org_1',
    crossfoot_member: 'mem_5',
    name: 'Petra',
    scope: 'openid vendors:read platform:admin platform:internal',
    ...claims,
  };
  const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return new SignJWT(kept).setProtectedHeader({ alg: 'ES256', kid: 'one', ...header }).sign(providerKey);
}

test.each([
  ['no token', {}],
  ['another scheme', { authorization: 'Basic YTpi' }],
  ['a made-up key', { authorization: 'Bearer cf_made_up' }],
  ['a made-up token', { authorization: 'Bearer a.b.c' }],
])('%s is nobody', async (_what, headers) => {
  const answer = await platform.ask(name, { token: null, headers });
  expect(answer).toMatchObject(nobody);
  expect(answer.headers.get('www-authenticate')).toBe('Bearer');
});

test('a token of this installation is its actor', async () => {
  expect(await platform.ask(name)).toMatchObject({ status: 200, body: { data: { viewerName: 'Ana' } } });
});

test('an expired token and one of another installation are nobody', async () => {
  const expired = await platform.token({}, -1);
  expect(await platform.ask(name, { token: expired })).toMatchObject(nobody);
  const other = localTokens('the secret of quite another installation');
  const { token } = await other.issue({ ...keyActor, kind: 'member' }, 60);
  expect(await platform.ask(name, { token })).toMatchObject(nobody);
});

test('a token that nobody signed is nobody', async () => {
  const token = new UnsecuredJWT({ scope: 'vendors:read', organisationId: 'org_1', kind: 'member' })
    .setIssuer('crossfoot')
    .setAudience('crossfoot')
    .setSubject('mem_1')
    .setExpirationTime('1h')
    .encode();
  expect(await platform.ask(name, { token: token || 'x' })).toMatchObject(nobody);
});

test('a key is its actor, looked up once for requests close together', async () => {
  const answers = await Promise.all([1, 2, 3].map(() => platform.ask(name, { token: 'cf_one_secret' })));
  expect(answers.map(({ body }) => body.data?.['viewerName'])).toEqual(['Importer', 'Importer', 'Importer']);
  const lookups = platform.sources.access.asked.filter(({ query }) => query.includes('keyActor'));
  expect(lookups).toHaveLength(1);
  expect(lookups[0]?.actor).toMatchObject({ id: 'gateway', scopes: ['platform:internal'] });
});

test('a revoked key is nobody as soon as the revocation is known', async () => {
  expect((await platform.ask(name, { token: 'cf_one_secret' })).status).toBe(200);
  platform.data.keys.delete('cf_one_secret');
  platform.events.emit({ type: 'apiKey.revoked', subjectId: 'key_1' });
  expect(await platform.ask(name, { token: 'cf_one_secret' })).toMatchObject(nobody);
});

test('a key that cannot be looked up is no proof of anything', async () => {
  platform.sources.access.before = () => {
    throw new Error('connection refused');
  };
  const answer = await platform.ask(name, { token: 'cf_one_secret' });
  expect(answer.status).toBe(500);
  platform.sources.access.before = () => undefined;
  expect((await platform.ask(name, { token: 'cf_one_secret' })).status).toBe(200);
});

test('a token of the configured provider acts for the member and rights it names', async () => {
  const answer = await platform.ask('{ viewerName vendorCount }', { token: await providerToken() });
  expect(answer).toMatchObject({ status: 200, body: { data: { viewerName: 'Petra', vendorCount: 0 } } });
  expect(platform.sources.access.asked.at(-1)?.actor).toMatchObject({
    kind: 'member',
    id: 'mem_5',
    memberId: 'mem_5',
    organisationId: 'org_1',
    scopes: ['vendors:read'],
  });
});

test.each([
  ['for somebody else', { aud: 'other' }, {}],
  ['that has expired', { exp: 1 }, {}],
  ['that never expires', { exp: undefined }, {}],
  ['without an organisation', { crossfoot_organisation: undefined }, {}],
  ['for the platform itself', { crossfoot_organisation: 'platform' }, {}],
  ['without a member', { crossfoot_member: undefined }, {}],
  ['of an unknown key', {}, { kid: 'two' }],
])('a token of the provider %s is nobody', async (_what, claims, header) => {
  expect(await platform.ask(name, { token: await providerToken(claims, header) })).toMatchObject(nobody);
});

test('while the provider of a token does not answer the request may be repeated, which other tokens need not', async () => {
  const away = await startSmallPlatform({
    config: {
      port: 0,
      host: '127.0.0.1',
      // Nothing listens there.
      oidc: {
        issuers: [{ issuer: 'http://127.0.0.1:1', audience: 'crossfoot' }],
        claims: defaultClaims,
        scopePrefix: '',
      },
      uploadLimitBytes: 1024,
      allowedOrigins: [],
    },
  });
  try {
    const token = await providerToken({ iss: 'http://127.0.0.1:1' });
    const again = { status: 503, body: { errors: [{ extensions: { code: 'UNAVAILABLE' } }] } };
    expect(await away.ask(name, { token })).toMatchObject(again);
    expect((await away.ask(name)).status).toBe(200);
    expect(await away.ask(name, { token: 'a.b.c' })).toMatchObject(nobody);
  } finally {
    await away.stop();
  }
});
