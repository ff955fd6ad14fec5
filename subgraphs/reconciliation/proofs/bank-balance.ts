import { addDays, type CalendarDate } from '#kernel/calendar';

/** What a statement says of an account; balances in minor units of the account's currency. */
export interface StatedBalance {
  readonly id: string;
  readonly reference: string | undefined;
  /** Held statements do not add up or do not go on from the one before. */
  readonly held: boolean;
  readonly startsOn: CalendarDate | undefined;
  readonly endsOn: CalendarDate;
  readonly opening: bigint | undefined;
  readonly closing: bigint | undefined;
}

/** What the lines of a day come to in the account's currency; a line outside its statement's days counts within them. */
export interface LinesOfDay {
  readonly day: CalendarDate;
  readonly held: boolean;
  readonly minor: bigint;
  readonly count: number;
}

/** Days over which the balances a bank states and the lines it brought do not agree. */
export interface Unexplained {
  /** The balance before them was stated for the end of this day, or before the first statement. */
  readonly after: CalendarDate | undefined;
  readonly through: CalendarDate;
  readonly statementId: string;
  /** What the balance rose by beyond the lines that are known; negative for a fall. */
  readonly minor: bigint;
}

/** What a bank says of one account at the end of a day. */
export interface BankBalance {
  /** The last balance the bank has stated at or before the day, and the day at whose end it stood. */
  readonly stated:
    | { readonly statement: StatedBalance; readonly minor: bigint; readonly on: CalendarDate }
    | undefined;
  /** What came after it, up to the day. */
  readonly later: { readonly minor: bigint; readonly count: number };
  readonly minor: bigint;
  /** What was there before the first line that is known. */
  readonly opening: bigint;
  /** The first day of which lines are known from statements; nothing without any. */
  readonly firstDay: CalendarDate | undefined;
  /** Lines of held statements count only after this day: up to it a sound statement has said what there is. */
  readonly soundThrough: CalendarDate | undefined;
  readonly unexplained: readonly Unexplained[];
}

type Stated = StatedBalance & { readonly closing: bigint };

/** What the bank says at the end of a day: its last stated balance, what came after it, and where it does not add up. */
export function bankBalance(
  statements: readonly StatedBalance[],
  days: readonly LinesOfDay[],
  asOf: CalendarDate,
): BankBalance {
  const closed = statements.filter((one): one is Stated => one.closing !== undefined);
  const sound = closed.filter(({ held, endsOn }) => !held && endsOn <= asOf);
  const soundThrough = latest(sound.map(({ endsOn }) => endsOn));
  const all = balancePoints(closed.filter(({ held, endsOn }) => !held || endsOn > (soundThrough ?? '')));
  const points = all.filter(({ endsOn }) => endsOn <= asOf);
  const counted = days.filter(({ day, held }) => !held || soundThrough === undefined || day > soundThrough);
  const between = (after: string, through: string) =>
    total(counted.filter(({ day }) => day > after && day <= through));
  const start = beginning(statements, all[0], counted);
  const stated = lastStated(points, start.opened, asOf);
  const later = stated ? between(stated.on, asOf) : { minor: 0n, count: 0 };
  return {
    stated,
    later,
    minor: stated ? stated.minor + later.minor : start.opening + between('', asOf).minor,
    opening: start.opening,
    firstDay: start.firstDay,
    soundThrough,
    unexplained: points.flatMap((point, place): Unexplained[] => {
      const previous = points[place - 1];
      const known = between(previous?.endsOn ?? '', point.endsOn).minor;
      const minor = point.closing - (previous?.closing ?? start.opening) - known;
      if (minor === 0n) return [];
      return [{ after: previous?.endsOn, through: point.endsOn, statementId: point.id, minor }];
    }),
  };
}

/** The last closing balance; before the first one, what the first statement opens with. */
function lastStated(
  points: readonly Stated[],
  opened: StatedBalance | undefined,
  asOf: CalendarDate,
): BankBalance['stated'] {
  const last = points.at(-1);
  if (last) return { statement: last, minor: last.closing, on: last.endsOn };
  if (opened?.opening === undefined || opened.startsOn === undefined) return undefined;
  const on = addDays(opened.startsOn, -1);
  return on <= asOf ? { statement: opened, minor: opened.opening, on } : undefined;
}

/** One balance for each day on which statements end, in order. */
function balancePoints(closed: readonly Stated[]): Stated[] {
  const days = Map.groupBy(closed, ({ endsOn }) => endsOn);
  return [...days.values()]
    .map(lastOfDay)
    .toSorted((a, b) => (a.endsOn < b.endsOn ? -1 : a.endsOn > b.endsOn ? 1 : 0));
}

/** Of statements that end on one day the last is the one from which none of them goes on; sound ones come first. */
function lastOfDay(all: readonly Stated[]): Stated {
  const sound = all.filter(({ held }) => !held);
  const day = sound.length > 0 ? sound : all;
  const ends = day.filter(
    (one) =>
      !day.some(
        (next) => next.id !== one.id && next.opening === one.closing && next.opening !== next.closing,
      ),
  );
  // Those that go round in a circle, as when a payment comes and goes within the day, are told apart by their order.
  return (ends.length > 0 ? ends : day).reduce((last, one) => (one.id > last.id ? one : last));
}

/** What was there before the first line, from the first balance that any statement gives. */
function beginning(
  statements: readonly StatedBalance[],
  firstPoint: Stated | undefined,
  counted: readonly LinesOfDay[],
): { opening: bigint; firstDay: CalendarDate | undefined; opened: StatedBalance | undefined } {
  const firstLine = counted.map(({ day }) => day).reduce<CalendarDate | undefined>(earlier, undefined);
  const opened = statements
    .filter((one) => one.opening !== undefined && one.startsOn !== undefined)
    .filter((one, _place, all) => !one.held || all.every(({ held }) => held))
    .reduce<StatedBalance | undefined>((first, one) => {
      if (!first) return one;
      if (one.startsOn !== first.startsOn) return (one.startsOn ?? '') < (first.startsOn ?? '') ? one : first;
      // Of two that begin on one day, the first is the one from which the other goes on.
      return first.opening === one.closing && one.opening !== first.closing ? one : first;
    }, undefined);
  const startsOn = opened?.startsOn;
  // A closing balance of before speaks of earlier lines than the first opening does.
  if (
    opened?.opening !== undefined &&
    startsOn !== undefined &&
    !(firstPoint && firstPoint.endsOn < startsOn)
  ) {
    const before = total(counted.filter(({ day }) => day < startsOn)).minor;
    return { opening: opened.opening - before, firstDay: earlier(firstLine, startsOn), opened };
  }
  if (firstPoint) {
    const known = total(counted.filter(({ day }) => day <= firstPoint.endsOn)).minor;
    return { opening: firstPoint.closing - known, firstDay: firstLine, opened: undefined };
  }
  return { opening: 0n, firstDay: firstLine, opened: undefined };
}

function total(days: readonly LinesOfDay[]): { minor: bigint; count: number } {
  return days.reduce((sum, { minor, count }) => ({ minor: sum.minor + minor, count: sum.count + count }), {
    minor: 0n,
    count: 0,
  });
}

function earlier(a: CalendarDate | undefined, b: CalendarDate): CalendarDate {
  return a === undefined || b < a ? b : a;
}

function latest(days: readonly CalendarDate[]): CalendarDate | undefined {
  return days.reduce<CalendarDate | undefined>(
    (last, day) => (last === undefined || day > last ? day : last),
    undefined,
  );
}
