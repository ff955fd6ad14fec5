import { compareDates, isCalendarDate } from '#kernel/calendar';
import type { CalendarDate } from '#kernel/calendar';

/** How the days of a file are to be read, and on what grounds. */
export interface DayOrder {
  readonly dayFirst: boolean;
  /** Nothing in the file tells: it is what is usual for the currency. */
  readonly guessed: boolean;
}

/** Three figures between slashes, points, hyphens, blanks or the apostrophe that stands before years from 2000. */
const WRITTEN = /^(\d{1,4})\s*[/.-]\s*(\d{1,2})\s*([/.'-])\s*(\d{1,4})$/;
/** Two figures of a year from here on are of the last century. */
const OLDEST = 70;

interface Figures {
  readonly first: number;
  readonly second: number;
  readonly third: number;
  readonly yearFirst: boolean;
  readonly apostrophe: boolean;
}

/**
 * Whether the days of a file name the day or the month first. Grounds, in order: a figure above twelve; points between
 * the figures; what the caller knows; the order in which the rows run in one direction; month first for dollars only.
 * Undefined when some days can only be the one and some only the other.
 */
export function dayOrder(
  days: readonly string[],
  { known, currency }: { known?: boolean; currency: string },
): DayOrder | undefined {
  const figures = days
    .map(figuresOf)
    .filter((one) => one !== undefined)
    .filter((one) => !one.yearFirst);
  const dayFirst = figures.some((one) => one.first > 12);
  const monthFirst = figures.some((one) => one.second > 12);
  if (dayFirst && monthFirst) return undefined;
  if (dayFirst || monthFirst) return { dayFirst, guessed: false };
  if (days.some((text) => /^\d{1,2}\.\d{1,2}\./.test(text))) return { dayFirst: true, guessed: false };
  if (known !== undefined) return { dayFirst: known, guessed: false };
  const [runs, runsOther] = [runsOneWay(days, true), runsOneWay(days, false)];
  if (runs !== runsOther) return { dayFirst: runs, guessed: true };
  return { dayFirst: currency !== 'USD', guessed: figures.some((one) => one.first !== one.second) };
}

/** A day such as `8/12/13`, `8/12' 3`, `25.07.1993` or `2013-08-12`; undefined when it is none. */
export function qifDay(text: string, dayFirst: boolean): CalendarDate | undefined {
  const figures = figuresOf(text);
  if (figures === undefined) return undefined;
  const { first, second, third, yearFirst, apostrophe } = figures;
  const year = yearFirst ? first : third >= 1000 ? third : centuryOf(third, apostrophe);
  const [month, day] = yearFirst ? [second, third] : dayFirst ? [second, first] : [first, second];
  const two = (value: number): string => String(value).padStart(2, '0');
  const iso = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
  return isCalendarDate(iso) ? iso : undefined;
}

function centuryOf(year: number, apostrophe: boolean): number {
  return apostrophe || year < OLDEST ? 2000 + year : 1900 + year;
}

function figuresOf(text: string): Figures | undefined {
  const [, first = '', second = '', mark, third = ''] = WRITTEN.exec(text.trim()) ?? [];
  if (third === '' || first.length === 3 || third.length === 3) return undefined;
  const yearFirst = first.length === 4;
  if (yearFirst && third.length > 2) return undefined;
  return {
    first: Number(first),
    second: Number(second),
    third: Number(third),
    yearFirst,
    apostrophe: mark === "'",
  };
}

function runsOneWay(days: readonly string[], dayFirst: boolean): boolean {
  const read = days.map((day) => qifDay(day, dayFirst)).filter((day) => day !== undefined);
  const steps = new Set(read.slice(1).map((day, index) => compareDates(read[index] ?? day, day)));
  return !(steps.has(1) && steps.has(-1));
}
