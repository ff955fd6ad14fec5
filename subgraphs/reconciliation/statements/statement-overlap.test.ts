import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findOverlap, type Telling, type ToldLine } from './statement-overlap.ts';

const day = (at: number) => `2026-03-${String(at).padStart(2, '0')}`;
const line = (at: number, identity: string, statementId?: string): ToldLine => ({
  id: identity,
  identity,
  on: day(at),
  statementId,
});
const telling = (id: string, [from, to]: [number, number], balances: [bigint?, bigint?] = []): Telling => ({
  id,
  from: day(from),
  startsOn: day(from),
  endsOn: day(to),
  opening: balances[0],
  closing: balances[1],
});
const named = (lines: readonly ToldLine[] | undefined) => lines?.map(({ identity }) => identity);

test('what a complete statement does not tell of the days between its ends is told otherwise', () => {
  const march = telling('a', [1, 31], [0n, 100n]);
  const stored = { statements: [march], lines: [line(10, 'x', 'a')] };
  const own = telling('b', [9, 12]);
  const found = findOverlap(own, [line(10, 'x'), line(11, 'y')], stored);
  expect(found?.otherId).toBe('a');
  expect(named(found?.more)).toEqual(['y']);
  expect(findOverlap(own, [line(10, 'x')], stored)).toBeUndefined();
  // The last day may have been told before it was over.
  expect(findOverlap(telling('b', [31, 31]), [line(31, 'z')], stored)).toBeUndefined();
});

test('a complete statement that lacks what was stored of its days is told otherwise', () => {
  const stored = { statements: [telling('csv', [5, 20])], lines: [line(10, 'as csv', 'csv')] };
  const found = findOverlap(telling('b', [1, 31], [0n, 5n]), [line(10, 'as camt')], stored);
  expect(named(found?.missing)).toEqual(['as csv']);
  expect(findOverlap(telling('b', [1, 31]), [line(10, 'as camt')], stored)).toBeUndefined();
});

test('the same day in two formats is one statement told twice; a longer telling of it is not', () => {
  const stored = {
    statements: [telling('a', [2, 2], [100n, 150n])],
    lines: [line(2, 'x', 'a'), line(2, 'y', 'a')],
  };
  const twice = findOverlap(telling('b', [2, 2], [100n, 150n]), [line(2, 'x1'), line(2, 'y1')], stored);
  expect(named(twice?.more)).toEqual(['x1', 'y1']);
  expect(named(twice?.missing)).toEqual(['x', 'y']);
  const longer = [line(2, 'x'), line(2, 'y'), line(2, 'z')];
  expect(findOverlap(telling('b', [2, 2], [100n, 180n]), longer, stored)).toBeUndefined();
  expect(findOverlap(telling('b', [2, 2], [100n, 120n]), [line(2, 'x')], stored)).toBeUndefined();
  expect(named(findOverlap(telling('b', [2, 3], [100n, 180n]), [line(2, 'x')], stored)?.missing)).toEqual([
    'y',
  ]);
  // What goes on where the other ended is another statement of the same day.
  expect(findOverlap(telling('b', [2, 2], [150n, 180n]), [line(2, 'z')], stored)).toBeUndefined();
});

test('statements cut out of one list of movements never part', () => {
  const movements = fc.array(fc.integer({ min: 1, max: 28 }), { maxLength: 30 });
  const cut = fc.record({ from: fc.integer({ min: 1, max: 28 }), days: fc.integer({ min: 0, max: 27 }) });
  fc.assert(
    fc.property(movements, cut, cut, (days, a, b) => {
      const all = days.map((at, index) => line(at, `m${index}`));
      const balanceBefore = (at: number) => BigInt(days.filter((one) => one < at).length + 1);
      const made = (id: string, { from, days: length }: { from: number; days: number }) => {
        const to = Math.min(28, from + length);
        const inside = all.filter(({ on }) => on >= day(from) && on <= day(to));
        const first = inside.map(({ on }) => on).toSorted()[0];
        const statement: Telling = {
          id,
          from: day(from),
          startsOn: first ?? day(from),
          endsOn: day(to),
          opening: balanceBefore(from),
          closing: balanceBefore(to + 1),
        };
        return { statement, lines: inside.map((one) => ({ ...one, statementId: id })) };
      };
      const [first, second] = [made('a', a), made('b', b)];
      const stored = { statements: [first.statement], lines: first.lines };
      // Lines of the inner days of one stand in the other as well, so nothing is told otherwise.
      const overlap = findOverlap(second.statement, second.lines, stored);
      expect([named(overlap?.more), named(overlap?.missing)]).toEqual([undefined, undefined]);
    }),
  );
});
