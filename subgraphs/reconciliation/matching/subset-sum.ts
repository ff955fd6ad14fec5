/** One subset that adds up. */
export interface Subset {
  /** Its members, ascending. */
  readonly members: readonly number[];
  /** The chance that this one is meant among all that add up: small subsets of many amounts are rarer accidents. */
  readonly share: number;
}

/** The outcome of a bounded subset search: the subsets that add up, the likeliest first, up to the limit. */
export interface SubsetSum {
  readonly solutions: readonly Subset[];
  /** Further solutions of at most the size of the first to expect by accident; 0 when there is no solution. */
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
export function countBelow(sorted: Float64Array, bound: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle]! < bound) from = middle + 1;
    else to = middle;
  }
  return from;
}

/**
 * Subsets to expect at the target by accident: how densely the sums of subsets lie within a tenth around the
 * target, on the grid that the amounts share. An estimate, so sums are plain numbers here.
 */
function expectAccidents(
  [left, right]: readonly [readonly Sum[], readonly Sum[]],
  target: bigint,
  step: bigint,
): number {
  const sorted = Float64Array.from(left, (sum) => Number(sum.total)).sort();
  const aim = Number(target);
  const reach = Math.max(Math.abs(aim) / 10, Number(step));
  let near = 0;
  for (const { total } of right) {
    const centre = aim - Number(total);
    near += countBelow(sorted, centre + reach) - countBelow(sorted, centre - reach);
  }
  return (Math.max(0, near - 1) * Number(step)) / (2 * reach);
}

function bits(mask: number): number[] {
  return Array.from({ length: 31 }, (_, index) => index).filter((index) => (mask & (1 << index)) !== 0);
}

/** Subsets of exactly `size` of `count` elements. */
function choose(count: number, size: number): number {
  let result = 1;
  for (let k = 1; k <= size; k += 1) result = (result * (count - k + 1)) / k;
  return result;
}

/** Which part of all subsets has at most the size. */
function partUpTo(count: number, size: number): number {
  let subsets = 0;
  for (let k = 1; k <= size; k += 1) subsets += choose(count, k);
  return subsets / 2 ** count;
}

/** How usual it is that so many items are paid at once. */
function usual(size: number): number {
  return size <= 4 ? 8 : size <= 8 ? 2 : 1;
}

/** How likely it is that a subset of this size is meant, compared with others: small ones of many are rarer accidents. */
export function weightOfSubset(members: number, count: number): number {
  return usual(members) / choose(count, members);
}

function rank(masks: readonly number[], count: number): Subset[] {
  const found = masks.map((mask) => {
    const members = bits(mask);
    return { members, weight: weightOfSubset(members.length, count) };
  });
  const total = found.reduce((sum, { weight }) => sum + weight, 0);
  return found
    .map(({ members, weight }) => ({ members, share: weight / total }))
    .sort((a, b) => b.share - a.share);
}

/**
 * Finds the non-empty subsets of at most 20 amounts that add up to the target, meeting in the middle (2^10 sums a
 * side), at most `limit` of them. More than one means that the amounts alone cannot tell what was paid.
 */
export function findSubsetSums(amounts: readonly bigint[], target: bigint, limit = 40): SubsetSum {
  if (amounts.length > 20) throw new RangeError('Subset sums are searched among at most 20 amounts.');
  const half = amounts.length >> 1;
  const leftSums = sumsOf(amounts.slice(0, half));
  const rightSums = sumsOf(amounts.slice(half));
  const left = new Map<bigint, number[]>();
  for (const { total, mask } of leftSums) {
    const masks = left.get(total);
    if (masks === undefined) left.set(total, [mask]);
    else if (masks.length <= limit) masks.push(mask);
  }
  const masks: number[] = [];
  for (const { total, mask } of rightSums) {
    for (const other of left.get(target - total) ?? []) {
      if ((other | mask) !== 0 && masks.length < limit) masks.push(other | (mask << half));
    }
  }
  const solutions = rank(masks, amounts.length);
  if (solutions.length === 0) return { solutions, accidental: 0 };
  const step = amounts.reduce(divisor, target) || 1n;
  const part = partUpTo(amounts.length, Math.max(2, solutions[0]!.members.length));
  return { solutions, accidental: expectAccidents([leftSums, rightSums], target, step) * part };
}
