import { CrossfootError } from './errors.ts';

declare const brand: unique symbol;

/** A day of the Gregorian calendar as `YYYY-MM-DD`, years 0001 to 9999; not an instant, so it has no time zone. */
export type CalendarDate = string & { readonly [brand]: 'CalendarDate' };

/** The ways files write days. Separated formats also take one-digit days and months. */
export type DateFormat = 'YYYY-MM-DD' | 'DD.MM.YYYY' | 'DD/MM/YYYY' | 'MM/DD/YYYY' | 'YYYYMMDD' | 'YYMMDD';

const PATTERNS: Record<DateFormat, RegExp> = {
  'YYYY-MM-DD': /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})$/,
  'DD.MM.YYYY': /^(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<year>\d{4})$/,
  'DD/MM/YYYY': /^(?<day>\d{1,2})\/(?<month>\d{1,2})\/(?<year>\d{4})$/,
  'MM/DD/YYYY': /^(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>\d{4})$/,
  YYYYMMDD: /^(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})$/,
  YYMMDD: /^(?<year>\d{2})(?<month>\d{2})(?<day>\d{2})$/,
};

/** Two-digit years from here on belong to the 1900s, as SWIFT reads them. */
const FIRST_TWO_DIGIT_YEAR_OF_1900S = 80;
const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const LAST_DAY_NUMBER = dayNumber(9999, 12, 31);

/** Checks a day in the form `YYYY-MM-DD`; throws DATE_INVALID. */
export function calendarDate(text: string): CalendarDate {
  if (!isCalendarDate(text)) throw invalid(text, 'a day of the calendar in the form YYYY-MM-DD');
  return text;
}

/** Whether the text is a day that exists, in the form `YYYY-MM-DD`. */
export function isCalendarDate(text: string): text is CalendarDate {
  return read(text, 'YYYY-MM-DD') !== undefined;
}

/** Reads a day in the given format; two-digit years 80 to 99 are 19YY, 00 to 79 are 20YY. Throws DATE_INVALID. */
export function parseDate(text: string, format: DateFormat): CalendarDate {
  const date = read(text, format);
  if (date === undefined) throw invalid(text, `a day of the calendar in the form ${format}`);
  return date;
}

/** The day `days` whole days later, or earlier when negative; throws DATE_INVALID outside the years 0001 to 9999. */
export function addDays(date: CalendarDate, days: number): CalendarDate {
  const target = numberOf(date) + days;
  if (!Number.isSafeInteger(target) || target < 1 || target > LAST_DAY_NUMBER) {
    throw new CrossfootError(
      'DATE_INVALID',
      `${days} days from ${date} is not a day of the years 0001 to 9999.`,
    );
  }
  return dateOfNumber(target);
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: CalendarDate, to: CalendarDate): number {
  return numberOf(to) - numberOf(from);
}

/** -1 when a is earlier than b, 0 for the same day, 1 when later. */
export function compareDates(a: CalendarDate, b: CalendarDate): -1 | 0 | 1 {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The first day of the date's month. */
export function startOfMonth(date: CalendarDate): CalendarDate {
  const { year, month } = fields(date);
  return write(year, month, 1);
}

/** The last day of the date's month. */
export function endOfMonth(date: CalendarDate): CalendarDate {
  const { year, month } = fields(date);
  return write(year, month, daysInMonth(year, month));
}

/** The day in UTC on which an instant falls, whatever the time zone of the machine; throws DATE_INVALID. */
export function dateOf(instant: Date): CalendarDate {
  const year = instant.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) throw invalid(String(instant), 'an instant of the years 0001 to 9999');
  return write(year, instant.getUTCMonth() + 1, instant.getUTCDate());
}

function read(text: string, format: DateFormat): CalendarDate | undefined {
  const groups = PATTERNS[format].exec(text)?.groups;
  if (groups === undefined) return undefined;
  const written = Number(groups['year']);
  const year =
    format === 'YYMMDD' ? written + (written >= FIRST_TWO_DIGIT_YEAR_OF_1900S ? 1900 : 2000) : written;
  const month = Number(groups['month']);
  const day = Number(groups['day']);
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  return write(year, month, day);
}

function write(year: number, month: number, day: number): CalendarDate {
  const pad = (value: number, width: number) => String(value).padStart(width, '0');
  // The one place that mints a date: every caller has checked the three parts.
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}` as CalendarDate;
}

function fields(date: CalendarDate): { year: number; month: number; day: number } {
  return { year: Number(date.slice(0, 4)), month: Number(date.slice(5, 7)), day: Number(date.slice(8, 10)) };
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function numberOf(date: CalendarDate): number {
  const { year, month, day } = fields(date);
  return dayNumber(year, month, day);
}

/** Days counted from 0001-01-01, which is day 1. */
function dayNumber(year: number, month: number, day: number): number {
  const leapDay = month > 2 && isLeapYear(year) ? 1 : 0;
  return daysBeforeYear(year) + (DAYS_BEFORE_MONTH[month - 1] ?? 0) + leapDay + day;
}

function daysBeforeYear(year: number): number {
  const full = year - 1;
  return full * 365 + Math.floor(full / 4) - Math.floor(full / 100) + Math.floor(full / 400);
}

function dateOfNumber(number: number): CalendarDate {
  // The mean year gives the right year or the one before or after it.
  let year = Math.floor((number - 1) / 365.2425) + 1;
  while (number > daysBeforeYear(year + 1)) year += 1;
  while (number <= daysBeforeYear(year)) year -= 1;
  let day = number - daysBeforeYear(year);
  let month = 1;
  while (day > daysInMonth(year, month)) {
    day -= daysInMonth(year, month);
    month += 1;
  }
  return write(year, month, day);
}

function invalid(text: string, wanted: string): CrossfootError {
  const shown = JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
  return new CrossfootError('DATE_INVALID', `${shown} is not ${wanted}.`);
}
