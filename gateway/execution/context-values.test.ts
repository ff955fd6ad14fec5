import { expect, test } from 'vitest';
import { federate } from '../fixtures/federation.ts';

interface Fare {
  readonly id: string;
}

function trains() {
  return federate({
    timetable: {
      typeDefs: `
        type Query { trains: [Train!]! }
        type Train @key(fields: "id") @context(name: "train") { id: ID! zone: String! cars: [Car!]! }
        type Car @key(fields: "id") {
          id: ID!
          fare(zone: String @fromContext(field: "$train { zone }"), seats: Int! = 1): String!
        }
      `,
      resolvers: {
        Query: {
          trains: () => [
            { id: '1', zone: 'A', cars: [{ id: 'x' }, { id: 'y' }] },
            { id: '2', zone: 'B', cars: [{ id: 'x' }] },
            { id: '3', zone: 'A', cars: [{ id: 'x' }] },
          ],
        },
        Car: {
          __resolveReference: ({ id }: Fare) => ({ id }),
          fare: ({ id }: Fare, { zone, seats }: { zone: string; seats: number }) =>
            `${id} in ${zone} for ${seats}`,
        },
      },
    },
    depot: { typeDefs: 'type Query { depot: String }', resolvers: { Query: { depot: () => 'north' } } },
  });
}

test('arguments from the context are those of the objects above', async () => {
  const { ask, sources } = trains();
  const { data, errors } = await ask(
    'query ($seats: Int!) { trains { zone cars { fare(seats: $seats) } } }',
    {
      seats: 2,
    },
  );
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    trains: [
      { zone: 'A', cars: [{ fare: 'x in A for 2' }, { fare: 'y in A for 2' }] },
      { zone: 'B', cars: [{ fare: 'x in B for 2' }] },
      { zone: 'A', cars: [{ fare: 'x in A for 2' }] },
    ],
  });
  const [, ...fares] = sources['timetable']!.asked;
  expect(fares.map(({ variables }) => variables?.['representations'])).toEqual([
    [
      { __typename: 'Car', id: 'x' },
      { __typename: 'Car', id: 'y' },
    ],
    [{ __typename: 'Car', id: 'x' }],
  ]);
});
