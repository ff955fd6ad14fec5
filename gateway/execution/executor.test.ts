import { expect, test } from 'vitest';
import type { DomainEvent } from '#kernel/events';
import { anybody, asSent, federate } from '../fixtures/federation.ts';
import type { FetchObservation } from './run.ts';

const vendors = [
  { id: 'v1', name: 'Acme' },
  { id: 'v2', name: 'Brick' },
];
const transactions = ['v1', 'v2', 'v1', 'v3'].map((vendor, index) => ({
  id: `t${index}`,
  amount: index,
  vendor: { id: vendor },
}));

function books() {
  return federate({
    transactions: {
      typeDefs: `
        type Query { transactions: [Transaction!]! transaction(id: ID!): Transaction }
        type Mutation { setAmount(id: ID!, to: Int!): Transaction fail: Int! }
        type Subscription { transactionChanged: Transaction! }
        type Transaction @key(fields: "id") { id: ID! amount: Int vendor: Vendor }
        type Vendor @key(fields: "id", resolvable: false) { id: ID! }
      `,
      resolvers: {
        Query: {
          transactions: () => transactions,
          transaction: (_: unknown, { id }: { id: string }) =>
            transactions.find((one) => one.id === id) ?? null,
        },
        Mutation: {
          setAmount: (_: unknown, { id, to }: { id: string; to: number }) => ({
            id,
            amount: to,
            vendor: { id: 'v1' },
          }),
        },
        Subscription: {
          transactionChanged: {
            resolve: (event: { subjectId: string }) => transactions.find((one) => one.id === event.subjectId),
          },
        },
      },
    },
    vendors: {
      typeDefs: `
        type Query { vendorCount: Int! }
        type Vendor @key(fields: "id") { id: ID! name: String! country(short: Boolean = true): String }
      `,
      resolvers: {
        Query: { vendorCount: () => 2 },
        Vendor: {
          __resolveReference: async ({ id }: { id: string }) => {
            const found = vendors.find((one) => one.id === id);
            if (!found) throw new Error(`no vendor ${id}`);
            return found;
          },
          country: (_: unknown, { short }: { short: boolean }) => (short ? 'PL' : 'Poland'),
        },
      },
    },
  });
}

test('fields of two subgraphs come together in the order of the client', async () => {
  const { ask } = books();
  const answer = await ask(
    '{ n: vendorCount transaction(id: "t1") { v: vendor { name id __typename } amount } }',
  );
  expect(JSON.stringify(answer.data)).toBe(
    '{"n":2,"transaction":{"v":{"name":"Brick","id":"v2","__typename":"Vendor"},"amount":1}}',
  );
});

test('equal entities are asked for once, and an error of one is told at every place where it stands', async () => {
  const { ask, sources } = books();
  sources['transactions']!.change = (answer) => ({
    data: {
      transactions: [
        ...((answer.data?.['transactions'] ?? []) as unknown[]),
        { vendor: { __typename: 'Vendor', id: 'v3' } },
      ],
    },
  });
  const answer = await ask('{ transactions { vendor { name } } }');
  expect(sources['vendors']!.asked.map(({ variables }) => variables?.['representations'])).toEqual([
    ['v1', 'v2', 'v3'].map((id) => ({ __typename: 'Vendor', id })),
  ]);
  expect(answer.data).toEqual({
    transactions: [
      { vendor: { name: 'Acme' } },
      { vendor: { name: 'Brick' } },
      { vendor: { name: 'Acme' } },
      { vendor: null },
      { vendor: null },
    ],
  });
  expect(answer.errors).toMatchObject([
    { message: 'no vendor v3', path: ['transactions', 3, 'vendor'] },
    { message: 'no vendor v3', path: ['transactions', 4, 'vendor'] },
  ]);
});

test('a subgraph gets only the variables that it uses, as they were coerced', async () => {
  const { ask, sources } = books();
  await ask(
    'query ($id: ID!, $short: Boolean) { transaction(id: $id) { amount vendor { country(short: $short) } } }',
    { id: 't1', short: false },
  );
  expect(sources['transactions']!.asked[0]?.variables).toEqual({ id: 't1' });
  expect(sources['vendors']!.asked[0]?.variables).toEqual({
    short: false,
    representations: [{ __typename: 'Vendor', id: 'v2' }],
  });
});

test('a subgraph that cannot be asked leaves the rest of the answer standing', async () => {
  const { ask, sources } = books();
  sources['vendors']!.change = () => {
    throw new Error('connection refused');
  };
  const answer = await ask('{ transaction(id: "t1") { amount vendor { id name } } }');
  expect(answer).toEqual({
    data: { transaction: { amount: 1, vendor: null } },
    errors: [
      {
        message: 'A subgraph failed',
        extensions: { code: 'INTERNAL', serviceName: 'vendors', remedy: expect.any(String) },
      },
    ],
  });
});

test('a hole that no subgraph told of is told by the gateway, once', async () => {
  const { ask, sources } = books();
  sources['vendors']!.change = ({ data, errors }, { query }) => ({
    errors,
    data: query.includes('vendorCount')
      ? data
      : {
          _entities: ((data?.['_entities'] ?? []) as (object | null)[]).map(
            (one) => one && { ...one, name: null },
          ),
        },
  });
  const answer = await ask('{ transactions { amount vendor { name } } vendorCount }');
  expect(answer.data).toMatchObject({ transactions: Array(4).fill({ vendor: null }), vendorCount: 2 });
  expect(answer.errors?.map(({ message, path }) => `${path?.join('.')}: ${message}`)).toEqual([
    'transactions.3.vendor: no vendor v3',
    'transactions.0.vendor.name: Cannot return null for non-nullable field Vendor.name.',
    'transactions.1.vendor.name: Cannot return null for non-nullable field Vendor.name.',
    'transactions.2.vendor.name: Cannot return null for non-nullable field Vendor.name.',
  ]);
});

test.each([
  ['{ transactions { amount @skip(if: true) id } }', ['id']],
  ['query ($no: Boolean = false) { transactions { amount @include(if: $no) id } }', ['id']],
  ['{ transactions { ... @include(if: true) { amount } id } }', ['amount', 'id']],
])('what is left out is not there: %s', async (text, keys) => {
  const { data } = await books().ask(text, { no: false });
  expect(Object.keys(((data?.['transactions'] ?? []) as object[])[0] ?? {})).toEqual(keys);
});

test('questions about the schema stand beside questions about data', async () => {
  const { data } = await books().ask(
    'query ($t: String!) { a: __typename vendorCount __type(name: $t) { name } }',
    { t: 'Vendor' },
  );
  expect(JSON.stringify(data)).toBe('{"a":"Query","vendorCount":2,"__type":{"name":"Vendor"}}');
});

test('mutations run in their order', async () => {
  const { ask, sources } = books();
  const answer = await ask(
    'mutation { a: setAmount(id: "x", to: 7) { amount vendor { name } } b: setAmount(id: "y", to: 8) { amount } }',
  );
  expect(answer.data).toEqual({ a: { amount: 7, vendor: { name: 'Acme' } }, b: { amount: 8 } });
  expect(sources['transactions']!.asked[0]?.query).toMatch(/^mutation/);
});

test('several events are rendered in one call of each subgraph, with the errors of each', async () => {
  const { compile, sources } = books();
  const compiled = compile('subscription { transactionChanged { amount vendor { name } } }');
  if (compiled.kind !== 'subscription') throw new Error(compiled.kind);
  expect(compiled.owner).toBe('transactions');
  const events = ['t0', 't3', 't2', 'gone'].map((subjectId) => ({ subjectId }) as DomainEvent);
  const seen: FetchObservation[] = [];
  const results = await compiled.render(events, {
    variables: {},
    actor: anybody,
    observe: { fetch: (one) => seen.push(one) },
  });
  expect(results.map(asSent)).toMatchObject([
    { data: { transactionChanged: { amount: 0, vendor: { name: 'Acme' } } } },
    {
      data: { transactionChanged: { amount: 3, vendor: null } },
      errors: [{ message: 'no vendor v3', path: ['transactionChanged', 'vendor'] }],
    },
    { data: { transactionChanged: { amount: 2, vendor: { name: 'Acme' } } } },
    { data: null, errors: [{ path: ['transactionChanged'] }] },
  ]);
  expect(results[0]?.errors).toBeUndefined();
  expect(results[3]?.errors).toHaveLength(1);
  expect(sources['vendors']!.asked).toHaveLength(1);
  expect(seen).toMatchObject([
    { subgraph: 'transactions', path: [], kind: 'events', entities: 4, failed: true },
    {
      subgraph: 'vendors',
      path: ['transactionChanged', 'vendor'],
      kind: 'entities',
      entities: 2,
      failed: true,
    },
  ]);
});

test('fields may have any name that GraphQL allows', async () => {
  const { data } = await books().ask(
    '{ __proto__: vendorCount constructor: transaction(id: "t1") { toString: amount } }',
  );
  expect(JSON.stringify(data)).toBe('{"__proto__":2,"constructor":{"toString":1}}');
  expect(Object.keys(Object.prototype)).toEqual([]);
});
