import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
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

const old = 'an old secret of at least thirty-two characters';
const fresh = 'a fresh secret of at least thirty-two characters';

test('while a secret is replaced, requests under both are taken, and then only under the new one', () => {
  const underOld = () => {
    const headers = requestSigner([old, fresh])({ actor, subgraph: 'vendors', body: '{}' });
    return {
      context: headers[signatureHeaders.context],
      signature: headers[signatureHeaders.signature],
      body: '{}',
    };
  };
  for (const secrets of [[old], [old, fresh], [fresh, old]]) {
    expect(requestVerifier(secrets, 'vendors').verify(underOld())).toEqual(actor);
  }
  expect(() => requestVerifier([fresh], 'vendors').verify(underOld())).toThrow('does not fit');
});

test.each([
  ['half a minute later', 30_000, actor.id],
  ['more than half a minute later', 30_001, 'too old'],
  ['a little before it was signed, by a clock behind', -30_000, actor.id],
  ['long before it was signed', -30_001, 'from the future'],
])('a request that arrives %s', (_when, milliseconds, outcome) => {
  vi.useFakeTimers();
  try {
    const request = signed();
    vi.setSystemTime(Date.now() + milliseconds);
    const verify = (): string => {
      try {
        return requestVerifier(secret, 'vendors').verify(request).id;
      } catch (error) {
        return String(error);
      }
    };
    expect(verify()).toContain(outcome);
  } finally {
    vi.useRealTimers();
  }
});

test('a request is not taken again as long as its signature would hold, however many came between', () => {
  vi.useFakeTimers();
  try {
    const verifier = requestVerifier(secret, 'vendors');
    const request = signed();
    vi.setSystemTime(Date.now() - 29_000);
    verifier.verify(request);
    vi.setSystemTime(Date.now() + 58_000);
    for (let index = 0; index < 100; index += 1) verifier.verify(signed());
    expect(() => verifier.verify(request)).toThrow('seen before');
  } finally {
    vi.useRealTimers();
  }
});

test('every changed character of context, signature or body is noticed', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('context', 'signature', 'body'),
      fc.nat(),
      fc.integer({ min: 33, max: 126 }),
      (part, at, code) => {
        const request = signed();
        const text = request[part] ?? '';
        const place = at % text.length;
        const changed = text.slice(0, place) + String.fromCharCode(code) + text.slice(place + 1);
        fc.pre(changed !== text);
        const verify = () => requestVerifier(secret, 'vendors').verify({ ...request, [part]: changed });
        expect(verify).toThrow('not signed');
      },
    ),
  );
});

test('tokens of a replaced secret are taken as long as it is listed, new ones are signed with the first', async () => {
  const member = { ...actor, kind: 'member' } as const;
  const { token } = await localTokens([old]).issue(member, 60);
  expect(await localTokens([fresh, old]).verify(token)).toMatchObject({ kind: 'member' });
  await expect(localTokens([fresh]).verify(token)).rejects.toThrow('not valid here');
  const renewed = await localTokens([fresh, old]).issue(member, 60);
  expect(await localTokens([fresh]).verify(renewed.token)).toMatchObject({ kind: 'member' });
  const expired = await localTokens([old]).issue(member, -1);
  await expect(localTokens([fresh, old]).verify(expired.token)).rejects.toThrow('has expired');
});

test('a token for components carries what it is bound to; none is taken without', async () => {
  const tokens = localTokens(secret);
  const embed = {
    components: ['approval-inbox'],
    features: ['decide'],
    commands: ['decideApproval'],
    bookId: 'bk_1',
    origin: 'https://portal.example',
  };
  const bound = await tokens.issue({ ...actor, kind: 'embed', embed }, 60);
  expect(await tokens.verify(bound.token)).toMatchObject({ kind: 'embed', embed });
  const loose = await tokens.issue({ ...actor, kind: 'embed' }, 60);
  await expect(tokens.verify(loose.token)).rejects.toThrow('not valid here');
  const mixed = await tokens.issue({ ...actor, kind: 'member', embed }, 60);
  await expect(tokens.verify(mixed.token)).rejects.toThrow('not valid here');
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
