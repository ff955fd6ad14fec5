import { expect, test } from 'vitest';
import { systemActor } from './actor.ts';
import { localVault } from './secrets.ts';
import { requestSigner, requestVerifier, signatureHeaders } from './signing.ts';
import { localTokens } from './tokens.ts';

const secret = 'a secret of at least thirty-two characters';
const actor = systemActor('vendors', 'org_1');
const sign = requestSigner(secret);

function signed(body = '{"query":"{ a }"}', subgraph = 'vendors') {
  const headers = sign({ actor, subgraph, body });
  return { context: headers[signatureHeaders.context], signature: headers[signatureHeaders.signature], body };
}

test('a signed request carries its actor', () => {
  expect(requestVerifier(secret, 'vendors').verify(signed())).toEqual(actor);
});

test.each([
  ['another body', { ...signed(), body: '{"query":"{ b }"}' }],
  ['another context', { ...signed(), context: Buffer.from('{"actor":{}}').toString('base64url') }],
  ['no signature', { ...signed(), signature: undefined }],
  ['another subgraph', signed('{}', 'audit')],
])('a request with %s is refused', (_title, request) => {
  expect(() => requestVerifier(secret, 'vendors').verify(request)).toThrow('not signed');
});

test('a request signed with another secret is refused', () => {
  expect(() => requestVerifier(`${secret}!`, 'vendors').verify(signed())).toThrow('does not fit');
});

test('a request is taken once', () => {
  const verifier = requestVerifier(secret, 'vendors');
  const request = signed();
  verifier.verify(request);
  expect(() => verifier.verify(request)).toThrow('seen before');
});

test('a token names who acts until it expires, and a changed one names nobody', async () => {
  const tokens = localTokens(secret);
  const member = { ...actor, kind: 'member', memberId: 'mem_1', scopes: ['vendors:read'] } as const;
  const { token } = await tokens.issue(member, 60);
  expect(await tokens.verify(token)).toMatchObject({
    kind: 'member',
    memberId: 'mem_1',
    scopes: ['vendors:read'],
  });
  const [head, body, tail] = token.split('.') as [string, string, string];
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
  const forged = Buffer.from(JSON.stringify({ ...claims, scope: 'access:admin' })).toString('base64url');
  const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
  for (const bad of [`${head}.${forged}.${tail}`, `${none}.${body}.`, `${token} `, `${head}.${body}`, '']) {
    await expect(tokens.verify(bad)).rejects.toThrow('not valid here');
  }
  await expect(localTokens(`${secret}!`).verify(token)).rejects.toThrow('not valid here');
  const expired = await tokens.issue(member, -1);
  await expect(tokens.verify(expired.token)).rejects.toThrow('has expired');
});

test('a sealed value opens in its own place only', () => {
  const vault = localVault(secret);
  const place = { organisationId: 'org_1', column: 'bank.iban', rowId: 'r1' };
  const sealed = vault.seal('DE89370400440532013000', place);
  expect(sealed).not.toContain('3704');
  expect(vault.open(sealed, place)).toBe('DE89370400440532013000');
  for (const other of [
    { ...place, rowId: 'r2' },
    { ...place, organisationId: 'org_2' },
    { ...place, column: 'x' },
  ]) {
    expect(() => vault.open(sealed, other)).toThrow('unable to authenticate data');
  }
  expect(vault.seal('same', place)).not.toBe(vault.seal('same', place));
  expect(vault.blindIndex('same', 'org_1')).toBe(vault.blindIndex('same', 'org_1'));
  expect(vault.blindIndex('same', 'org_1')).not.toBe(vault.blindIndex('same', 'org_2'));
});
