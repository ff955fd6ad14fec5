import {
  addDays,
  calendarDate,
  daysBetween,
  endOfMonth,
  startOfMonth,
  type CalendarDate,
} from '#kernel/calendar';
import {
  compareAmounts,
  countUntil,
  medianAmount,
  medianOf,
  sizeOf,
  type CashMove,
  type ExpectedMove,
} from './forecast-model.ts';

/** How often something comes again. */
export type Rhythm = 'WEEKLY' | 'FORTNIGHTLY' | 'MONTHLY' | 'QUARTERLY' | 'YEARLY';

/** A payment that comes again and again. */
export interface Recurring {
  readonly party: string;
  readonly label: string;
  readonly rhythm: Rhythm;
  readonly minor: bigint;
  readonly lastOn: CalendarDate;
  /** Day of the month, of those by the month. */
  readonly dayOfMonth: number;
  readonly seen: number;
}

interface Beat {
  readonly rhythm: Rhythm;
  /** Days from one to the next, as far as they may be apart from it, and months where it goes by those. */
  readonly days: number;
  readonly slack: number;
  readonly months: number;
  readonly atLeast: number;
}

const beats: readonly Beat[] = [
  { rhythm: 'WEEKLY', days: 7, slack: 2, months: 0, atLeast: 5 },
  { rhythm: 'FORTNIGHTLY', days: 14, slack: 3, months: 0, atLeast: 4 },
  { rhythm: 'MONTHLY', days: 30, slack: 6, months: 1, atLeast: 3 },
  { rhythm: 'QUARTERLY', days: 91, slack: 12, months: 3, atLeast: 3 },
  { rhythm: 'YEARLY', days: 365, slack: 15, months: 12, atLeast: 2 },
];
/** Amounts of one stream lie within so many percent of their middle; of a bill that varies, within more. */
const tolerances = [10n, 40n];
/** So many of a hundred gaps must fit. */
const fitting = 75;

/** The payments that come again, found in what moved; each move belongs to one of them at most. */
export function findRecurring(moves: readonly CashMove[], today: CalendarDate): Recurring[] {
  const apart = dailyGroups(moves, today);
  const groups = Map.groupBy(moves, groupOf);
  return [...groups].flatMap(([name, group]) => (apart.has(name) ? [] : streamsOf(group, today)));
}

/** What comes nearly every day, such as the sales of a shop, has no day of its own; it has a usual amount by weekday. */
const daily = { weeks: 8, atLeast: 24 };

/** What parties that come nearly every day brought or took by weekday, the mean of the last weeks. */
export function expectedDaily(moves: readonly CashMove[], today: CalendarDate, days: number): ExpectedMove[] {
  const since = addDays(today, -7 * daily.weeks);
  const groups = Map.groupBy(moves.slice(countUntil(moves, since)), groupOf);
  return [...groups.values()]
    .filter((group) => group.length >= daily.atLeast)
    .flatMap((group) => {
      const [{ party, label }] = group as [CashMove];
      const sums = Array.from({ length: 7 }, () => 0n);
      for (const { on, minor } of group) {
        const weekday = daysBetween(since, on) % 7;
        sums[weekday] = (sums[weekday] as bigint) + minor;
      }
      const reason = `nearly every day, seen ${group.length} times in ${daily.weeks} weeks`;
      return Array.from({ length: days }, (_, index): ExpectedMove => {
        const on = addDays(today, index + 1);
        const minor = (sums[daysBetween(since, on) % 7] as bigint) / BigInt(daily.weeks);
        return { on, minor, kind: 'RECURRING', party, label, reason };
      }).filter(({ minor }) => minor !== 0n);
    });
}

/** The groups of moves that come nearly every day. */
function dailyGroups(moves: readonly CashMove[], today: CalendarDate): Set<string> {
  const recent = moves.slice(countUntil(moves, addDays(today, -7 * daily.weeks)));
  const groups = Map.groupBy(recent, groupOf);
  return new Set([...groups].filter(([, group]) => group.length >= daily.atLeast).map(([name]) => name));
}

const groupOf = (move: CashMove): string => `${move.minor < 0n ? 'out' : 'in'} ${move.party}`;

/** First what is nearly the same amount each time, then what is left over, as a bill that varies. */
function streamsOf(group: readonly CashMove[], today: CalendarDate): Recurring[] {
  const found: Recurring[] = [];
  let rest = group;
  for (const tolerance of tolerances) {
    const left: CashMove[] = [];
    for (const cluster of clustersOf(rest, tolerance)) {
      const stream = streamOf(cluster, today);
      if (stream === undefined) left.push(...cluster);
      else if (stream !== 'ENDED') found.push(stream);
    }
    rest = left;
  }
  return found;
}

/** Amounts in order, parted where the next one lies too far above the first of its cluster. */
function clustersOf(moves: readonly CashMove[], tolerance: bigint): CashMove[][] {
  const clusters: CashMove[][] = [];
  for (const move of moves.toSorted((a, b) => compareAmounts(sizeOf(a.minor), sizeOf(b.minor)))) {
    const [first] = clusters.at(-1) ?? [];
    const near = first && sizeOf(move.minor) * 100n <= sizeOf(first.minor) * (100n + 2n * tolerance);
    if (near) clusters.at(-1)?.push(move);
    else clusters.push([move]);
  }
  return clusters;
}

function streamOf(cluster: readonly CashMove[], today: CalendarDate): Recurring | 'ENDED' | undefined {
  const moves = cluster.toSorted((a, b) => (a.on < b.on ? -1 : Number(a.on > b.on)));
  const last = moves.at(-1);
  const beat = beatOf(moves);
  if (!last || !beat) return undefined;
  if (daysBetween(last.on, today) > beat.days + 2 * beat.slack) return 'ENDED';
  // The newest amounts count: prices rise and stay.
  const recent = moves.slice(-3).map(({ minor }) => minor);
  const days = moves.slice(-6).map(({ on }) => dayOfMonth(on));
  return {
    party: last.party,
    label: last.label,
    rhythm: beat.rhythm,
    minor: medianAmount(recent),
    lastOn: last.on,
    dayOfMonth: medianOf(days) ?? 1,
    seen: moves.length,
  };
}

/** The rhythm that fits most gaps between days, if one fits enough of them. */
function beatOf(moves: readonly CashMove[]): Beat | undefined {
  const gaps = moves.slice(1).map((move, index) => daysBetween((moves[index] as CashMove).on, move.on));
  const scored = beats
    .filter((beat) => moves.length >= beat.atLeast)
    .map((beat) => ({
      beat,
      fits: gaps.filter((gap) => Math.abs(gap - beat.days) <= beat.slack).length,
    }))
    .filter(({ fits }) => fits * 100 >= fitting * gaps.length);
  return scored.toSorted((a, b) => b.fits - a.fits)[0]?.beat;
}

/** When streams come again within some days; what an open item stands for already is left out. */
export function expectedRecurring(
  streams: readonly Recurring[],
  {
    today,
    days,
    commitments,
  }: {
    readonly today: CalendarDate;
    readonly days: number;
    readonly commitments: readonly ExpectedMove[];
  },
): ExpectedMove[] {
  const end = addDays(today, days);
  return streams.flatMap((stream) => {
    const beat = beats.find(({ rhythm }) => rhythm === stream.rhythm) as Beat;
    const ofParty = commitments.filter(
      (one) => one.party === stream.party && one.minor < 0n === stream.minor < 0n,
    );
    const expected: ExpectedMove[] = [];
    for (
      let count = 1, on = nextOn(stream, beat, 1);
      on <= end;
      count += 1, on = nextOn(stream, beat, count)
    ) {
      // A day that has just gone by may still come; one long gone was left out.
      const shown = on > today ? on : addDays(today, 1);
      if (daysBetween(on, today) > beat.slack) continue;
      const reach = Math.max(beat.slack, Math.floor(beat.days / 2));
      const stands = ofParty.some(
        (one) => Math.abs(daysBetween(on, one.on)) <= reach && alike(one.minor, stream.minor),
      );
      if (stands || shown > end) continue;
      const { party, label, minor } = stream;
      const reason = `${stream.rhythm.toLowerCase()}, seen ${stream.seen} times, last ${stream.lastOn}`;
      expected.push({ on: shown, minor, kind: 'RECURRING', party, label, reason });
    }
    return expected;
  });
}

function alike(a: bigint, b: bigint): boolean {
  const [small, large] = [sizeOf(a), sizeOf(b)].toSorted(compareAmounts) as [bigint, bigint];
  return large * 100n <= small * 150n;
}

/** The day of the next one but so many; by the month always on the same day, or the last one of a shorter month. */
function nextOn(stream: Recurring, beat: Beat, count: number): CalendarDate {
  if (beat.months === 0) return addDays(stream.lastOn, count * beat.days);
  let month = startOfMonth(nearestMonth(stream));
  for (let left = count * beat.months; left > 0; left -= 1)
    month = startOfMonth(addDays(endOfMonth(month), 1));
  const last = dayOfMonth(endOfMonth(month));
  return addDays(month, Math.min(stream.dayOfMonth, last) - 1);
}

/** What usually comes on the 31st and came on the 1st was of the month before, and the other way round. */
function nearestMonth({ lastOn, dayOfMonth: usual }: Recurring): CalendarDate {
  const apart = dayOfMonth(lastOn) - usual;
  if (apart < -15) return addDays(startOfMonth(lastOn), -1);
  return apart > 15 ? calendarDate(addDays(endOfMonth(lastOn), 1)) : lastOn;
}

const dayOfMonth = (day: CalendarDate): number => Number(day.slice(8, 10));
