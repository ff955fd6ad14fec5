/** The outcome of a bounded subset search: how many subsets add up (counted up to the limit), and the first found. */
export interface SubsetSum {
  readonly count: number;
  /** Indexes of the first solution in a fixed order, ascending; empty when there is none. */
  readonly solution: readonly number[];
  /** Further solutions to expect by accident, in millionths; 0 when there is no solution. */
  readonly accidental: number;
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

/** How many of the sorted numbers are below the bound. */
function countBelow(sorted: Float64Array, bound: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle]! < bound) from = middle + 1;
    else to = middle;
  }
  return from;
}

/**
 * Solutions to expect by accident, in millionths: how densely the sums of subsets lie within a tenth around the
 * target, on the grid that the amounts share. An estimate, so sums are plain numbers here.
 */
function expectAccidents(left: readonly Sum[], right: readonly Sum[], target: bigint, step: bigint): number {
  const sorted = Float64Array.from(left, (sum) => Number(sum.total)).sort();
  const aim = Number(target);
  const reach = Math.max(Math.abs(aim) / 10, Number(step));
  let near = 0;
  for (const { total } of right) {
    const centre = aim - Number(total);
    near += countBelow(sorted, centre + reach) - countBelow(sorted, centre - reach);
  }
  return Math.ceil((Math.max(0, near - 1) * Number(step) * 1_000_000) / (2 * reach));
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
  const leftSums = sumsOf(amounts.slice(0, half));
  const rightSums = sumsOf(amounts.slice(half));
  const left = new Map<bigint, number[]>();
  for (const { total, mask } of leftSums) {
    const masks = left.get(total);
    if (masks === undefined) left.set(total, [mask]);
    else if (masks.length <= limit) masks.push(mask);
  }
  let count = 0;
  let first: number[] = [];
  for (const { total, mask } of rightSums) {
    for (const other of left.get(target - total) ?? []) {
      const whole = other | (mask << half);
      if (whole === 0) continue;
      count += 1;
      if (count === 1) first = bits(whole);
    }
    if (count >= limit) break;
  }
  const step = amounts.reduce(divisor, target) || 1n;
  const accidental = count === 0 ? 0 : expectAccidents(leftSums, rightSums, target, step);
  return { count: Math.min(count, limit), solution: first, accidental };
}
