import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assign, pairingChances } from './assignment.ts';

/** Every way to give each row a column of its own or none. */
function allPairings(rows: number, columns: number): number[][] {
  if (rows === 0) return [[]];
  return allPairings(rows - 1, columns).flatMap((first) =>
    [-1, ...Array.from({ length: columns }, (_, column) => column)]
      .filter((column) => column === -1 || !first.includes(column))
      .map((column) => [...first, column]),
  );
}

const matrices = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))
  .chain(([rows, columns]) =>
    fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: columns, maxLength: columns }), {
      minLength: rows,
      maxLength: rows,
    }),
  );

test('the gains of an assignment add up to as much as those of any other', () => {
  fc.assert(
    fc.property(matrices, (gains) => {
      const gain = (pairing: readonly number[]) =>
        pairing.reduce((sum, column, row) => sum + (column < 0 ? 0 : gains[row]![column]!), 0);
      const most = Math.max(...allPairings(gains.length, gains[0]!.length).map(gain));
      const found = assign(gains);
      const used = found.filter((column) => column >= 0);
      expect(new Set(used).size).toBe(used.length);
      expect(gain(found)).toBe(most);
    }),
  );
});

test('the chance of a pair is its part of all ways to pair', () => {
  fc.assert(
    fc.property(matrices, (weights) => {
      const alone = weights.map((_, row) => 0.5 + row);
      const weigh = (pairing: readonly number[]) =>
        pairing.reduce(
          (product, column, row) => product * (column < 0 ? alone[row]! : weights[row]![column]!),
          1,
        );
      const ways = allPairings(weights.length, weights[0]!.length);
      const total = ways.reduce((sum, pairing) => sum + weigh(pairing), 0);
      const chances = pairingChances(weights, alone)!;
      for (const [row, own] of weights.entries()) {
        for (const column of own.keys()) {
          const part = ways
            .filter((pairing) => pairing[row] === column)
            .reduce((sum, pairing) => sum + weigh(pairing), 0);
          expect(chances[row]![column]).toBeCloseTo(part / total, 9);
        }
      }
    }),
  );
});

test('two lines for two items go to the pairing that suits both, not to the best single pair', () => {
  expect(
    assign([
      [0.6, 0.5],
      [0.55, 0.1],
    ]),
  ).toEqual([1, 0]);
});

test('more than twelve columns are not weighed exactly', () => {
  expect(pairingChances([Array.from({ length: 13 }, () => 1)], [1])).toBeUndefined();
});
