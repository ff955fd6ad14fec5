import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calendarDate } from '#kernel/calendar';
import { dueAt, endOfDay, endOfWorkingDays, isTimeZone, type Clock, type WorkingTime } from './due-time.ts';

const office: WorkingTime = {
  timeZone: 'Europe/Berlin',
  opensAt: 9 * 60,
  closesAt: 17 * 60,
  weekdays: [1, 2, 3, 4, 5],
  holidays: [calendarDate('2026-05-01')],
};
const business = (time: Partial<WorkingTime> = {}): Clock => ({
  kind: 'BUSINESS',
  time: { ...office, ...time },
});
const due = (since: string, hours: number, clock: Clock) =>
  dueAt(new Date(since), hours, clock).toISOString();

describe('hours of the clock', () => {
  test('pass by night and on Sundays too', () => {
    expect(due('2026-03-07T23:00:00Z', 24, { kind: 'CALENDAR' })).toBe('2026-03-08T23:00:00.000Z');
  });
});

describe('hours of work', () => {
  test('begin where the day stands and go on the next morning', () => {
    // Tuesday 15:00 in Berlin, winter time: two hours are left.
    expect(due('2026-03-03T14:00:00Z', 2, business())).toBe('2026-03-03T16:00:00.000Z');
    expect(due('2026-03-03T14:00:00Z', 3, business())).toBe('2026-03-04T09:00:00.000Z');
  });

  test('do not pass before work, after it, at the weekend and on holidays', () => {
    expect(due('2026-03-03T05:00:00Z', 1, business())).toBe('2026-03-03T09:00:00.000Z');
    expect(due('2026-03-06T20:00:00Z', 1, business())).toBe('2026-03-09T09:00:00.000Z');
    // Thursday evening before a holiday on Friday.
    expect(due('2026-04-30T20:00:00Z', 8, business())).toBe('2026-05-04T15:00:00.000Z');
  });

  test('follow the clocks of the place when they are put forward and back', () => {
    // Friday 16:00 in winter; Monday 10:00 in summer.
    expect(due('2026-03-27T15:00:00Z', 2, business())).toBe('2026-03-30T08:00:00.000Z');
    // Friday 16:00 in summer; Monday 10:00 in winter.
    expect(due('2026-10-23T14:00:00Z', 2, business())).toBe('2026-10-26T09:00:00.000Z');
  });

  test('are those of the place, whose day may not be that of Greenwich', () => {
    // Monday 08:00 in Auckland is still Sunday in Greenwich.
    const auckland = business({ timeZone: 'Pacific/Auckland' });
    expect(due('2026-03-01T19:00:00Z', 1, auckland)).toBe('2026-03-01T21:00:00.000Z');
  });
});

test('the end of a day is the end of its work, or of the next day there is any', () => {
  expect(endOfDay(calendarDate('2026-03-06'), business()).toISOString()).toBe('2026-03-06T16:00:00.000Z');
  expect(endOfDay(calendarDate('2026-03-07'), business()).toISOString()).toBe('2026-03-09T16:00:00.000Z');
  expect(endOfDay(calendarDate('2026-03-07'), { kind: 'CALENDAR' }).toISOString()).toBe(
    '2026-03-08T00:00:00.000Z',
  );
});

test('a time zone is known or it is not', () => {
  expect([isTimeZone('Europe/Berlin'), isTimeZone('Middle/Earth')]).toEqual([true, false]);
});

const anyClock = fc
  .record({
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland'),
    opensAt: fc.integer({ min: 0, max: 1000 }),
    length: fc.integer({ min: 30, max: 440 }),
    weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
  })
  .map(({ timeZone, opensAt, length, weekdays }) =>
    business({ timeZone, opensAt, closesAt: opensAt + length, weekdays, holidays: [] }),
  );
const anyInstant = fc.date({ min: new Date('2025-01-01'), max: new Date('2027-12-31'), noInvalidDate: true });
const anyHours = fc.integer({ min: 1, max: 60 });

test('working days are counted from the day after, and days on which nobody works are none of them', () => {
  const week = business({ holidays: [calendarDate('2026-03-10')] });
  const after = (days: number) =>
    endOfWorkingDays(calendarDate('2026-03-06'), days, week).toISOString().slice(0, 10);
  // A Friday; Tuesday is a holiday.
  expect([after(1), after(2), after(3)]).toEqual(['2026-03-09', '2026-03-11', '2026-03-12']);
  const all = endOfWorkingDays(calendarDate('2026-03-06'), 2, { kind: 'CALENDAR' });
  expect(all.toISOString()).toBe('2026-03-09T00:00:00.000Z');
});

test('more hours are never due sooner, a later start never either, and hours of work never pass faster', () => {
  fc.assert(
    fc.property(anyClock, anyInstant, anyHours, anyHours, (clock, since, hours, more) => {
      const first = dueAt(since, hours, clock).getTime();
      expect(dueAt(since, hours + more, clock).getTime()).toBeGreaterThan(first);
      expect(dueAt(new Date(since.getTime() + more * 60_000), hours, clock).getTime()).toBeGreaterThanOrEqual(
        first,
      );
      expect(first).toBeGreaterThanOrEqual(dueAt(since, hours, { kind: 'CALENDAR' }).getTime());
    }),
    { numRuns: 60 },
  );
});

test('hours add up: so many, and then so many more, are due when all of them together are', () => {
  fc.assert(
    fc.property(anyClock, anyInstant, anyHours, anyHours, (clock, since, hours, more) => {
      const together = dueAt(since, hours + more, clock);
      expect(dueAt(dueAt(since, hours, clock), more, clock)).toEqual(together);
    }),
    { numRuns: 60 },
  );
});
