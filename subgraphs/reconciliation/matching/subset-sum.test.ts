import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findSubsetSums } from './subset-sum.ts';

const members = (amounts: readonly bigint[], target: bigint) =>
  findSubsetSums(amounts, target).solutions.map((solution) => solution.members);

test('the only subset that adds up is found with its members', () => {
  expect(members([1200n, 3450n, 999n, 70n], 4449n)).toEqual([[1, 2]]);
  expect(findSubsetSums([1200n, 3450n, 999n, 70n], 4449n).solutions[0]!.share).toBe(1);
});

test('all subsets that add up are found, and equal ones share the chance', () => {
  expect(members([500n, 300n, 200n], 500n)).toHaveLength(2);
  const equal = findSubsetSums([100n, 100n, 700n], 800n).solutions;
  expect(equal.map(({ share }) => share)).toEqual([0.5, 0.5]);
});

test('a small subset is likelier than a large one', () => {
  const amounts = [600n, 400n, 100n, 110n, 90n, 120n, 80n, 130n, 370n, 77n, 78n, 79n];
  const [best] = findSubsetSums(amounts, 1000n).solutions;
  expect(best!.members).toEqual([0, 1]);
});

test('no subset gives no solution, and the empty subset is none', () => {
  expect(findSubsetSums([5n, 7n], 4n)).toEqual({ solutions: [], accidental: 0 });
  expect(members([5n, -5n], 0n)).toEqual([[0, 1]]);
  expect(members([], 0n)).toEqual([]);
});

test('accidents are expected more often among round amounts than among odd ones', () => {
  const odd = findSubsetSums([123_457n, 234_571n, 345_679n, 456_781n, 567_893n], 358_028n);
  const round = findSubsetSums([120_000n, 240_000n, 350_000n, 460_000n, 570_000n], 360_000n);
  expect(odd.solutions).toHaveLength(1);
  expect(round.accidental).toBeGreaterThan(100 * odd.accidental);
});

test('more than twenty amounts are refused', () => {
  expect(() =>
    findSubsetSums(
      Array.from({ length: 21 }, () => 1n),
      3n,
    ),
  ).toThrow(RangeError);
});

test('it finds what trying every subset finds', () => {
  const amount = fc.bigInt({ min: -40n, max: 40n });
  fc.assert(
    fc.property(fc.array(amount, { maxLength: 9 }), amount, (amounts, target) => {
      const all: string[] = [];
      for (let mask = 1; mask < 1 << amounts.length; mask += 1) {
        const chosen = amounts.map((_, index) => index).filter((index) => (mask >> index) & 1);
        if (chosen.reduce((total, index) => total + amounts[index]!, 0n) === target)
          all.push(chosen.join(' '));
      }
      const found = findSubsetSums(amounts, target, 1_000).solutions.map((solution) =>
        solution.members.join(' '),
      );
      expect(found.sort()).toEqual(all.sort());
    }),
  );
});
