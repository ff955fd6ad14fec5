import { cpus } from 'node:os';

/** One side of a comparison: does its work once; `worker` tells parallel runs apart. */
export type Work = (worker: number) => Promise<void>;

/** How a comparison is made. */
export interface Rounds {
  readonly rounds: number;
  readonly milliseconds: number;
  /** Runs of the work at the same time. */
  readonly workers: number;
  /** What one run of the work counts as; 1 unless said. */
  readonly weight?: number;
}

/** What a comparison found; rates are medians per second, ratios are taken within each round. */
export interface Comparison {
  readonly crossfoot: number;
  readonly denominator: number;
  /** Median over the rounds of the rate of Crossfoot divided by that of the denominator. */
  readonly ratio: number;
  readonly ratios: readonly number[];
}

/**
 * Measures two sides in alternating rounds, each going first every other time, after a warm-up of both: what else the
 * machine does then falls on both alike, so that the ratio says more than the rates.
 */
export async function compare(crossfoot: Work, denominator: Work, rounds: Rounds): Promise<Comparison> {
  const { milliseconds, workers, weight = 1 } = rounds;
  const rate = async (work: Work, time = milliseconds) =>
    (await ratePerSecond(work, { milliseconds: time, workers })) * weight;
  await rate(crossfoot, milliseconds / 2);
  await rate(denominator, milliseconds / 2);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds.rounds; round += 1) {
    if (round % 2 === 0) ours.push(await rate(crossfoot));
    theirs.push(await rate(denominator));
    if (round % 2 === 1) ours.push(await rate(crossfoot));
  }
  const ratios = ours.map((one, index) => one / (theirs[index] ?? Number.NaN));
  return {
    crossfoot: rounded(median(ours)),
    denominator: rounded(median(theirs)),
    ratio: rounded(median(ratios)),
    ratios: ratios.map(rounded),
  };
}

let interrupted = false;

/** Ends what is being measured with an Error at its next step, so that everything opened for it is closed. */
export function interrupt(): void {
  interrupted = true;
}

/** Throws an Error once the bench was interrupted. */
export function throwIfInterrupted(): void {
  if (interrupted) throw new Error('The bench was interrupted');
}

async function ratePerSecond(
  work: Work,
  options: { readonly milliseconds: number; readonly workers: number },
): Promise<number> {
  let done = 0;
  const from = performance.now();
  const until = from + options.milliseconds;
  const run = async (worker: number): Promise<void> => {
    while (performance.now() < until) {
      throwIfInterrupted();
      await work(worker);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: options.workers }, (_, worker) => run(worker)));
  return (done * 1000) / (performance.now() - from);
}

/** The middle of a list of figures. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = low] = [
    sorted[sorted.length % 2 === 0 ? middle - 1 : middle],
    sorted[middle],
  ];
  return (low + high) / 2;
}

/** A figure with three significant digits. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/** Stands in every line, because a figure without its machine says little. */
export const machine = {
  cores: cpus().length,
  cpu: cpus()[0]?.model ?? 'unknown',
  node: process.version,
  note: 'a shared, noisy machine: read the ratio, not the rates',
};
