import { addDays, calendarDate, endOfMonth, type CalendarDate } from '#kernel/calendar';

/** One month of a fiscal year. */
export interface FiscalMonth {
  readonly startsOn: CalendarDate;
  readonly endsOn: CalendarDate;
}

const monthsOfYear = 12;

/**
 * The twelve months of the fiscal year that begins in a calendar year, in order: each begins on the day after the one
 * before ended, and the last ends on the day before the next fiscal year.
 */
export function monthsOfFiscalYear(year: number, startMonth: number): FiscalMonth[] {
  const months: FiscalMonth[] = [];
  let startsOn = calendarDate(`${String(year).padStart(4, '0')}-${String(startMonth).padStart(2, '0')}-01`);
  while (months.length < monthsOfYear) {
    const endsOn = endOfMonth(startsOn);
    months.push({ startsOn, endsOn });
    startsOn = addDays(endsOn, 1);
  }
  return months;
}
