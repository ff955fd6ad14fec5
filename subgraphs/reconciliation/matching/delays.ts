/** Upper ends, in days after the item's date, of the ranges in which payment delays are counted. */
const ends = [-1, 5, 14, 35, 75, 150, 400];
/** What is assumed before anything was seen: most pay within five weeks, hardly anybody before the item exists. */
const assumed = [1, 20, 12, 12, 7, 2, 1];
const starts = [-30, ...ends.slice(0, -1).map((end) => end + 1)];

function rangeOf(gap: number): number {
  return ends.findIndex((end) => gap <= end);
}

/**
 * How usual a delay between item and payment is in this book, learned from the matches that references proved.
 * Weights compare days with each other: about 1 for the usual first days, near 0 for delays that do not occur.
 */
export function learnDelays(seen: readonly number[]): (gap: number) => number {
  const counts = [...assumed];
  for (const gap of seen) {
    const range = rangeOf(gap);
    if (range >= 0) counts[range]! += 1;
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  return (gap) => {
    const range = rangeOf(gap);
    if (range < 0 || gap < starts[0]!) return 0;
    const width = ends[range]! - starts[range]! + 1;
    return (12 * counts[range]!) / (total * width);
  };
}
