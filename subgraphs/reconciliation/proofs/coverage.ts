import { addDays, daysBetween, type CalendarDate } from '#kernel/calendar';
import type { StatedBalance } from './bank-balance.ts';

/** Days from one to another, both included. */
export interface DayRange {
  readonly from: CalendarDate;
  readonly to: CalendarDate;
}

/** How far the statements of an account reach over some days. */
export interface Coverage {
  readonly days: number;
  readonly covered: number;
  readonly gaps: readonly DayRange[];
}

/**
 * Which of some days sound statements cover. Days between two statements are covered too where the later one opens with
 * what the earlier one closed with: nothing happened on them.
 */
export function coverageOf(statements: readonly StatedBalance[], { from, to }: DayRange): Coverage {
  const spans = statements
    .filter(({ held }) => !held)
    .map(({ startsOn, endsOn, opening, closing }) => ({
      from: startsOn !== undefined && startsOn < endsOn ? startsOn : endsOn,
      to: endsOn,
      opening,
      closing,
    }))
    .toSorted((a, b) => (a.from === b.from ? compare(a.to, b.to) : compare(a.from, b.from)));
  const gaps: DayRange[] = [];
  let reached = addDays(from, -1);
  let closings: (bigint | undefined)[] = [];
  for (const span of spans) {
    const joined = span.opening !== undefined && closings.includes(span.opening);
    if (!joined && span.from > addDays(reached, 1) && reached < to) {
      const last = addDays(span.from, -1);
      gaps.push({ from: addDays(reached, 1), to: last < to ? last : to });
    }
    if (span.to > reached || closings.length === 0) closings = [span.closing];
    else if (span.to === reached) closings.push(span.closing);
    if (span.to > reached) reached = span.to;
  }
  if (reached < to) gaps.push({ from: addDays(reached, 1), to });
  const days = daysBetween(from, to) + 1;
  const open = gaps.reduce((sum, gap) => sum + daysBetween(gap.from, gap.to) + 1, 0);
  return { days, covered: days - open, gaps };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
