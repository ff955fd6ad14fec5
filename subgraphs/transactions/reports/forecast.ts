import { addDays, daysBetween, type CalendarDate } from '#kernel/calendar';
import { expectedCommitments } from './forecast-commitments.ts';
import {
  compareAmounts,
  countUntil,
  knownOn,
  medianAmount,
  type CashHistory,
  type CashMove,
  type ExpectedMove,
} from './forecast-model.ts';
import { expectedDaily, expectedRecurring, findRecurring } from './forecast-recurring.ts';

/** One day of a forecast; amounts are what money on hand comes to at its end. */
export interface ForecastDay {
  readonly on: CalendarDate;
  /** By what is expected and what usually comes beside it. */
  readonly expected: bigint;
  /** Of ten times it was between these eight times. */
  readonly low: bigint;
  readonly high: bigint;
}

/** A forecast of money on hand. */
export interface Forecast {
  readonly today: CalendarDate;
  readonly opening: bigint;
  readonly days: readonly ForecastDay[];
  /** What is expected by name, in the order of the days. */
  readonly moves: readonly ExpectedMove[];
  /** How many earlier forecasts the band was taken from; with fewer than eight it is only a guess. */
  readonly samples: number;
}

/** What a forecast starts from. */
export interface ForecastRequest {
  readonly history: CashHistory;
  readonly today: CalendarDate;
  /** How many days ahead. */
  readonly days: number;
  /** Money on hand at the end of today. */
  readonly opening: bigint;
}

/** Earlier forecasts are made every so many days, as far back as this, where there is so much history before them. */
const stepDays = 6;
const mostOrigins = 60;
const warmUp = 60;
/** Fewer samples say too little of a day so far ahead; what is known of nearer days is widened. */
const enoughSamples = 8;
/** The band in percent: of a hundred, so many lie below its lower and so many below its upper edge. */
const bandEdges = { low: 10, high: 90 } as const;

/** What is expected by name within some days: open items and payments that come again. */
export function expectedMoves(history: CashHistory, today: CalendarDate, days: number): ExpectedMove[] {
  const end = addDays(today, days);
  const commitments = expectedCommitments(history.items, today);
  const streams = findRecurring(history.moves, today);
  const recurring = expectedRecurring(streams, { today, days, commitments });
  return [...commitments, ...recurring, ...expectedDaily(history.moves, today, days)]
    .filter(({ on }) => on <= end)
    .toSorted((a, b) => (a.on < b.on ? -1 : Number(a.on > b.on)));
}

/**
 * Money on hand for each of the coming days. What is expected by name is moved by the middle of what earlier forecasts,
 * made with what was known on their day, had missed so many days ahead; the band lies between quantiles of the same
 * misses, so no shape of them is assumed.
 */
export function forecast({ history, today, days, opening }: ForecastRequest): Forecast {
  const known = knownOn(history, today);
  const moves = expectedMoves(known, today, days);
  const named = cumulated(moves, today, days);
  const misses = missesOf(known, today, days);
  const bands = bandsOf(misses, days);
  return {
    today,
    opening,
    moves,
    samples: misses.length,
    days: named.map((sum, index) => {
      const band = bands[index] as Band;
      const at = (miss: bigint) => opening + sum + miss;
      return {
        on: addDays(today, index + 1),
        expected: at(band.middle),
        low: at(band.low),
        high: at(band.high),
      };
    }),
  };
}

/** What moves come to from tomorrow to each of the coming days. */
export function cumulated(
  moves: readonly { readonly on: CalendarDate; readonly minor: bigint }[],
  today: CalendarDate,
  days: number,
): bigint[] {
  const sums = Array.from({ length: days }, () => 0n);
  for (const { on, minor } of moves) {
    const index = Math.max(0, daysBetween(today, on) - 1);
    if (index < days) sums[index] = (sums[index] as bigint) + minor;
  }
  for (let index = 1; index < days; index += 1)
    sums[index] = (sums[index] as bigint) + (sums[index - 1] as bigint);
  return sums;
}

/** What really moved from the day after to each of the days that followed, as far as they are over. */
export function actualSums(
  moves: readonly CashMove[],
  origin: CalendarDate,
  { days, until }: { readonly days: number; readonly until: CalendarDate },
): bigint[] {
  const length = Math.min(days, daysBetween(origin, until));
  const after = moves.slice(countUntil(moves, origin), countUntil(moves, addDays(origin, length)));
  return cumulated(after, origin, length);
}

/** For each earlier forecast, by how much it missed each day that is over. */
function missesOf(history: CashHistory, today: CalendarDate, days: number): bigint[][] {
  const [first] = history.moves;
  if (!first) return [];
  const misses: bigint[][] = [];
  for (let back = stepDays; misses.length < mostOrigins; back += stepDays) {
    const origin = addDays(today, -back);
    if (daysBetween(first.on, origin) < warmUp) break;
    const ahead = Math.min(days, back);
    const named = cumulated(expectedMoves(knownOn(history, origin), origin, ahead), origin, ahead);
    const actual = actualSums(history.moves, origin, { days: ahead, until: today });
    misses.push(actual.map((sum, index) => sum - (named[index] as bigint)));
  }
  return misses;
}

interface Band {
  readonly low: bigint;
  readonly middle: bigint;
  readonly high: bigint;
}

function bandsOf(misses: readonly (readonly bigint[])[], days: number): Band[] {
  const bands: Band[] = [];
  let known = 0;
  for (let index = 0; index < days; index += 1) {
    const samples = misses.flatMap((miss) => miss[index] ?? []).toSorted(compareAmounts);
    if (samples.length >= enoughSamples || (index === 0 && samples.length > 0)) {
      known = index + 1;
      bands.push({
        low: quantile(samples, bandEdges.low),
        middle: medianAmount(samples),
        high: quantile(samples, bandEdges.high),
      });
    } else {
      bands.push(widened(bands[known - 1], index + 1, known));
    }
  }
  return bands;
}

/** What goes on day by day grows with the days, what differs by chance with their root. */
function widened(nearest: Band | undefined, day: number, known: number): Band {
  if (!nearest) return { low: 0n, middle: 0n, high: 0n };
  const middle = (nearest.middle * BigInt(day)) / BigInt(known);
  const root = BigInt(Math.round(Math.sqrt(day / known) * 10_000));
  const grown = (distance: bigint) => (distance * root) / 10_000n;
  return {
    middle,
    low: middle + grown(nearest.low - nearest.middle),
    high: middle + grown(nearest.high - nearest.middle),
  };
}

/** The sample below which so many percent of further samples are expected, the outermost one where there are few. */
export function quantile(sorted: readonly bigint[], percent: number): bigint {
  const count = sorted.length;
  // Beyond n samples the next one is equally likely in each of n + 1 gaps, so edges are taken outwards.
  const rank =
    percent < 50 ? Math.floor(((count + 1) * percent) / 100) : Math.ceil(((count + 1) * percent) / 100);
  return sorted[Math.min(Math.max(rank, 1), count) - 1] ?? 0n;
}
