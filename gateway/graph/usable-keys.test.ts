import { expect, test } from 'vitest';
import { federate } from '../fixtures/federation.ts';
import { withUsableKeys } from './usable-keys.ts';

interface Desk {
  readonly id: string;
  readonly spot?: object;
  readonly owner?: string;
}

const desk = { id: '1', spot: { floor: 2, seat: 7 } };

function office() {
  return federate({
    staff: {
      typeDefs: `
        type Desk @key(fields: "id") @key(fields: "spot { floor }", resolvable: false) {
          id: ID! spot: Spot! @shareable owner: String!
        }
        type Spot @shareable { floor: Int! seat: Int! }
      `,
      resolvers: { Desk: { __resolveReference: ({ id }: Desk) => ({ id, owner: 'Ana' }) } },
    },
    plan: {
      typeDefs: `
        type Query { desks: [Desk!]! }
        type Desk @key(fields: "spot { floor }", resolvable: false) @key(fields: "id spot { seat }")
          @key(fields: "id", resolvable: false) {
          id: ID! spot: Spot! @shareable owner: String! @external
          label: String! @requires(fields: "owner")
        }
        type Spot @shareable { floor: Int! seat: Int! }
      `,
      resolvers: {
        Query: { desks: () => [desk] },
        Desk: {
          __resolveReference: (given: Desk) => (given.spot ? given : null),
          label: ({ owner }: Desk) => `desk of ${owner}`,
        },
      },
    },
  });
}

test('a subgraph is entered by a key that it can resolve, whatever other keys it knows', async () => {
  const { ask, sources } = office();
  expect(await ask('{ desks { owner label } }')).toEqual({
    data: { desks: [{ owner: 'Ana', label: 'desk of Ana' }] },
  });
  expect(sources['plan']!.asked.at(-1)?.variables?.['representations']).toEqual([
    { __typename: 'Desk', id: '1', spot: { seat: 7 }, owner: 'Ana' },
  ]);
});

test('only keys that lead nowhere are left out', () => {
  const { supergraphSdl } = office();
  const keys = (sdl: string) =>
    [...sdl.matchAll(/@join__type\(graph: PLAN, key: ("[^"]*")/g)].map(([, key]) => key);
  expect(keys(supergraphSdl)).toHaveLength(3);
  expect(keys(withUsableKeys(supergraphSdl))).toEqual(['"id spot { seat }"']);
  const reference = supergraphSdl.replace(
    'key: "id spot { seat }"',
    'key: "id spot { seat }", resolvable: false',
  );
  expect(keys(withUsableKeys(reference))).toHaveLength(3);
});
