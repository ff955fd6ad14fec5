import { expect, test } from 'vitest';
import { nextAttempt, nextPull } from './feed-schedule.ts';

const now = new Date('2026-03-02T10:30:00Z');
const text = (date: Date) => date.toISOString().slice(0, 16);

test('a feed is looked into every so many minutes, or at the next full hour of its own', () => {
  expect(text(nextPull({ everyMinutes: 20 }, now))).toBe('2026-03-02T10:50');
  expect(text(nextPull({ dailyAtHour: 11 }, now))).toBe('2026-03-02T11:00');
  expect(text(nextPull({ dailyAtHour: 10 }, now))).toBe('2026-03-03T10:00');
});

test('pauses after failures grow up to six hours; a daily feed is never put off beyond its hour', () => {
  const every = (failures: number) => text(nextAttempt({ everyMinutes: 1 }, failures, now));
  expect([1, 2, 3, 4, 30].map(every)).toEqual([
    '2026-03-02T10:31',
    '2026-03-02T10:32',
    '2026-03-02T10:34',
    '2026-03-02T10:38',
    '2026-03-02T16:30',
  ]);
  const daily = (failures: number) => text(nextAttempt({ dailyAtHour: 12 }, failures, now));
  expect([1, 30].map(daily)).toEqual(['2026-03-02T10:31', '2026-03-02T12:00']);
});
