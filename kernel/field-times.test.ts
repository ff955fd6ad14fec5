import { execute, GraphQLInt, GraphQLObjectType, GraphQLSchema, GraphQLString, parse } from 'graphql';
import { expect, test, vi } from 'vitest';
import { fieldTotals, timeFields, type FieldTimer } from './field-times.ts';

function smallSchema(): GraphQLSchema {
  return new GraphQLSchema({
    query: new GraphQLObjectType({
      name: 'Query',
      fields: {
        quick: { type: GraphQLInt, resolve: () => 1 },
        late: { type: GraphQLString, resolve: () => Promise.resolve('later') },
        broken: {
          type: GraphQLInt,
          resolve: () => {
            throw new Error('no');
          },
        },
        plain: { type: GraphQLString },
      },
    }),
  });
}

const document = parse('{ quick late broken plain }');

test('a timed request tells each field that has a resolver, whether it answers, waits or fails', async () => {
  const schema = smallSchema();
  timeFields(schema);
  const fieldTimer = vi.fn<FieldTimer>();
  const result = await execute({ schema, document, rootValue: { plain: 'p' }, contextValue: { fieldTimer } });
  expect(result.data).toEqual({ quick: 1, late: 'later', broken: null, plain: 'p' });
  expect(result.errors).toHaveLength(1);
  expect(fieldTimer.mock.calls.map(([field]) => field).toSorted()).toEqual([
    'Query.broken',
    'Query.late',
    'Query.quick',
  ]);
  for (const [, , milliseconds] of fieldTimer.mock.calls) expect(milliseconds).toBeGreaterThanOrEqual(0);
});

test('other requests answer the same, also without any context', async () => {
  const schema = smallSchema();
  timeFields(schema);
  for (const contextValue of [undefined, {}]) {
    const result = await execute({ schema, document, rootValue: { plain: 'p' }, contextValue });
    expect(result.data).toEqual({ quick: 1, late: 'later', broken: null, plain: 'p' });
  }
});

test('a schema that is started twice is timed once', async () => {
  const schema = smallSchema();
  timeFields(schema);
  timeFields(schema);
  const fieldTimer = vi.fn<FieldTimer>();
  await execute({ schema, document: parse('{ quick }'), contextValue: { fieldTimer } });
  expect(fieldTimer).toHaveBeenCalledTimes(1);
});

test('totals add up by field, longest first', () => {
  const totals = fieldTotals();
  totals.add('A.x', 1);
  totals.add('B.y', 5);
  totals.add('A.x', 7);
  totals.add('C.z', 2);
  expect(totals.top(2)).toEqual([
    { field: 'A.x', calls: 2, milliseconds: 8, longest: 7 },
    { field: 'B.y', calls: 1, milliseconds: 5, longest: 5 },
  ]);
});
