import { buildSchema, getOperationAST, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSmallPlatform, type SmallPlatform } from '../fixtures/small-platform.ts';
import { measureOperation, operationLimits } from './limits.ts';

const schema = buildSchema(`
  type Query { entry: Entry entries(first: Int, after: String): EntryConnection! names: [String!]! }
  type Mutation { post: Entry }
  type EntryConnection { edges: [EntryEdge!]! totalCount: Int! }
  type EntryEdge { cursor: String! node: Entry! }
  type Entry { id: ID! lines: [Line!]! entries(first: Int): EntryConnection! }
  type Line { id: ID! entry: Entry! }
`);

function measure(query: string, variables: Record<string, unknown> = {}) {
  const document = parse(query);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('The test has no operation');
  return measureOperation(operation, { document, schema, variables });
}

describe('an operation is measured', () => {
  test('by the levels of its fields, through fragments', () => {
    expect(measure('{ entry { id } }').depth).toBe(2);
    expect(
      measure('{ entry { ...a } } fragment a on Entry { lines { ...b } } fragment b on Line { id }').depth,
    ).toBe(3);
  });

  test('by its aliases, those of a fragment at each use', () => {
    expect(
      measure('{ a: names entry { ...f } b: entry { ...f } } fragment f on Entry { x: id y: id }').aliases,
    ).toBe(6);
  });

  test('by its root fields, through fragments', () => {
    expect(
      measure('{ names ...q ... on Query { names } } fragment q on Query { names entry { id } }').rootFields,
    ).toBe(4);
  });

  test.each([
    ['one object', '{ entry { id } }', {}, 2],
    ['a list without pages counts its members five times', '{ entry { lines { id } } }', {}, 1 + 1 + 5],
    ['a list of values is one field', '{ names }', {}, 1],
    ['a page without a size is fifty', '{ entries { edges { cursor } } }', {}, 1 + 50 * 2],
    ['a page of a size is that size', '{ entries(first: 3) { edges { cursor } } }', {}, 1 + 3 * 2],
    [
      'a size by variable',
      'query ($n: Int) { entries(first: $n) { edges { cursor } } }',
      { n: 7 },
      1 + 7 * 2,
    ],
    [
      'an unknown size is the largest',
      'query ($n: Int) { entries(first: $n) { edges { cursor } } }',
      {},
      1 + 500 * 2,
    ],
    [
      'no page is larger than the largest',
      '{ entries(first: 100000) { edges { cursor } } }',
      {},
      1 + 500 * 2,
    ],
    [
      'pages in pages multiply',
      '{ entries(first: 10) { edges { node { entries(first: 10) { edges { cursor } } } } } }',
      {},
      1 + 10 * (1 + 1 + 1 + 10 * 2),
    ],
  ])('by its cost: %s', (_what, query, variables, cost) => {
    expect(measure(query, variables).cost).toBe(cost);
  });

  test('a fragment that spreads itself ends', () => {
    expect(measure('{ entry { ...a } } fragment a on Entry { id lines { entry { ...a } } }').depth).toBe(3);
  });

  test('fragments that double forty times are measured at once', () => {
    const fragments = Array.from(
      { length: 40 },
      (_, n) => `fragment f${n} on Entry { lines { entry { ...f${n + 1} ...f${n + 1} } } }`,
    );
    const { cost } = measure(`{ entry { ...f0 } } ${fragments.join(' ')} fragment f40 on Entry { id }`);
    expect(cost).toBeGreaterThan(1e12);
  });

  test('fields that do not exist cost one and are left to validation', () => {
    expect(measure('{ nothing { at { all } } }')).toMatchObject({ cost: 3, depth: 3 });
  });
});

describe('the gateway refuses', () => {
  let platform: SmallPlatform;
  beforeAll(async () => {
    platform = await startSmallPlatform();
  });
  afterAll(() => platform.stop());

  const repeat = (count: number, make: (n: number) => string) =>
    Array.from({ length: count }, (_, n) => make(n)).join(' ');
  const nested = (levels: number) =>
    `{ journalEntry(id: "x") ${'{ related '.repeat(levels)}{ id }${' }'.repeat(levels)} }`;

  test.each([
    ['aliases', `{ ${repeat(51, (n) => `a${n}: viewerName`)} }`, /51 aliases; at most 50/],
    ['root fields', `{ ${repeat(21, () => 'viewerName')} }`, /21 root fields; at most 20/],
    ['depth', nested(20), /22 levels of nested fields; at most 20/],
    ['tokens', `{ ${repeat(4_001, () => 'viewerName')} }`, /more than the 4000 tokens/],
    ['cost', nested(8), /fields counted with the sizes of their pages; at most 100000/],
    [
      'doubled fragments',
      `{ journalEntry(id: "x") { ...f0 } } ${repeat(30, (n) => `fragment f${n} on JournalEntry { related { ...f${n + 1} ...f${n + 1} } }`)} fragment f30 on JournalEntry { id }`,
      /at most/,
    ],
    [
      'pages in pages in pages',
      '{ journalEntry(id: "x") { page(first: 500) { edges { node { page(first: 500) { edges { node { id } } } } } } } }',
      /fields counted with the sizes of their pages/,
    ],
  ])(
    'too many %s, naming the figure and the limit, before any subgraph is asked',
    async (_what, query, message) => {
      platform.sources.transactions.asked.length = 0;
      const answer = await platform.ask(query);
      expect(answer.status).toBe(400);
      expect(answer.body.errors).toMatchObject([{ extensions: { code: 'OPERATION_TOO_COMPLEX' } }]);
      expect(answer.body.errors?.[0]?.message).toMatch(message);
      expect(platform.sources.transactions.asked).toEqual([]);
    },
  );

  test('a size that only a variable tells counts too', async () => {
    const query =
      'query ($n: Int) { journalEntry(id: "x") { page(first: $n) { edges { node { page(first: $n) { edges { node { id } } } } } } } }';
    expect((await platform.ask(query, { variables: { n: 10 } })).status).toBe(200);
    const refused = await platform.ask(query, { variables: { n: 500 } });
    expect(refused.body.errors?.[0]?.extensions.code).toBe('OPERATION_TOO_COMPLEX');
  });

  test('nothing that the tools of developers ask by themselves', async () => {
    const { getIntrospectionQuery } = await import('graphql');
    const answer = await platform.ask(getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true }));
    expect(answer.body.errors).toBeUndefined();
    expect(answer.status).toBe(200);
    expect(operationLimits.depth).toBeGreaterThan(13);
  });
});
