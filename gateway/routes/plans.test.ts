import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startSmallPlatform, type SmallPlatform } from '../fixtures/small-platform.ts';
import type { ExplainedOperation } from '../observability/explain-operation.ts';

let platform: SmallPlatform;
let demo: SmallPlatform;
let admin: string;
let member: string;

beforeAll(async () => {
  [platform, demo] = await Promise.all([
    startSmallPlatform(),
    startSmallPlatform({ demo: { openSession: async () => undefined, token: 'the token of the demo' } }),
  ]);
  for (const { data } of [platform, demo]) {
    data.vendors.set('ven_1', { id: 'ven_1', name: 'Acme' });
    data.entries.set('je_1', { id: 'je_1', number: 'JE-1', vendorId: 'ven_1' });
  }
  admin = await platform.token({ kind: 'platform', organisationId: 'platform', scopes: ['platform:admin'] });
  member = await platform.token();
});
afterAll(() => Promise.all([platform.stop(), demo.stop()]));
beforeEach(() => {
  for (const source of Object.values(platform.sources)) source.asked.length = 0;
});

const query = `query Entry($id: ID!) {
  journalEntry(id: $id) { number related { number vendor { name } } }
}`;

interface Refused {
  readonly errors: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

async function explain(
  body: object,
  { token = admin, url = platform.url }: { token?: string; url?: string } = {},
): Promise<{ status: number; body: ExplainedOperation & Refused }> {
  const answer = await fetch(`${url}/plans`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as ExplainedOperation & Refused };
}

test('a plan is a tree of fetches with what each asks and what it must know', async () => {
  const { status, body } = await explain({ query, variables: { id: 'je_1' } });
  expect(status).toBe(200);
  expect(body.plan).toMatchObject({
    kind: 'sequence',
    steps: [
      { kind: 'fetch', id: 0, subgraph: 'transactions', path: [], entities: [], variables: ['id'] },
      {
        kind: 'fetch',
        id: 1,
        subgraph: 'vendors',
        path: ['journalEntry', 'related', '@', 'vendor'],
        entities: ['Vendor { id }'],
        query: expect.stringContaining('... on Vendor {\n      name'),
      },
    ],
  });
  expect(body.operation).toMatchObject({ name: 'Entry', type: 'query' });
  expect(body.timings).toBeNull();
  expect(platform.sources.transactions.asked).toEqual([]);
});

test('the cost says which fields it comes from, and the parts are the whole', async () => {
  const { body } = await explain({ query, variables: { id: 'je_1' } });
  const [entry] = body.cost.fields;
  const related = entry?.fields.find(({ field }) => field === 'related');
  expect(related).toMatchObject({ times: 1, size: 5, cost: 1 + 5 * 3 });
  expect(related?.fields).toMatchObject([
    { field: 'number', times: 5, cost: 5 },
    { field: 'vendor', times: 5, cost: 10, fields: [{ field: 'name', times: 5, cost: 5 }] },
  ]);
  expect(body.cost.total).toBe(1 + 1 + 16);
  expect(entry?.cost).toBe(body.cost.total);
});

test('fields of fragments are found where they are spread', async () => {
  const spread = `query A { ...Entries } fragment Entries on Query { one: journalEntry(id: "je_1") { ... on JournalEntry { number } } }`;
  const { body } = await explain({ query: spread });
  expect(body.cost.fields).toMatchObject([
    { field: 'one: journalEntry', cost: 2, fields: [{ field: 'number' }] },
  ]);
});

test('a run measures every fetch of the plan, under the rights of the token it is given', async () => {
  const { body } = await explain({ query, variables: { id: 'je_1' }, run: true, token: member });
  expect(body.timings?.errors).toEqual([]);
  const fetches = body.timings?.fetches ?? [];
  expect(fetches.map(({ id, subgraph, entities, failed }) => [id, subgraph, entities, failed])).toEqual([
    [0, 'transactions', 0, false],
    [1, 'vendors', 1, false],
  ]);
  const [first, second] = fetches;
  expect(second!.startedAt).toBeGreaterThanOrEqual(first!.startedAt + first!.milliseconds);
  expect(platform.sources.transactions.asked[0]).toMatchObject({ timed: true, actor: { name: 'Ana' } });
  expect(JSON.stringify(body)).not.toContain('Acme');
});

test('a run under rights that see nothing tells the errors, not the rows', async () => {
  const { body } = await explain({ query, variables: { id: 'je_1' }, run: true });
  expect(body.timings?.errors[0]?.extensions.code).toBe('FORBIDDEN');
  expect(body.timings?.fetches.map(({ failed }) => failed)).toEqual([true]);
});

test.each([
  ['an operation that is not valid', { query: '{ nothing }' }, 'GRAPHQL_VALIDATION_FAILED'],
  ['text that is no operation', { query: '{' }, 'GRAPHQL_PARSE_FAILED'],
  ['no operation', {}, 'FIELD_MISSING'],
  ['variables that are no object', { query: '{ viewerName }', variables: 'x' }, 'FIELD_INVALID'],
  ['a run of a mutation', { query: 'mutation { rename(to: "x") }', run: true }, 'BAD_REQUEST'],
  ['a run without its variables', { query, run: true }, 'BAD_USER_INPUT'],
])('%s is refused with its code', async (_what, body, code) => {
  const answer = await explain(body);
  expect([answer.status, answer.body.errors[0]?.extensions.code]).toEqual([400, code]);
  expect(platform.sources.access.asked).toEqual([]);
});

test('the plan of a mutation and of a subscription can be looked at', async () => {
  const mutation = await explain({ query: 'mutation { rename(to: "x") }' });
  expect(mutation.body.plan).toMatchObject({ kind: 'fetch', subgraph: 'access' });
  const subscription = await explain({
    query: 'subscription { journalEntryChanged { change journalEntry { number vendor { name } } } }',
  });
  expect(subscription.body.plan).toMatchObject({
    kind: 'event',
    steps: [{ subgraph: 'transactions' }, { subgraph: 'vendors' }],
  });
});

test('plans are shown to holders of platform:admin only', async () => {
  expect((await explain({ query }, { token: member })).status).toBe(403);
  expect((await explain({ query }, { token: 'nobody' })).status).toBe(401);
  const recent = await fetch(`${platform.url}/plans/recent`, {
    headers: { authorization: `Bearer ${member}` },
  });
  expect(recent.status).toBe(403);
});

test('a demo shows them on its own machine to whoever has a token, and gives one to its own page', async () => {
  const token = await demo.token();
  expect((await explain({ query }, { token, url: demo.url })).status).toBe(200);
  const tokenOf = async (url: string): Promise<unknown> => (await fetch(`${url}/plans/token`)).json();
  expect(await tokenOf(demo.url)).toEqual({ token: 'the token of the demo' });
  expect(await tokenOf(platform.url)).toEqual({ token: null });
});

test('operations asked lately are listed with their cost and without their variables', async () => {
  await platform.ask(query, { variables: { id: 'je_hidden' } });
  await platform.ask(query, { variables: { id: 'je_1' } });
  const answer = await fetch(`${platform.url}/plans/recent`, {
    headers: { authorization: `Bearer ${admin}` },
  });
  const text = await answer.text();
  expect(text).not.toContain('je_hidden');
  const { operations } = JSON.parse(text) as { operations: unknown[] };
  expect(operations[0]).toMatchObject({ name: 'Entry', type: 'query', text: query, cost: 18, calls: 2 });
});

test('the page loads nothing of others and lets nobody frame it', async () => {
  for (const [path, type] of [
    ['/plans', 'text/html'],
    ['/plans/viewer.js', 'text/javascript'],
    ['/plans/render.js', 'text/javascript'],
    ['/plans/viewer.css', 'text/css'],
  ] as const) {
    const answer = await fetch(`${platform.url}${path}`);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect([path, answer.status, answer.headers.get('content-type')?.startsWith(type)]).toEqual([
      path,
      200,
      true,
    ]);
    expect(policy).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(policy).not.toMatch(/unsafe|https?:/);
    expect(await answer.text()).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
  }
});
