import type { CalendarDate } from '#kernel/calendar';

/** An entry of before the first line of the bank, with whatever took it back. */
export interface EarlyEntry {
  readonly together: string;
  readonly day: CalendarDate;
  readonly minor: bigint;
}

/** What the books had before the first line, and what of it is listed entry by entry. */
export interface BroughtForward {
  readonly minor: bigint;
  readonly count: number;
  readonly listed: readonly string[];
}

/**
 * What of the entries before the first line the bank's opening balance holds. Where the books stood at that balance at
 * the end of a day, what came after it is listed; where they never did, all of it together is held against the bank's.
 * `newest` are the last of the entries, the newest first.
 */
export function broughtForward(
  opening: bigint,
  all: { readonly minor: bigint; readonly count: number },
  newest: readonly EarlyEntry[],
): BroughtForward {
  let rest = all.minor;
  for (let place = 0; place <= newest.length; place += 1) {
    const [before, one] = [newest[place - 1], newest[place]];
    const endOfDay = before === undefined || before.day !== one?.day;
    // Behind the last that is known there may be more of its day.
    const whole = one !== undefined || newest.length === all.count;
    if (rest === opening && endOfDay && whole) {
      const listed = newest.slice(0, place).map(({ together }) => together);
      return { minor: rest, count: all.count - place, listed };
    }
    rest -= one?.minor ?? 0n;
  }
  return { ...all, listed: [] };
}
