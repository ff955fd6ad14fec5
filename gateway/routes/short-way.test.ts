import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startSmallPlatform, type SmallPlatform } from '../fixtures/small-platform.ts';

// The first request for an operation goes through Apollo Server, those after it take the short way.

let platform: SmallPlatform;
let bearer: string;

beforeAll(async () => {
  platform = await startSmallPlatform();
  platform.data.vendors.set('ven_1', { id: 'ven_1', name: 'Acme' });
  platform.data.entries.set('je_1', { id: 'je_1', number: 'JE-1', vendorId: 'ven_1' });
  platform.data.entries.set('je_hole', { id: 'je_hole', number: null, vendorId: 'ven_none' });
  bearer = await platform.token();
});
afterAll(() => platform.stop());
beforeEach(() => {
  for (const source of Object.values(platform.sources)) {
    source.before = () => undefined;
    source.asked.length = 0;
  }
});

interface Sent {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
}

async function send(body: object, headers: Record<string, string> = {}): Promise<Sent> {
  const response = await fetch(`${platform.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}`, ...headers },
    body: JSON.stringify(body),
  });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    text: (await response.text()).replaceAll(/[0-9a-f]{32}/g, 'trace'),
  };
}

const withId = 'query One($id: ID!) { journalEntry(id: $id) { id number vendor { name } } }';

test.each<[string, object]>([
  ['a read over two subgraphs', { query: '{ journalEntry(id: "je_1") { number vendor { name country } } }' }],
  ['variables', { query: withId, variables: { id: 'je_1' } }],
  ['a number for an id', { query: withId, variables: { id: 7 } }],
  ['an operation by name', { query: `${withId} query Two { viewerName }`, operationName: 'Two' }],
  ['aliases and the type name', { query: '{ __typename a: journalEntry(id: "je_1") { __typename b: id } }' }],
  ['fragments', { query: '{ ...F } fragment F on Query { viewerName vendorCount }' }],
  ['a mutation', { query: 'mutation { rename(to: "x") }' }],
  ['an error of a subgraph', { query: '{ refused viewerName }' }],
  ['a fault of ours', { query: '{ broken }' }],
  ['a null where there may be none', { query: '{ journalEntry(id: "je_hole") { id number } viewerName }' }],
  ['a vendor who is gone', { query: '{ journalEntry(id: "je_hole") { id vendor { name } } }' }],
  ['a missing variable', { query: withId }],
  ['a variable of the wrong type', { query: withId, variables: { id: { no: 'id' } } }],
  ['an operation that is none', { query: '{ nothing }' }],
  ['a question about the schema', { query: '{ __type(name: "Vendor") { name } viewerName }' }],
])('%s is answered by the short way as by Apollo Server', async (_name, body) => {
  const first = await send(body);
  const second = await send(body);
  const third = await send(body, { accept: 'application/graphql-response+json' });
  const fourth = await send(body, { accept: 'application/graphql-response+json' });
  expect(second).toEqual(first);
  expect(fourth).toEqual(third);
});

test('an operation that takes the short way is still authenticated and counted', async () => {
  const body = { query: '{ viewerName vendorCount }' };
  await send(body);
  const before = await figure('crossfoot_operations_total{type="query",outcome="ok"}');
  expect(await send(body)).toMatchObject({ status: 200 });
  expect(await send(body, { authorization: 'Bearer none' })).toMatchObject({ status: 401 });
  expect(await figure('crossfoot_operations_total{type="query",outcome="ok"}')).toBe(before + 1);
});

async function figure(name: string): Promise<number> {
  const text = await (await fetch(`${platform.url}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.split(' ')[1] ?? 0);
}

test('equal reads under way are executed once, and not for somebody else', async () => {
  const body = { query: '{ journalEntry(id: "je_1") { number } }' };
  await send(body);
  const gate = Promise.withResolvers<void>();
  platform.sources.transactions.asked.length = 0;
  platform.sources.transactions.before = () => gate.promise;
  const other = await platform.token({ organisationId: 'org_2' });
  const sending = [send(body), send(body), send(body), send(body, { authorization: `Bearer ${other}` })];
  await expect.poll(() => platform.sources.transactions.asked.length).toBe(2);
  gate.resolve();
  const answers = await Promise.all(sending);
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(platform.sources.transactions.asked.map(({ actor }) => actor.organisationId).toSorted()).toEqual([
    'org_1',
    'org_2',
  ]);
});

test('a read that begins after a write does not join one that began before it', async () => {
  const read = { query: '{ journalEntry(id: "je_1") { number } vendorCount }' };
  await send(read);
  const gate = Promise.withResolvers<void>();
  platform.sources.transactions.asked.length = 0;
  platform.sources.transactions.before = () => gate.promise;
  const early = send(read);
  await expect.poll(() => platform.sources.transactions.asked.length).toBe(1);
  expect(await send({ query: 'mutation { rename(to: "y") }' })).toMatchObject({ status: 200 });
  const late = send(read);
  await expect.poll(() => platform.sources.transactions.asked.length).toBe(2);
  gate.resolve();
  expect((await late).text).toBe((await early).text);
});

test('long answers are packed for those who take it, and say so to caches', async () => {
  platform.data.vendors.set('ven_long', { id: 'ven_long', name: 'A long name. '.repeat(300) });
  platform.data.entries.set('je_long', { id: 'je_long', number: 'JE-2', vendorId: 'ven_long' });
  const body = { query: '{ journalEntry(id: "je_long") { vendor { name } } }' };
  const plain = await send(body, { 'accept-encoding': 'identity' });
  const response = await fetch(`${platform.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${bearer}`,
      'accept-encoding': 'gzip',
    },
    body: JSON.stringify(body),
  });
  expect(response.headers.get('content-encoding')).toBe('gzip');
  expect(response.headers.get('vary')).toContain('Accept-Encoding');
  expect(Number(response.headers.get('content-length'))).toBeLessThan(plain.text.length / 4);
  expect((await response.text()).replaceAll(/[0-9a-f]{32}/g, 'trace')).toBe(plain.text);
});
