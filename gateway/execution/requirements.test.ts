import { expect, test } from 'vitest';
import { federate, type Federation } from '../fixtures/federation.ts';

interface Parcel {
  readonly code: string;
  readonly weight?: number;
}

const parcels = [{ code: 'a' }, { code: 'b' }];
const grams: Record<string, number> = { a: 1000, b: 2000 };

/** Fees need a weight in one unit, stamps in another; clients may ask for a third. */
function post(): Federation {
  return federate({
    depot: {
      typeDefs: `
        type Query { parcels: [Parcel!]! }
        type Parcel @key(fields: "code") { code: String! weight(unit: String!): Int note: String }
      `,
      resolvers: {
        Query: { parcels: () => parcels },
        Parcel: {
          __resolveReference: ({ code }: Parcel) => ({ code }),
          weight: ({ code }: Parcel, { unit }: { unit: string }) =>
            Math.round((grams[code] ?? 0) / { g: 1, kg: 1000, oz: 28 }[unit]!),
          note: ({ code }: Parcel) => `note ${code}`,
        },
      },
    },
    counter: {
      typeDefs: `
        type Parcel @key(fields: "code") {
          code: String!
          weight(unit: String!): Int @external
          fee: Int @requires(fields: "weight(unit: \\"kg\\")")
          stamps: Int @requires(fields: "weight(unit: \\"g\\")")
        }
      `,
      resolvers: {
        Parcel: { fee: ({ weight }: Parcel) => (weight ?? 0) * 10, stamps: ({ weight }: Parcel) => weight },
      },
    },
  });
}

const shown = async (text: string, variables?: Record<string, unknown>): Promise<string> =>
  JSON.stringify(await post().ask(text, variables));

test('a field with the arguments of the client is not taken for one with those that another field requires', async () => {
  expect(await shown('{ parcels { weight(unit: "oz") fee } }')).toBe(
    '{"data":{"parcels":[{"weight":36,"fee":10},{"weight":71,"fee":20}]}}',
  );
});

test('so too when arguments are variables and the fields stand in fragments', async () => {
  const text = `query ($unit: String = "oz") { parcels { fee ...A ...B } }
    fragment A on Parcel { weight(unit: $unit) }
    fragment B on Parcel { weight(unit: $unit) }`;
  expect(await shown(text)).toBe('{"data":{"parcels":[{"fee":10,"weight":36},{"fee":20,"weight":71}]}}');
});

test('two fields may require a third with different arguments', async () => {
  expect(await shown('{ parcels { fee stamps weight(unit: "oz") } }')).toBe(
    '{"data":{"parcels":[{"fee":10,"stamps":1000,"weight":36},{"fee":20,"stamps":2000,"weight":71}]}}',
  );
  expect(await shown('{ parcels { ...S fee } } fragment S on Parcel { more: stamps }')).toBe(
    '{"data":{"parcels":[{"more":1000,"fee":10},{"more":2000,"fee":20}]}}',
  );
});

test('a list that changed between the plans of one operation is told of and not mixed up', async () => {
  const federation = post();
  let calls = 0;
  federation.sources['depot']!.change = (answer, { query }) => {
    if (!query.includes('parcels')) return answer;
    calls += 1;
    return calls === 1
      ? answer
      : { data: { parcels: (answer.data?.['parcels'] as unknown[] | undefined)?.slice(1) } };
  };
  const { errors } = await federation.ask('{ parcels { fee stamps } }');
  expect(errors).toMatchObject([{ path: ['parcels'], extensions: { code: 'UNAVAILABLE' } }]);
});

test('a client may call other fields by the names of keys and required fields', async () => {
  expect(await shown('{ parcels { code: note weight: note __typename: note fee } }')).toBe(
    '{"data":{"parcels":[{"code":"note a","weight":"note a","__typename":"note a","fee":10},' +
      '{"code":"note b","weight":"note b","__typename":"note b","fee":20}]}}',
  );
});

test('errors name the fields as the client does', async () => {
  const federation = post();
  federation.sources['depot']!.change = (answer, { query }) => {
    const key = /(\w+):weight\(unit:"oz"\)/.exec(query)?.[1] ?? 'weight';
    return { ...answer, errors: [{ message: 'no scales', path: ['parcels', 1, key] } as never] };
  };
  const { errors } = await federation.ask('{ parcels { weight(unit: "oz") fee } }');
  expect(errors?.map(({ path }) => path)).toContainEqual(['parcels', 1, 'weight']);
});
