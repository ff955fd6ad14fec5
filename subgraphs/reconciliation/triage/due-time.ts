import { addDays, calendarDate, type CalendarDate } from '#kernel/calendar';

/** When a book is worked on. */
export interface WorkingTime {
  /** IANA name such as Europe/Berlin. */
  readonly timeZone: string;
  /** Minutes after midnight, local time. */
  readonly opensAt: number;
  /** Minutes after midnight, local time; later than `opensAt`, at most 1440. */
  readonly closesAt: number;
  /** ISO days of the week, 1 is Monday; at least one. */
  readonly weekdays: readonly number[];
  readonly holidays: readonly CalendarDate[];
}

/** How hours are counted. */
export type Clock = { readonly kind: 'CALENDAR' } | { readonly kind: 'BUSINESS'; readonly time: WorkingTime };

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** When so many hours have passed since an instant: all hours, or those of working days only. */
export function dueAt(since: Date, hours: number, clock: Clock): Date {
  if (clock.kind === 'CALENDAR') return new Date(since.getTime() + hours * hour);
  const { time } = clock;
  let left = hours * hour;
  let from = since.getTime();
  for (let on = localDay(from, time.timeZone); ; on = addDays(on, 1)) {
    if (!isWorkingDay(on, time)) continue;
    const opens = instantOf(on, time.opensAt, time.timeZone);
    const closes = instantOf(on, time.closesAt, time.timeZone);
    from = Math.max(from, opens);
    if (closes <= from) continue;
    if (left <= closes - from) return new Date(from + left);
    left -= closes - from;
  }
}

/** The end of a day's work, for what is to be done by a day; the next working day where that is none. */
export function endOfDay(on: CalendarDate, clock: Clock): Date {
  if (clock.kind === 'CALENDAR') return new Date(Date.parse(`${on}T00:00:00Z`) + day);
  let working = on;
  while (!isWorkingDay(working, clock.time)) working = addDays(working, 1);
  return new Date(instantOf(working, clock.time.closesAt, clock.time.timeZone));
}

/** The end of the work of the n-th working day after a day, or of the n-th day where all days count. */
export function endOfWorkingDays(after: CalendarDate, days: number, clock: Clock): Date {
  if (clock.kind === 'CALENDAR') return endOfDay(addDays(after, days), clock);
  let on = after;
  for (let left = days; left > 0;) {
    on = addDays(on, 1);
    if (isWorkingDay(on, clock.time)) left -= 1;
  }
  return endOfDay(on, clock);
}

/** Whether the name is a time zone that is known here. */
export function isTimeZone(name: string): boolean {
  try {
    return formatOf(name) !== undefined;
  } catch {
    return false;
  }
}

function isWorkingDay(on: CalendarDate, { weekdays, holidays }: WorkingTime): boolean {
  const weekday = new Date(`${on}T00:00:00Z`).getUTCDay();
  return weekdays.includes(weekday === 0 ? 7 : weekday) && !holidays.includes(on);
}

function localDay(instant: number, timeZone: string): CalendarDate {
  return calendarDate(new Date(instant + offsetAt(instant, timeZone)).toISOString().slice(0, 10));
}

/** The instant of a local time. Where clocks are put forward over it, the hour later stands for it. */
function instantOf(on: CalendarDate, minutes: number, timeZone: string): number {
  const local = Date.parse(`${on}T00:00:00Z`) + minutes * minute;
  const first = local - offsetAt(local, timeZone);
  return local - offsetAt(first, timeZone);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** How far local time is ahead of UTC at an instant, in milliseconds. */
function offsetAt(instant: number, timeZone: string): number {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return local - Math.floor(instant / 1000) * 1000;
}
