import { expect, test } from 'vitest';
import { calendarDate } from '#kernel/calendar';
import { isNearMonthEnd } from '#kernel/configuration-freeze';

test.each([
  ['2026-01-31', 1, 0, true],
  ['2026-01-30', 1, 0, false],
  ['2026-02-27', 2, 0, true],
  ['2024-02-27', 2, 0, false],
  ['2026-02-01', 0, 1, true],
  ['2026-02-02', 0, 1, false],
  ['2026-01-31', 0, 0, false],
  ['2026-01-16', 16, 16, true],
] as const)(
  '%s with %i days before and %i after the end of a month: %s',
  (day, daysBefore, daysAfter, near) => {
    expect(isNearMonthEnd(calendarDate(day), { daysBefore, daysAfter })).toBe(near);
  },
);
