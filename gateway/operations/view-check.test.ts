import fc from 'fast-check';
import {
  buildClientSchema,
  buildSchema,
  getIntrospectionQuery,
  getOperationAST,
  GraphQLError,
  isObjectType,
  parse,
  printSchema,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type IntrospectionQuery,
  type OperationDefinitionNode,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '#kernel/actor';
import { newId } from '#kernel/ids';
import { randomOperations } from '../fixtures/random-operations.ts';
import { composeOrThrow } from '../graph/compose.ts';
import { readSupergraph } from '../graph/federated-graph.ts';
import { partialViews } from '../graph/view-tags.ts';
import { withNodeSource } from '../sources/node-source.ts';
import type { SubgraphSource } from '../sources/subgraph-source.ts';
import { createViewCheck } from './view-check.ts';
import { smallSchemas } from '../fixtures/small-subgraphs.ts';
import { startSmallPlatform, type SmallPlatform } from '../fixtures/small-platform.ts';

const small = composeOrThrow(
  Object.entries(smallSchemas({ entries: new Map(), vendors: new Map(), keys: new Map() })).map(
    ([name, schema]) => ({ name, schema }),
  ),
);
let platform: SmallPlatform;
const partnerKey: Actor = {
  kind: 'key',
  id: 'key_1',
  credentialId: 'key_1',
  memberId: 'mem_7',
  name: 'Partner',
  organisationId: 'org_1',
  scopes: ['vendors:read', 'transactions:read'],
  source: 'api',
  view: 'partner',
};
const asPartner = { token: 'cf_partner_secret' };
const entry = '{ journalEntry(id: "je_1") { vendor { name country } } }';

beforeAll(async () => {
  platform = await startSmallPlatform();
  platform.data.keys.set(asPartner.token, partnerKey);
  platform.data.vendors.set('ven_1', { id: 'ven_1', name: 'Papier AG', country: 'CH' });
  platform.data.entries.set('je_1', { id: 'je_1', number: '1', vendorId: 'ven_1' });
});
afterAll(() => platform.stop());

describe('what is outside a view', () => {
  test('is answered to those who see the whole graph', async () => {
    const { body } = await platform.ask(entry);
    expect(body.data).toEqual({ journalEntry: { vendor: { name: 'Papier AG', country: 'CH' } } });
  });

  test('is refused exactly as if it did not exist, however often others asked before', async () => {
    for (const _round of [1, 2]) {
      const hidden = await platform.ask(entry, asPartner);
      const missing = await platform.ask(entry.replace('country', 'nothing'), asPartner);
      expect(hidden.status).toBe(400);
      expect(missing.status).toBe(400);
      const [error] = hidden.body.errors ?? [];
      expect(error?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
      expect(error?.message).toBe('Cannot query field "country" on type "Vendor".');
      expect(missing.body.errors?.[0]?.message).toBe('Cannot query field "nothing" on type "Vendor".');
      expect(
        JSON.stringify(hidden.body)
          .replaceAll('country', 'nothing')
          .replace(/"traceId":"\w+"/g, ''),
      ).toBe(JSON.stringify(missing.body).replace(/"traceId":"\w+"/g, ''));
      expect((await platform.ask(entry)).status).toBe(200);
    }
  });

  test('is never suggested', async () => {
    const { body } = await platform.ask('{ journalEntry(id: "je_1") { vendor { contry } } }', asPartner);
    expect(body.errors?.[0]?.message).toBe('Cannot query field "contry" on type "Vendor".');
    const whole = await platform.ask('{ journalEntry(id: "je_1") { vendor { contry } } }');
    expect(whole.body.errors?.[0]?.message).toContain('Did you mean "country"');
  });

  test('is refused before the limits could tell that it is there', async () => {
    const deep = (field: string): string =>
      `{ ${Array.from({ length: 30 }, () => `${field} {`).join(' ')} id ${'}'.repeat(31)}`;
    const { body } = await platform.ask(deep('vendorCount'), asPartner);
    expect(body.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  test.each(['mutation { rename(to: "x") }', '{ vendorCount }', '{ broken }'])(
    'is refused: %s',
    async (query) => {
      const { status, body } = await platform.ask(query, asPartner);
      expect(status).toBe(400);
      expect(body.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    },
  );
});

test('what is inside is answered', async () => {
  const { body } = await platform.ask(entry.replace('country', ''), asPartner);
  expect(body.data).toEqual({ journalEntry: { vendor: { name: 'Papier AG' } } });
});

test('a token for components sees what they need, whatever else it says', async () => {
  const embed = { components: ['sync-status'], features: [] } as unknown as Actor['embed'];
  const token = await platform.token({ kind: 'embed', view: 'internal', embed });
  expect((await platform.ask(entry, { token })).body.data).toBeDefined();
  expect((await platform.ask('{ vendorCount }', { token })).status).toBe(400);
});

describe('questions about the schema', () => {
  const asked = async (options: { token?: string }): Promise<string> => {
    const { body } = await platform.ask(getIntrospectionQuery(), options);
    return printSchema(buildClientSchema(body.data as unknown as IntrospectionQuery));
  };

  test('are answered from the view of whoever asks', async () => {
    const whole = await asked({});
    const seen = await asked(asPartner);
    for (const hidden of ['country', 'vendorCount', 'type Mutation', 'broken']) {
      expect(whole).toContain(hidden);
      expect(seen).not.toContain(hidden);
    }
    expect(seen).toContain('journalEntryChanged');
    expect(await asked({})).toBe(whole);
  });

  test('do not find a type outside it by name', async () => {
    const query = '{ __type(name: "Mutation") { fields { name } } }';
    expect((await platform.ask(query, asPartner)).body.data).toEqual({ __type: null });
    expect((await platform.ask(query)).body.data).toMatchObject({ __type: { fields: [{ name: 'rename' }] } });
  });

  test.each([
    '{ viewerName __schema { mutationType { name } } }',
    '{ ...F } fragment F on Query { __schema { mutationType { name } } }',
    '{ ... on Query { __type(name: "Mutation") { name } } }',
    '{ viewerName ...F } fragment F on Query { ... on Query { __schema { mutationType { name } } } }',
  ])('that would be planned with the whole graph are refused: %s', async (query) => {
    const { status, body } = await platform.ask(query, asPartner);
    expect(status).toBe(400);
    expect(JSON.stringify(body)).not.toContain('"mutationType"');
    expect(body.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });
});

describe('over a socket', () => {
  const first = (query: string, token: string): Promise<unknown> =>
    new Promise((resolve) => {
      const client = platform.client(token);
      const done = (answer: unknown): void => {
        resolve(answer);
        void client.dispose();
      };
      client.subscribe({ query }, { next: done, error: done, complete: () => undefined });
    });

  test.each([
    entry,
    'mutation { rename(to: "x") }',
    'subscription { journalEntryChanged { journalEntry { vendor { country } } } }',
  ])('what is outside the view is refused: %s', async (query) => {
    const refusal = await first(query, asPartner.token);
    expect(refusal).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
  });

  test('the schema is that of the view', async () => {
    const answer = await first('{ __type(name: "Vendor") { fields { name } } }', asPartner.token);
    expect(answer).toMatchObject({ data: { __type: { fields: [{ name: 'id' }, { name: 'name' }] } } });
  });
});

function isRefused(run: () => void): boolean {
  try {
    run();
    return false;
  } catch (error) {
    if (error instanceof GraphQLError) return true;
    throw error;
  }
}

test('no operation passes that touches anything the view does not have', () => {
  const { api, views } = readSupergraph(small.supergraphSdl);
  fc.assert(
    fc.property(randomOperations(api), fc.constantFrom(...partialViews), (text, name) => {
      const document = parse(text);
      const operation = getOperationAST(document) as OperationDefinitionNode;
      const outside: string[] = [];
      const info = new TypeInfo(api);
      const note = visitWithTypeInfo(info, {
        Field() {
          const [parent, field] = [info.getParentType()?.name ?? '', info.getFieldDef()?.name ?? ''];
          const type = views[name].schema.getType(parent);
          const there = isObjectType(type) && type.getFields()[field];
          if (!there && !field.startsWith('__')) outside.push(`${parent}.${field}`);
        },
      });
      visit(document, note);
      const check = createViewCheck(views);
      const known = { text, hash: '', document, operation };
      expect(isRefused(() => check(known, { query: text }, { ...partnerKey, view: name }))).toBe(
        outside.length > 0,
      );
    }),
    { numRuns: 300 },
  );
});

test('an id of an entity outside the view is as one that is not there', async () => {
  const asked: string[] = [];
  const { views } = readSupergraph(small.supergraphSdl);
  const withoutVendors = buildSchema('type Query { node: JournalEntry } type JournalEntry { id: ID! }');
  const narrower = { ...views, partner: { ...views.partner, schema: withoutVendors } };
  const answering: SubgraphSource = {
    async execute({ variables }) {
      const { references } = variables as { references: { __typename: string; id: string }[] };
      asked.push(...references.map((one) => one.__typename));
      return { data: { _entities: references.map(({ id }) => ({ id })) } };
    },
    render: () => Promise.reject(new Error('nothing to render')),
    ready: () => Promise.resolve(true),
  };
  const sources = withNodeSource(
    { vendors: answering, transactions: answering },
    small.supergraphSdl,
    narrower,
  );
  const ids = [newId('ven'), newId('je')];
  const answer = await sources.node?.execute({
    query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename } }',
    variables: { ids },
    actor: partnerKey,
  });
  expect(answer?.data).toEqual({ nodes: [null, { __typename: 'JournalEntry' }] });
  expect(asked).toEqual(['JournalEntry']);
});
