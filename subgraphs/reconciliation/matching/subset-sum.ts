/** The outcome of a bounded subset search: how many subsets add up (counted up to the limit), and the first found. */
export interface SubsetSum {
  readonly count: number;
  /** Indexes of the first solution in a fixed order, ascending; empty when there is none. */
  readonly solution: readonly number[];
  /** Upper estimate of solutions expected by accident, in millionths. */
  readonly accidental: bigint;
}

interface Sum {
  readonly total: bigint;
  readonly mask: number;
}

function sumsOf(amounts: readonly bigint[]): Sum[] {
  let sums: Sum[] = [{ total: 0n, mask: 0 }];
  amounts.forEach((amount, index) => {
    sums = sums.concat(sums.map((sum) => ({ total: sum.total + amount, mask: sum.mask | (1 << index) })));
  });
  return sums;
}

function divisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** Subsets of at most `size` of `count` elements. */
function subsetsUpTo(count: number, size: number): bigint {
  let total = 0n;
  let choose = 1n;
  for (let k = 1; k <= Math.min(size, count); k += 1) {
    choose = (choose * BigInt(count - k + 1)) / BigInt(k);
    total += choose;
  }
  return total;
}

function bits(mask: number): number[] {
  return Array.from({ length: 31 }, (_, index) => index).filter((index) => (mask & (1 << index)) !== 0);
}

/**
 * Counts the non-empty subsets of at most 20 amounts that add up to the target, meeting in the middle (2^10 sums a
 * side), and stops counting at the limit. A count above one means that the amounts alone cannot tell who was paid.
 */
export function findSubsetSum(amounts: readonly bigint[], target: bigint, limit = 2): SubsetSum {
  if (amounts.length > 20) throw new RangeError('A subset sum is searched among at most 20 amounts.');
  const half = amounts.length >> 1;
  const left = new Map<bigint, number[]>();
  for (const { total, mask } of sumsOf(amounts.slice(0, half))) {
    const masks = left.get(total);
    if (masks === undefined) left.set(total, [mask]);
    else if (masks.length <= limit) masks.push(mask);
  }
  let count = 0;
  let first: number[] = [];
  for (const { total, mask } of sumsOf(amounts.slice(half))) {
    for (const other of left.get(target - total) ?? []) {
      const whole = other | (mask << half);
      if (whole === 0) continue;
      count += 1;
      if (count === 1) first = bits(whole);
    }
    if (count >= limit) break;
  }
  const step = amounts.reduce(divisor, target) || 1n;
  const spread = amounts.reduce((sum, amount) => sum + (amount < 0n ? -amount : amount), 0n) / step || 1n;
  const accidental = (subsetsUpTo(amounts.length, Math.max(2, first.length)) * 1_000_000n) / spread;
  return { count: Math.min(count, limit), solution: first, accidental };
}
