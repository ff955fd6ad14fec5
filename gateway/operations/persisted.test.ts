import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSmallPlatform, type Answer, type SmallPlatform } from '../fixtures/small-platform.ts';
import { readRegisteredOperations } from './registered-operations.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const registeredText = 'query Registered { viewerName }';
const namedText = 'query Named { viewerName vendorCount }';
const automatic = (text: string) => ({ persistedQuery: { version: 1, sha256Hash: sha256(text) } });

let folder: string;
let platform: SmallPlatform;
let token: string;
let embedToken: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crossfoot-operations-'));
  platform = await startSmallPlatform({
    registered: readRegisteredOperations([
      file('apollo.json', {
        format: 'apollo-persisted-query-manifest',
        version: 1,
        operations: [{ id: sha256(registeredText), name: 'Registered', type: 'query', body: registeredText }],
      }),
      file('relay.json', { 'named-1': namedText }),
    ]),
    config: {
      port: 0,
      host: '127.0.0.1',
      oidc: undefined,
      uploadLimitBytes: 1024,
      allowedOrigins: [],
      safelist: { internal: 'off', portal: 'enforce', partner: 'warn' },
    },
  });
  token = await platform.token();
  const embed = { components: [], features: [], commands: [] };
  embedToken = await platform.token({ kind: 'embed', embed });
});
afterAll(async () => {
  await platform.stop();
  rmSync(folder, { recursive: true });
});

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

async function post(body: object, bearer = token): Promise<Answer & { text: string }> {
  const response = await fetch(`${platform.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: JSON.parse(text) as Answer['body'],
    text,
  };
}

async function get(parameters: Record<string, string>): Promise<Answer> {
  const address = new URLSearchParams(parameters);
  const response = await fetch(`${platform.url}/graphql?${address}`, {
    headers: { authorization: `Bearer ${token}`, 'apollo-require-preflight': 'yes' },
  });
  const { status, headers } = response;
  return { status, headers, body: (await response.json()) as Answer['body'] };
}

const codes = ({ body }: Answer) => body.errors?.map(({ extensions }) => extensions.code);

describe('an automatic persisted query', () => {
  test('is asked for, sent once and known from then on', async () => {
    const query = 'query Once { viewerName }';
    const unknown = await post({ extensions: automatic(query) });
    expect(unknown.status).toBe(200);
    expect(codes(unknown)).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    expect(unknown.body.errors?.[0]?.message).toBe('PersistedQueryNotFound');
    expect((await post({ query, extensions: automatic(query) })).body.data).toEqual({ viewerName: 'Ana' });
    for (const _again of [1, 2, 3]) {
      expect((await post({ extensions: automatic(query) })).body.data).toEqual({ viewerName: 'Ana' });
    }
  });

  test('takes variables, by POST and by GET', async () => {
    platform.data.entries.set('je_1', { id: 'je_1', number: '7', vendorId: 'ven_1' });
    const query = 'query One($id: ID!) { journalEntry(id: $id) { number } }';
    await post({ query, variables: { id: 'je_1' }, extensions: automatic(query) });
    const expected = { journalEntry: { number: '7' } };
    const posted = await post({ variables: { id: 'je_1' }, extensions: automatic(query) });
    expect(posted.body.data).toEqual(expected);
    const extensions = JSON.stringify(automatic(query));
    const got = await get({ extensions, variables: JSON.stringify({ id: 'je_1' }) });
    expect(got.body).toMatchObject({ data: expected });
    expect((await get({ extensions })).body.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  test('is learnt by GET too', async () => {
    const query = '{ viewerName learntByGet: viewerName }';
    const extensions = JSON.stringify(automatic(query));
    expect(codes(await get({ extensions }))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    expect((await get({ query, extensions })).status).toBe(200);
    expect((await get({ extensions })).body.data).toEqual({ viewerName: 'Ana', learntByGet: 'Ana' });
  });

  test('of another text than the hash says is refused and not learnt', async () => {
    const query = '{ viewerName victim: viewerName }';
    const lie = await post({ query: '{ vendorCount }', extensions: automatic(query) });
    expect(lie.status).toBe(400);
    expect(codes(lie)).toEqual(['BAD_REQUEST']);
    expect(lie.body.errors?.[0]?.message).toBe('provided sha does not match query');
    expect(codes(await post({ extensions: automatic(query) }))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
  });

  test('of another version is refused', async () => {
    const persistedQuery = { version: 2, sha256Hash: sha256(registeredText) };
    const answer = await post({ extensions: { persistedQuery } });
    expect([answer.status, codes(answer)]).toEqual([400, ['BAD_REQUEST']]);
  });

  test('is not kept when it is very long, and still answered', async () => {
    const query = `{ viewerName } #${'x'.repeat(20_000)}`;
    expect((await post({ query, extensions: automatic(query) })).body.data).toEqual({ viewerName: 'Ana' });
    expect(codes(await post({ extensions: automatic(query) }))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
  });

  test('travels over sockets as well', async () => {
    const query = 'query OnSocket { viewerName }';
    const client = platform.client(token);
    const ask = (payload: { query: string; extensions: Record<string, unknown> }): Promise<unknown> =>
      new Promise((resolve) => {
        client.subscribe(payload, { next: resolve, error: resolve, complete: () => undefined });
      });
    expect(await ask({ query: '', extensions: automatic(query) })).toMatchObject([
      { extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } },
    ]);
    const data = { viewerName: 'Ana' };
    expect(await ask({ query, extensions: automatic(query) })).toMatchObject({ data });
    expect(await ask({ query: '', extensions: automatic(query) })).toMatchObject({ data });
    await client.dispose();
  });

  test('passes the same limits as any other', async () => {
    const query = `{ ${Array.from({ length: 60 }, (_value, index) => `a${index}: viewerName`).join(' ')} }`;
    expect(codes(await post({ query, extensions: automatic(query) }))).toEqual(['OPERATION_TOO_COMPLEX']);
    expect(codes(await post({ extensions: automatic(query) }))).toEqual(['OPERATION_TOO_COMPLEX']);
  });
});

describe('a registered operation', () => {
  test.each([
    ['its hash', { documentId: `sha256:${sha256(registeredText)}` }],
    ['its hash alone', { id: sha256(registeredText) }],
    ['an automatic reference', { extensions: automatic(registeredText) }],
  ])('is answered by %s', async (_what, body) => {
    expect((await post(body)).body.data).toEqual({ viewerName: 'Ana' });
  });

  test('is answered by the id a manifest gave it', async () => {
    expect((await post({ documentId: 'named-1' })).body.data).toEqual({ viewerName: 'Ana', vendorCount: 0 });
  });

  test('that is unknown is told apart from what could be learnt', async () => {
    const answer = await post({ documentId: 'sha256:00' });
    expect(codes(answer)).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    expect(answer.body.errors?.[0]?.message).not.toBe('PersistedQueryNotFound');
    expect(codes(await post({ documentId: 'named-1', query: '{ viewerName }' }))).toEqual(['BAD_REQUEST']);
  });
});

describe('the safelist', () => {
  test('lets a view that is held to it send what is registered, by text or by id', async () => {
    for (const body of [{ query: registeredText }, { id: sha256(registeredText) }]) {
      expect((await post(body, embedToken)).body.data).toEqual({ viewerName: 'Ana' });
    }
  });

  test('refuses everything else, also what another has taught as an automatic query', async () => {
    const query = 'query Other { viewerName }';
    await post({ query, extensions: automatic(query) });
    for (const body of [{ query }, { extensions: automatic(query) }]) {
      const answer = await post(body, embedToken);
      expect([answer.status, codes(answer)]).toEqual([403, ['OPERATION_NOT_REGISTERED']]);
    }
    expect((await post({ query })).body.data).toEqual({ viewerName: 'Ana' });
  });

  test('only counts where it warns', async () => {
    const partner = await platform.token({ view: 'partner' });
    const query = 'query Warned { viewerName }';
    expect((await post({ query }, partner)).body.data).toEqual({ viewerName: 'Ana' });
    const figures = await (await fetch(`${platform.url}/metrics`)).text();
    expect(figures).toMatch(
      /crossfoot_unregistered_operations_total\{view="partner",client="",outcome="let through"\} [1-9]/,
    );
  });
});

test.each([
  ['cannot be read', 'no JSON'],
  ['is no manifest of operations', '[]'],
  ['needs an id and a text', { a: 1 }],
  ['is not the SHA-256 of its operation', { [`sha256:${'0'.repeat(64)}`]: '{ viewerName }' }],
])('a manifest that %s is named', (what, content) => {
  const path = file('wrong.json', content);
  expect(() => readRegisteredOperations([path])).toThrow(path);
  expect(() => readRegisteredOperations([path])).toThrow(what);
});

test('two manifests cannot give one id to two texts', () => {
  const files = [file('one.json', { a: '{ viewerName }' }), file('two.json', { a: '{ vendorCount }' })];
  expect(() => readRegisteredOperations(files)).toThrow('already stands for another operation');
});
