/** What a processor kept of one payout; amounts in minor units. */
export interface FeeSample {
  readonly gross: number;
  readonly count: number;
  readonly fee: number;
}

/** A share of each sale and a fixed amount for each, in minor units. */
export interface Tariff {
  readonly rate: number;
  readonly fixed: number;
  /** Which part of the samples it explains to the minor unit. */
  readonly explained: number;
}

/** So many payouts have to be explained before a tariff is believed. */
const leastSamples = 4;
/** Pairs are tried among so many samples. */
const mostTried = 14;

function through(a: FeeSample, b: FeeSample): { rate: number; fixed: number } | undefined {
  const determinant = a.gross * b.count - b.gross * a.count;
  if (determinant === 0) return undefined;
  return {
    rate: (a.fee * b.count - b.fee * a.count) / determinant,
    fixed: (a.gross * b.fee - b.gross * a.fee) / determinant,
  };
}

function misses(sample: FeeSample, { rate, fixed }: { rate: number; fixed: number }): number {
  return Math.abs(sample.fee - rate * sample.gross - fixed * sample.count);
}

/** The line through the samples with the least squares. */
function fit(samples: readonly FeeSample[]): { rate: number; fixed: number } | undefined {
  let [gg, gc, cc, gf, cf] = [0, 0, 0, 0, 0];
  for (const { gross, count, fee } of samples) {
    gg += gross * gross;
    gc += gross * count;
    cc += count * count;
    gf += gross * fee;
    cf += count * fee;
  }
  const determinant = gg * cc - gc * gc;
  if (determinant === 0) return undefined;
  return { rate: (gf * cc - cf * gc) / determinant, fixed: (gg * cf - gc * gf) / determinant };
}

/** The tariff that explains most payouts to the minor unit; undefined when none explains four fifths of them. */
export function learnTariff(samples: readonly FeeSample[]): Tariff | undefined {
  if (samples.length < leastSamples) return undefined;
  const tried = samples.slice(0, mostTried);
  let best: FeeSample[] = [];
  for (const a of tried) {
    for (const b of tried) {
      const guess = a === b ? undefined : through(a, b);
      // Fees are rounded, so two samples give the rate not quite; what lies near is fitted again below.
      const near = guess === undefined ? [] : samples.filter((sample) => misses(sample, guess) <= 4);
      if (near.length > best.length) best = near;
    }
  }
  const tariff = best.length < leastSamples ? undefined : fit(best);
  if (tariff === undefined) return undefined;
  const explained = samples.filter((sample) => misses(sample, tariff) <= 1).length / samples.length;
  return explained < 0.8 ? undefined : { ...tariff, explained };
}
