import { daysBetween, endOfMonth, startOfMonth, type CalendarDate } from '#kernel/calendar';

/** On how many days of a month the configuration of a book stands still. */
export interface FrozenDays {
  /** The last ones. */
  readonly daysBefore: number;
  /** The first ones. */
  readonly daysAfter: number;
}

/** Whether a day is one of the last or the first of its month. */
export function isNearMonthEnd(day: CalendarDate, { daysBefore, daysAfter }: FrozenDays): boolean {
  return daysBetween(startOfMonth(day), day) < daysAfter || daysBetween(day, endOfMonth(day)) < daysBefore;
}
