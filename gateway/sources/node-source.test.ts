import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { CrossfootError } from '#kernel/errors';
import { startSmallPlatform, type SmallPlatform } from '../fixtures/small-platform.ts';

let platform: SmallPlatform;

beforeAll(async () => {
  platform = await startSmallPlatform();
  platform.data.vendors.set('ven_1', { id: 'ven_1', name: 'Acme' });
  platform.data.vendors.set('ven_2', { id: 'ven_2', name: 'Bolt' });
  platform.data.entries.set('je_1', { id: 'je_1', number: 'JE-1', vendorId: 'ven_1' });
});
afterAll(() => platform.stop());
beforeEach(() => {
  for (const source of Object.values(platform.sources)) {
    source.before = () => undefined;
    source.asked.length = 0;
  }
});

const one = (id: string, fields = 'id __typename') => `{ node(id: "${id}") { ${fields} } }`;

test('anything is found by its id alone, with the fields of whoever has them', async () => {
  const entry = '... on JournalEntry { number vendor { name } }';
  const { body } = await platform.ask(one('je_1', `id __typename ${entry} ... on Vendor { name }`));
  expect(body.data).toEqual({
    node: { id: 'je_1', __typename: 'JournalEntry', number: 'JE-1', vendor: { name: 'Acme' } },
  });
  expect(body.errors).toBeUndefined();
});

test('what a field answers has the id by which it is found again', async () => {
  const query = '{ journalEntry(id: "je_1") { id vendor { id ... on Node { id } } } }';
  const { body } = await platform.ask(query);
  expect(body.data).toEqual({ journalEntry: { id: 'je_1', vendor: { id: 'ven_1' } } });
});

test.each([
  ['no row has', 'ven_nobody'],
  ['has a prefix nobody uses', 'xyz_1'],
  ['belongs to an entity no subgraph here owns', 'doc_1'],
  ['has no prefix', 'something'],
  ['is empty', ''],
  ['looks like a property of all objects', 'constructor_1'],
])('an id that %s answers null without an error, whatever is asked of it', async (_what, id) => {
  for (const fields of ['id', '__typename', 'id ... on Vendor { name } ... on JournalEntry { number }']) {
    const { body } = await platform.ask(one(id, fields));
    expect(body.data).toEqual({ node: null });
    expect(body.errors).toBeUndefined();
  }
});

test('whoever may not see an entity cannot tell it from one that is not there', async () => {
  const token = await platform.token({ scopes: ['transactions:read'] });
  const there = await platform.ask(one('ven_1'), { token });
  const gone = await platform.ask(one('ven_nobody'), { token });
  expect(there.body.data).toEqual({ node: null });
  expect(there.body.errors).toBeUndefined();
  expect(gone.body.data).toEqual(there.body.data);
  expect((await platform.ask(one('je_1'), { token })).body.data).toMatchObject({ node: { id: 'je_1' } });
});

test('many are found at once and in their order, with one question for each owner', async () => {
  const ids = ['ven_2', 'nothing_1', 'je_1', 'ven_1', 'ven_2'];
  const { body } = await platform.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
    variables: { ids },
  });
  expect(body.data).toEqual({
    nodes: [{ id: 'ven_2' }, null, { id: 'je_1' }, { id: 'ven_1' }, { id: 'ven_2' }],
  });
  expect(platform.sources.vendors.asked.map(({ variables }) => variables)).toEqual([
    {
      references: [
        { __typename: 'Vendor', id: 'ven_2' },
        { __typename: 'Vendor', id: 'ven_1' },
      ],
    },
  ]);
  expect(platform.sources.transactions.asked).toHaveLength(1);
});

test('fields beside one another ask together', async () => {
  const { body } = await platform.ask('{ a: node(id: "ven_1") { id } b: node(id: "ven_2") { id } }');
  expect(body.data).toEqual({ a: { id: 'ven_1' }, b: { id: 'ven_2' } });
  expect(platform.sources.vendors.asked).toHaveLength(1);
});

test('the owner is asked on behalf of the caller', async () => {
  await platform.ask(one('ven_1'), { token: await platform.token({ organisationId: 'org_7' }) });
  expect(platform.sources.vendors.asked[0]?.actor.organisationId).toBe('org_7');
});

test('more ids than a hundred are refused', async () => {
  const ids = Array.from({ length: 101 }, (_, index) => `ven_${index}`);
  const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
  const { body } = await platform.ask(query, { variables: { ids } });
  expect(body.errors).toMatchObject([{ extensions: { code: 'FIELD_INVALID' } }]);
  expect(platform.sources.vendors.asked).toEqual([]);
});

test('an owner that does not answer is an error, not an absence', async () => {
  platform.sources.vendors.before = () => {
    throw new CrossfootError('UNAVAILABLE', 'The part of the platform that keeps vendors does not answer');
  };
  const { body } = await platform.ask('{ gone: node(id: "ven_1") { id } there: node(id: "je_1") { id } }');
  expect(body.data).toEqual({ gone: null, there: { id: 'je_1' } });
  expect(body.errors).toMatchObject([{ path: ['gone'], extensions: { code: 'UNAVAILABLE' } }]);
});
