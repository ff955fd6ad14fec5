import { createHmac } from 'node:crypto';
import { exportSPKI, importJWK, type JWK } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Actor } from '#kernel/actor';
import type { OidcConfig } from '#kernel/edge-config';
import { localTokens } from '#kernel/tokens';
import { startOidcProvider, tokenSeconds, type OidcTestProvider } from '../../test/support/oidc-provider.ts';
import type { SubgraphSource } from '../sources/subgraph-source.ts';
import { createAuthenticator, type Authenticator, type ShownBy } from './authenticate.ts';

let provider: OidcTestProvider;
let second: OidcTestProvider;
let now: number;
let authenticator: Authenticator;

beforeAll(async () => {
  [provider, second] = await Promise.all([startOidcProvider(), startOidcProvider()]);
});
afterAll(() => Promise.all([provider.stop(), second.stop()]));

const claims: OidcConfig['claims'] = {
  organisation: 'crossfoot_organisation',
  member: 'crossfoot_member',
  name: 'name',
  scope: 'scope',
  roles: 'crossfoot_roles',
};
const member = { crossfoot_organisation: 'org_1', crossfoot_member: 'mem_5', name: 'Petra' };
const noKeys = {
  execute: () => Promise.reject(new Error('nobody asks for keys here')),
} as unknown as SubgraphSource;
const request = { headers: {}, socket: { remoteAddress: '127.0.0.1' } } as unknown as ShownBy;

function gate(changes: Partial<OidcConfig> = {}): Authenticator {
  const issuers = [
    { issuer: provider.issuer, audience: 'crossfoot' },
    { issuer: second.issuer, audience: 'books' },
  ];
  return createAuthenticator({
    access: noKeys,
    tokens: localTokens('a secret of the tests, long enough to be taken'),
    oidc: { issuers, claims, scopePrefix: '', ...changes },
    now: () => now,
  });
}

beforeEach(() => {
  now = Date.now();
  provider.break(false);
  authenticator = gate();
});

const ask = (token: string, by = authenticator): Promise<Actor> =>
  by.authenticate(`Bearer ${token}`, request);
/** The code with which a token is refused. */
const refusal = (token: string, by = authenticator): Promise<unknown> =>
  ask(token, by).then(
    () => 'taken',
    (error: unknown) => (error as { code?: unknown }).code,
  );
const after = (milliseconds: number): void => void (now += milliseconds);

test('a token of either provider acts for its member, each with its own audience', async () => {
  expect(await ask(await provider.token({ claims: member }))).toMatchObject({
    kind: 'member',
    id: 'mem_5',
    memberId: 'mem_5',
    organisationId: 'org_1',
    name: 'Petra',
    scopes: ['vendors:read'],
  });
  const other = { ...member, crossfoot_member: 'mem_9' };
  expect(await ask(await second.token({ claims: other, audience: 'books' }))).toMatchObject({ id: 'mem_9' });
  expect(await refusal(await second.token({ claims: other, audience: 'crossfoot' }))).toBe('UNAUTHENTICATED');
  expect(await refusal(await provider.token({ claims: other, audience: 'books' }))).toBe('UNAUTHENTICATED');
});

test('a provider nobody configured is nobody, and its address is never asked', async () => {
  const stranger = await startOidcProvider();
  try {
    const token = await stranger.token({ claims: member });
    expect(await refusal(token)).toBe('UNAUTHENTICATED');
    expect(stranger.keyRequests()).toBe(0);
  } finally {
    await stranger.stop();
  }
});

test('a key that is new at the provider is taken at once, and one it took away soon is not', async () => {
  const before = await provider.token({ claims: member });
  expect(await refusal(before)).toBe('taken');
  after(10_000);
  await provider.rotate({ keepOld: true });
  const fresh = await provider.token({ claims: member });
  expect(await refusal(fresh)).toBe('taken');
  expect(await refusal(before)).toBe('taken');
  after(10_000);
  await provider.rotate({ keepOld: false });
  expect(await refusal(await provider.token({ claims: member }))).toBe('taken');
  // What was found valid is remembered for a minute, and so are the keys.
  after(121_000);
  expect(await refusal(fresh)).toBe('UNAUTHENTICATED');
  expect(await refusal(await provider.token({ claims: member }))).toBe('taken');
});

test('tokens of made-up keys do not make us ask the provider again and again', async () => {
  await ask(await provider.token({ claims: member }));
  const [header = '', body = '', signature = ''] = (await provider.token({ claims: member })).split('.');
  const asked = provider.keyRequests();
  for (let index = 0; index < 20; index += 1) {
    const kid = encode({ ...decode(header), kid: `made up ${index}` });
    expect(await refusal(`${kid}.${body}.${signature}`)).toBe('UNAUTHENTICATED');
  }
  expect(provider.keyRequests() - asked).toBeLessThanOrEqual(1);
});

test('while the provider is away at the start, the answer is to try again; then it is found', async () => {
  const token = await provider.token({ claims: member });
  provider.break(true);
  const waiting = gate();
  expect(await refusal(token, waiting)).toBe('UNAVAILABLE');
  provider.break(false);
  after(3_000);
  expect(await refusal(token, waiting)).toBe('taken');
});

test('when the provider goes away later its last keys serve for a while, then the answer is to try again', async () => {
  await ask(await provider.token({ claims: member }));
  const other = await provider.token({ claims: { ...member, crossfoot_member: 'mem_6' } });
  provider.break(true);
  after(62_000);
  expect(await refusal(other)).toBe('taken');
  after(15 * 60_000);
  expect(await refusal(other)).toBe('UNAVAILABLE');
});

test.each([
  ['whose time is over', tokenSeconds * 1000 + 31_000, 'UNAUTHENTICATED'],
  ['whose time is over by less than clocks may differ', tokenSeconds * 1000 + 25_000, 'taken'],
  ['issued a little in the future by our clock', -25_000, 'taken'],
])('a token %s', async (_what, passed, outcome) => {
  const token = await provider.token({ claims: member });
  after(passed);
  expect(await refusal(token)).toBe(outcome);
});

test('a token that is remembered ends when it ends', async () => {
  const token = await provider.token({ claims: member });
  const actor = await ask(token);
  expect(await refusal(token)).toBe('taken');
  after((actor.expiresAt ?? 0) - now + 1);
  expect(await refusal(token)).toBe('UNAUTHENTICATED');
});

test.each([
  ['not valid yet', { nbf: Math.floor(Date.now() / 1000) + 3600 }],
  ['without an organisation', { crossfoot_organisation: undefined }],
  ['for the platform itself', { crossfoot_organisation: 'platform' }],
  ['with an organisation that is no text', { crossfoot_organisation: ['org_1'] }],
  ['without a member', { crossfoot_member: '' }],
  ['bound to a key of its client', { cnf: { jkt: 'x' } }],
])('a token %s is nobody', async (_what, changed) => {
  expect(await refusal(await provider.token({ claims: { ...member, ...changed } }))).toBe('UNAUTHENTICATED');
});

test('rights come from scopes and roles, never those of the platform', async () => {
  const scope = 'vendors:read transactions:read platform:admin platform:internal';
  const token = await provider.token({
    claims: { ...member, crossfoot_roles: ['AUDITOR', 'EMPEROR'] },
    scope,
  });
  const { scopes } = await ask(token);
  expect(scopes).toContain('audit:read');
  expect(scopes).toContain('transactions:read');
  expect(scopes.filter((one) => one.startsWith('platform:'))).toEqual([]);
  expect(new Set(scopes).size).toBe(scopes.length);
});

test('claims have the names the provider gives them, and scopes their prefix', async () => {
  const renamed = gate({
    claims: { organisation: 'https://books/org', member: 'uid', name: 'nick', scope: 'scp', roles: 'groups' },
    scopePrefix: 'api/',
  });
  const given = {
    'https://books/org': 'org_2',
    uid: 'mem_7',
    nick: 'Nick',
    scp: ['api/vendors:read', 'audit:read'],
  };
  expect(await ask(await provider.token({ claims: given }), renamed)).toMatchObject({
    organisationId: 'org_2',
    id: 'mem_7',
    name: 'Nick',
    scopes: ['vendors:read'],
  });
});

test('no algorithm, a secret made of the public key, another key and another kind of token are refused', async () => {
  const token = await provider.token({ claims: member });
  const [header = '', body = '', signature = ''] = token.split('.');
  const { keys } = (await (await fetch(`${provider.issuer}/jwks`)).json()) as { keys: JWK[] };
  const jwk = keys[0] as JWK;
  const pem = await exportSPKI((await importJWK({ ...jwk }, 'ES256', { extractable: true })) as CryptoKey);
  const kept = decode(header);
  const withSecret = (secret: string): string => {
    const head = encode({ ...kept, alg: 'HS256' });
    return `${head}.${body}.${createHmac('sha256', secret).update(`${head}.${body}`).digest('base64url')}`;
  };
  const forged = [
    `${encode({ ...kept, alg: 'none' })}.${body}.`,
    `${encode({ ...kept, alg: 'none' })}.${body}.${signature}`,
    withSecret(pem),
    withSecret(JSON.stringify(jwk)),
    `${encode({ ...kept, typ: 'logout+jwt' })}.${body}.${signature}`,
    `${header}.${encode({ ...decode(body), crossfoot_organisation: 'org_2' })}.${signature}`,
    `${encode({ ...kept, jwk })}.${body}.${signature}`,
    `${header}.${body}.${signature}=`,
    `${header}.${body}.${'A'.repeat(signature.length)}`,
    `${header}.${body}`,
  ];
  for (const one of forged) expect([one, await refusal(one)]).toEqual([one, 'UNAUTHENTICATED']);
  expect(await refusal(token)).toBe('taken');
});

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
}
