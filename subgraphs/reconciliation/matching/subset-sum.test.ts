import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findSubsetSum } from './subset-sum.ts';

test('the only subset that adds up is found with its members', () => {
  expect(findSubsetSum([1200n, 3450n, 999n, 70n], 4449n)).toMatchObject({ count: 1, solution: [1, 2] });
});

test('two subsets that add up are counted, so nobody takes one of them for proved', () => {
  expect(findSubsetSum([500n, 300n, 200n], 500n).count).toBe(2);
  expect(findSubsetSum([100n, 100n, 700n], 800n).count).toBe(2);
});

test('no subset gives a count of zero, and the empty subset is no solution', () => {
  expect(findSubsetSum([5n, 7n], 4n)).toMatchObject({ count: 0, solution: [] });
  expect(findSubsetSum([5n, -5n], 0n).count).toBe(1);
  expect(findSubsetSum([], 0n).count).toBe(0);
});

test('accidental solutions grow with the number of amounts and with round amounts', () => {
  const few = findSubsetSum([123_457n, 234_571n, 345_679n], 358_028n).accidental;
  const many = findSubsetSum(
    Array.from({ length: 18 }, (_, index) => BigInt(10_007 + index * 7_919)),
    1_000_003n,
  ).accidental;
  const round = findSubsetSum([120_000n, 230_000n, 350_000n], 580_000n).accidental;
  expect(many).toBeGreaterThan(few);
  expect(round).toBeGreaterThan(few);
});

test('more than twenty amounts are refused', () => {
  expect(() =>
    findSubsetSum(
      Array.from({ length: 21 }, () => 1n),
      3n,
    ),
  ).toThrow(RangeError);
});

test('it counts what trying every subset counts', () => {
  const amount = fc.bigInt({ min: -40n, max: 40n });
  fc.assert(
    fc.property(fc.array(amount, { maxLength: 9 }), amount, (amounts, target) => {
      let all = 0;
      for (let mask = 1; mask < 1 << amounts.length; mask += 1) {
        const sum = amounts.reduce((total, each, index) => ((mask >> index) & 1 ? total + each : total), 0n);
        if (sum === target) all += 1;
      }
      const found = findSubsetSum(amounts, target, 1_000);
      expect(found.count).toBe(all);
      if (all > 0) expect(found.solution.reduce((total, index) => total + amounts[index]!, 0n)).toBe(target);
    }),
  );
});
