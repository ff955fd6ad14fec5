import fc from 'fast-check';
import { parse, validate, type ExecutionResult } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { federate, type Federation } from '../fixtures/federation.ts';
import { anyQuery } from './fixtures/any-query.ts';
import {
  down,
  failing,
  inject,
  missing,
  refuses,
  replaced,
  shortened,
  type Fault,
} from './fixtures/faults.ts';
import { library } from './fixtures/library.ts';
import { askStock } from './fixtures/stock-executor.ts';

let federation: Federation;
beforeAll(() => {
  federation = federate(library);
});

const variables = { no: false };

interface Answers {
  readonly ours: ExecutionResult;
  readonly stock: ExecutionResult;
}

async function both(text: string, faults: readonly Fault[]): Promise<Answers> {
  inject(federation, faults);
  const ours = await federation.ask(text, { yes: true, ...variables });
  const stock = await askStock(federation, text, variables);
  return { ours, stock };
}

interface Told {
  readonly path: string | undefined;
  readonly message: string;
  readonly code: unknown;
}

/**
 * Errors in a fixed order. Where stock has the inside of a plan in a path, nothing can be known of the place; and in
 * lists of several types it counts the wrong elements, so that indexes are compared in others only.
 */
function told({ errors = [] }: ExecutionResult, exact: boolean): Told[] {
  const shown = (key: string | number): string => (typeof key === 'number' && !exact ? '#' : String(key));
  return errors
    .map(({ path, message, extensions }) => ({
      path:
        path && !path.includes('@') && !path.includes('_entities') ? path.map(shown).join('.') : undefined,
      message,
      code: extensions?.['code'],
    }))
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

const isHole = (one: Told): boolean => one.code === 'INVALID_GRAPHQL';

/**
 * What must be equal: the data with the order of its fields, and the errors, but for this: stock says nothing of holes
 * when there is any other error, and we do say where a hole is that no other error explains.
 */
function comparable(text: string, { ours, stock }: Answers): readonly [mine: Compared, theirs: Compared] {
  const exact = !text.includes('...');
  const [mine, theirs] = [told(ours, exact), told(stock, exact)];
  const silent = theirs.some((one) => !isHole(one));
  return [
    { data: JSON.stringify(ours.data), errors: silent ? mine.filter((one) => !isHole(one)) : mine },
    { data: JSON.stringify(stock.data), errors: theirs },
  ];
}

interface Compared {
  readonly data: string | undefined;
  readonly errors: readonly Told[];
}

/** Fields of merged fragments are looked at in another order, so that another of several holes may cost the parent. */
function withoutHoles({ data, errors }: Compared) {
  return { data, errors: errors.filter((one) => !isHole(one)), whole: !errors.some(isHole) };
}

const queries: readonly string[] = [
  '{ items { __typename id title maker { name country head { name mood } } } }',
  '{ items { ... on Book { price shipping weight } ... on Disc { cost: price minutes } } }',
  '{ items { reviews: title ... on Book { r: reviews { score by { name mood friend { name } } } } } }',
  '{ hits { __typename ... on Maker { name country } ... on Book { price(twice: true) } ... on Disc { id } } }',
  '{ grid { id price reviews(first: 1) { body } } strictGrid { shipping maker { country } } }',
  '{ best { score by { id name } item { id reviews { id } ... on Book { title price } } } }',
  '{ people { name note friend { friend { mood } } reviews { id score } } }',
  '{ cheapest { id title price size { w } maker { name } } maker { country } }',
  'query ($no: Boolean!) { items @skip(if: $no) { id } item(id: "d2") { ... on Disc { price @include(if: $no) } title } }',
  '{ a: item(id: "b1") { ...I } b: item(id: "none") { ...I } } fragment I on Item { id kind: __typename maker { id } }',
  'mutation { order(id: "b2") { title price } reprice(id: "b3", to: 4) { id shipping } }',
];

const faults: readonly Fault[] = [
  down('shop'),
  down('registry'),
  down('catalog'),
  refuses('reviews'),
  refuses('registry'),
  failing('catalog', 'title'),
  failing('shop', 'price'),
  failing('registry', 'name'),
  failing('reviews', 'by'),
  replaced('catalog', 'title', null),
  replaced('catalog', 'maker', null),
  replaced('shop', 'price', 'dear'),
  replaced('shop', 'price', null),
  replaced('registry', 'mood', 'ANGRY'),
  replaced('registry', 'mood', 'HIDDEN'),
  replaced('reviews', 'score', true),
  replaced('reviews', 'reviews', null),
  replaced('catalog', '__typename', 'Unheard'),
  missing('shop', 'b1'),
  missing('registry', 'm1'),
  missing('reviews', 'd1'),
  missing('catalog', 'b2'),
];

describe('an answer is the one of Apollo’s own executor', () => {
  test.each(queries)('%s', async (text) => {
    const answers = await both(text, []);
    expect(answers.stock.data).toBeTruthy();
    const [mine, theirs] = comparable(text, answers);
    expect(mine).toEqual(theirs);
  });

  test.each(faults.map((fault) => ({ fault, title: fault.title })))('when $title', async ({ fault }) => {
    for (const text of queries) {
      const [mine, theirs] = comparable(text, await both(text, [fault]));
      expect(mine).toEqual(theirs);
    }
  });

  test('for any query and any two faults', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(719), { minLength: 40, maxLength: 160 }),
        fc.subarray([...faults], { maxLength: 2 }),
        async (tape, some) => {
          let at = 0;
          const text = anyQuery(federation.graph.api, (below) => (tape[at++ % tape.length] ?? 0) % below);
          fc.pre(validate(federation.graph.api, parse(text)).length === 0);
          const [mine, theirs] = comparable(text, await both(text, some));
          expect(withoutHoles(mine)).toEqual(withoutHoles(theirs));
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('an answer differs from that of Apollo’s own executor only where that is wrong:', () => {
  const hits = '{ hits { ... on Maker { country } } }';

  test('errors of entities are told at their places in lists of several types', async () => {
    const { ours, stock } = await both(hits, []);
    expect([ours, stock].map((one) => one.errors?.map(({ path }) => path))).toEqual([
      [
        ['hits', 2],
        ['hits', 4],
      ],
      [
        ['hits', 0],
        ['hits', 2],
      ],
    ]);
  });

  test('equal entities are asked for once', async () => {
    const asked = federation.sources['registry']!.asked;
    asked.length = 0;
    await both(hits, []);
    expect(asked.map(({ variables }) => variables?.['representations'])).toMatchObject([
      [{ id: 'm2' }],
      [{ id: 'm2' }, { id: 'm2' }],
    ]);
  });

  test('a hole is told of beside other errors', async () => {
    const { ours, stock } = await both('{ people { name } maker { country } items { title } }', [
      refuses('registry'),
      replaced('catalog', 'title', null),
    ]);
    expect(told(stock, true).filter(isHole)).toEqual([]);
    expect(told(ours, true).filter(isHole)).toEqual([]);
    const other = await both('{ best { score by { mood } } items { title } }', [
      failing('registry', 'mood'),
      replaced('catalog', 'title', null),
    ]);
    expect(told(other.stock, true).filter(isHole)).toEqual([]);
    expect(
      told(other.ours, true)
        .filter(isHole)
        .map(({ path }) => path),
    ).toEqual([
      'items.0.title',
      'items.1.title',
      'items.2.title',
      'items.3.title',
      'items.4.title',
      'items.5.title',
    ]);
  });

  test.each([
    [
      'a list',
      replaced('reviews', 'reviews', 'none'),
      '{ cheapest { price reviews { id } } }',
      'cheapest.reviews',
    ],
    [
      'an object',
      replaced('catalog', 'maker', 7),
      '{ cheapest { price } item(id: "b1") { maker { id } } }',
      'item.maker',
    ],
  ])('what is no %s costs that field and not the whole answer', async (_what, fault, text, path) => {
    const { ours, stock } = await both(text, [fault]);
    expect(stock.data).toBeUndefined();
    expect(ours.data).not.toBeUndefined();
    expect(told(ours, true)).toMatchObject([{ path, code: 'INVALID_GRAPHQL' }]);
  });

  test('an object of a type that cannot stand there is not shown', async () => {
    const { ours, stock } = await both('{ item(id: "b1") { __typename title } }', [
      replaced('catalog', '__typename', 'Maker'),
    ]);
    expect(stock.data).toEqual({ item: { __typename: 'Maker', title: 'Book 0' } });
    expect(ours.data).toEqual({ item: null });
    expect(told(ours, true)).toMatchObject([{ path: 'item', code: 'INVALID_GRAPHQL' }]);
  });

  test('a list of entities of a wrong length is told with a code', async () => {
    const { ours, stock } = await both('{ maker { country } people { name } }', [shortened('registry')]);
    expect(JSON.stringify(ours.data)).toBe(JSON.stringify(stock.data));
    expect(told(ours, true)).toMatchObject([
      { message: 'Expected "data._entities" to contain 1 elements', code: 'DOWNSTREAM_SERVICE_ERROR' },
    ]);
  });

  test('fields stand in the order of the client, also between fragments of one type', async () => {
    const text = '{ item(id: "b1") { ... on Book { pages } id ... on Book { title } } }';
    const { ours, stock } = await both(text, []);
    expect(ours.data).toEqual(stock.data);
    expect(JSON.stringify(ours.data)).toBe('{"item":{"pages":0,"id":"b1","title":"Book 0"}}');
    expect(JSON.stringify(stock.data)).toBe('{"item":{"pages":0,"title":"Book 0","id":"b1"}}');
  });
});
