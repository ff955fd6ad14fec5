import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorkbench, type Workbench } from '../test/support/workbench.ts';
import { counter } from './fixtures/counter.ts';
import { arrayLiteral, parameters } from './parameters.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench([{ ...counter, handlers: {} }]);
});
afterAll(() => bench.close());

test('PostgreSQL reads the literal of a list as the list', async () => {
  const texts = fc.array(
    fc.option(
      fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', ' ')),
      { nil: null },
    ),
  );
  await fc.assert(
    fc.asyncProperty(
      texts,
      fc.array(fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))),
      async (list, numbers) => {
        const { rows } = await bench.owner.query('select $1::text[] as texts, $2::text[] as numbers', [
          arrayLiteral(list),
          arrayLiteral(numbers),
        ]);
        expect(rows[0].texts).toEqual(list);
        expect(rows[0].numbers).toEqual(numbers.map((number) => number?.toString() ?? null));
      },
    ),
    { numRuns: 60 },
  );
  const hard = ['', 'NULL', 'null', '{}', '"', '\\', 'a,b', ' ', "'", '\n'];
  expect((await bench.owner.query('select $1::text[] as hard', [arrayLiteral(hard)])).rows[0].hard).toEqual(
    hard,
  );
});

test('what is no list, and lists of dates, bytes and lists, are left to the driver', () => {
  const others = ['x', 1, null, new Date(), Buffer.from('x'), [new Date()], [[1]], [Buffer.from('x')]];
  expect(parameters(others)).toEqual(others);
});
