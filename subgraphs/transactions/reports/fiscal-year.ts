import { addDays, calendarDate, type CalendarDate } from '#kernel/calendar';

/** First and last day of a fiscal year. */
export interface FiscalYear {
  readonly startsOn: CalendarDate;
  readonly endsOn: CalendarDate;
}

/** The fiscal year a day lies in, for a book whose years begin with a month (1 to 12). */
export function fiscalYearOf(day: string, startMonth: number): FiscalYear {
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))];
  const first = month >= startMonth ? year : year - 1;
  const startsOn = firstOf(first, startMonth);
  return { startsOn, endsOn: addDays(firstOf(first + 1, startMonth), -1) };
}

function firstOf(year: number, month: number): CalendarDate {
  return calendarDate(`${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-01`);
}
