import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  addDays,
  calendarDate,
  compareDates,
  dateOf,
  daysBetween,
  endOfMonth,
  isCalendarDate,
  parseDate,
  startOfMonth,
} from './calendar.ts';
import type { DateFormat } from './calendar.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const day = calendarDate;
const invalid = expect.objectContaining({ code: 'DATE_INVALID' });
const DAY = 86_400_000;
const anyInstant = fc.date({
  min: new Date('1900-01-01T00:00:00Z'),
  max: new Date('2100-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});
const anyDay = anyInstant.map((instant) => day(instant.toISOString().slice(0, 10)));

describe('reading days', () => {
  test.each(['2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31', '2026-01-31'])('%s is a day', (text) => {
    expect(isCalendarDate(text)).toBe(true);
    expect(calendarDate(text)).toBe(text);
  });

  test.each([
    '2023-02-29',
    '1900-02-29',
    '2100-02-29',
    '2024-02-30',
    '2024-04-31',
    '2024-13-01',
    '2024-00-10',
    '2024-01-00',
    '0000-01-01',
    '2024-1-1',
    '24-01-01',
    '2024-01-01T00:00:00Z',
    '2024-01-01\n',
    ' 2024-01-01',
    '+2024-01-01',
    '20240101',
    '٢٠٢٤-٠١-٠١',
    '',
  ])('%j is not a day', (text) => {
    expect(isCalendarDate(text)).toBe(false);
    expect(() => calendarDate(text)).toThrowError(invalid);
  });

  test.each<[string, DateFormat, string]>([
    ['2024-02-29', 'YYYY-MM-DD', '2024-02-29'],
    ['31.12.2025', 'DD.MM.YYYY', '2025-12-31'],
    ['1.2.2025', 'DD.MM.YYYY', '2025-02-01'],
    ['03/04/2025', 'DD/MM/YYYY', '2025-04-03'],
    ['03/04/2025', 'MM/DD/YYYY', '2025-03-04'],
    ['3/14/2025', 'MM/DD/YYYY', '2025-03-14'],
    ['20240229', 'YYYYMMDD', '2024-02-29'],
    ['240229', 'YYMMDD', '2024-02-29'],
    ['000229', 'YYMMDD', '2000-02-29'],
    ['791231', 'YYMMDD', '2079-12-31'],
    ['800101', 'YYMMDD', '1980-01-01'],
    ['991231', 'YYMMDD', '1999-12-31'],
  ])('%s as %s is %s', (text, format, expected) => {
    expect(parseDate(text, format)).toBe(expected);
  });

  test.each<[string, DateFormat]>([
    ['14/03/2025', 'MM/DD/YYYY'],
    ['03/14/2025', 'DD/MM/YYYY'],
    ['29.02.2023', 'DD.MM.YYYY'],
    ['31-12-2025', 'DD.MM.YYYY'],
    ['31.12.25', 'DD.MM.YYYY'],
    ['31x12x2025', 'DD.MM.YYYY'],
    ['2024229', 'YYYYMMDD'],
    ['230229', 'YYMMDD'],
    ['20240229', 'YYMMDD'],
    ['240229', 'YYYYMMDD'],
  ])('%s is not a day in the form %s', (text, format) => {
    expect(() => parseDate(text, format)).toThrowError(invalid);
  });

  test('the message names the text and the form that was expected', () => {
    expect(() => parseDate('29.02.2023', 'DD.MM.YYYY')).toThrowError(
      '"29.02.2023" is not a day of the calendar in the form DD.MM.YYYY.',
    );
  });

  test('the message does not repeat long text in full', () => {
    expect(() => calendarDate('9'.repeat(10_000))).toThrowError(/^.{1,120}$/);
  });

  test('a day written in any format is read back', () => {
    const formats: Record<DateFormat, (y: string, m: string, d: string) => string> = {
      'YYYY-MM-DD': (y, m, d) => `${y}-${m}-${d}`,
      'DD.MM.YYYY': (y, m, d) => `${d}.${m}.${y}`,
      'DD/MM/YYYY': (y, m, d) => `${d}/${m}/${y}`,
      'MM/DD/YYYY': (y, m, d) => `${m}/${d}/${y}`,
      YYYYMMDD: (y, m, d) => y + m + d,
      YYMMDD: (y, m, d) => y.slice(2) + m + d,
    };
    fc.assert(
      fc.property(anyDay, (date) => {
        const [y = '', m = '', d = ''] = date.split('-');
        for (const [format, write] of Object.entries(formats) as [
          DateFormat,
          (typeof formats)[DateFormat],
        ][]) {
          if (format === 'YYMMDD' && (date < '1980' || date >= '2080')) continue;
          expect(parseDate(write(y, m, d), format)).toBe(date);
        }
      }),
    );
  });
});

describe('counting days', () => {
  test.each([
    ['2024-02-28', 1, '2024-02-29'],
    ['2024-02-29', 1, '2024-03-01'],
    ['2023-02-28', 1, '2023-03-01'],
    ['2024-03-01', -1, '2024-02-29'],
    ['1900-02-28', 1, '1900-03-01'],
    ['2000-02-28', 1, '2000-02-29'],
    ['2024-12-31', 1, '2025-01-01'],
    ['2024-02-29', 366, '2025-03-01'],
    ['2024-01-15', 0, '2024-01-15'],
    ['0001-01-01', 3_652_058, '9999-12-31'],
  ])('%s and %d days is %s', (from, days, to) => {
    expect(addDays(day(from), days)).toBe(to);
    expect(daysBetween(day(from), day(to))).toBe(days);
  });

  test('adding and counting are inverse, and agree with the platform clock', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -80_000, max: 80_000 }), (date, days) => {
        const moved = addDays(date, days);
        expect(addDays(moved, -days)).toBe(date);
        expect(daysBetween(date, moved)).toBe(days);
        expect(moved).toBe(new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10));
      }),
    );
  });

  test('every day of 1900 to 2100 follows the one before', () => {
    const first = Date.parse('1900-01-01T00:00:00Z');
    let date = day('1900-01-01');
    for (let count = 1; date < '2100-12-31'; count += 1) {
      date = addDays(date, 1);
      expect(date).toBe(new Date(first + count * DAY).toISOString().slice(0, 10));
    }
    expect(daysBetween(day('1900-01-01'), date)).toBe(73_413);
  });

  test('days outside the years 0001 to 9999 and broken counts are refused', () => {
    expect(() => addDays(day('9999-12-31'), 1)).toThrowError(invalid);
    expect(() => addDays(day('0001-01-01'), -1)).toThrowError(invalid);
    expect(() => addDays(day('2024-01-01'), 0.5)).toThrowError(invalid);
    expect(() => addDays(day('2024-01-01'), Number.NaN)).toThrowError(invalid);
    expect(() => addDays(day('2024-01-01'), Number.POSITIVE_INFINITY)).toThrowError(invalid);
  });

  test('comparing follows the calendar', () => {
    expect(compareDates(day('2024-09-30'), day('2024-10-01'))).toBe(-1);
    expect(compareDates(day('2024-10-01'), day('2024-10-01'))).toBe(0);
    expect(compareDates(day('2025-01-01'), day('2024-12-31'))).toBe(1);
    fc.assert(
      fc.property(anyDay, anyDay, (a, b) => {
        expect(compareDates(a, b)).toBe(Math.sign(daysBetween(b, a)));
      }),
    );
  });
});

describe('months', () => {
  test.each([
    ['2024-02-10', '2024-02-01', '2024-02-29'],
    ['2023-02-28', '2023-02-01', '2023-02-28'],
    ['2024-04-30', '2024-04-01', '2024-04-30'],
    ['2024-12-01', '2024-12-01', '2024-12-31'],
    ['1900-02-14', '1900-02-01', '1900-02-28'],
    ['9999-12-15', '9999-12-01', '9999-12-31'],
  ])('%s lies in %s to %s', (date, first, last) => {
    expect(startOfMonth(day(date))).toBe(first);
    expect(endOfMonth(day(date))).toBe(last);
  });

  test('the day after the end of a month starts the next one', () => {
    fc.assert(
      fc.property(anyDay, (date) => {
        const next = addDays(endOfMonth(date), 1);
        expect(startOfMonth(next)).toBe(next);
        expect(daysBetween(startOfMonth(date), next)).toBeOneOf([28, 29, 30, 31]);
      }),
    );
  });
});

describe('the day of an instant', () => {
  test('is the day in UTC, to the last millisecond, also for instants written in another zone', () => {
    expect(dateOf(new Date('2024-02-29T23:59:59.999Z'))).toBe('2024-02-29');
    expect(dateOf(new Date('2024-03-01T00:00:00.000Z'))).toBe('2024-03-01');
    expect(dateOf(new Date('2024-03-01T00:30:00+02:00'))).toBe('2024-02-29');
    expect(dateOf(new Date('2024-02-29T23:30:00-05:00'))).toBe('2024-03-01');
  });

  test('does not depend on the time zone of the machine', () => {
    const noon = new Date('2024-02-29T12:00:00Z');
    for (const [zone, localDay] of [
      ['Pacific/Kiritimati', 1],
      ['UTC', 29],
    ] as const) {
      vi.stubEnv('TZ', zone);
      expect(noon.getDate()).toBe(localDay);
      expect(dateOf(noon)).toBe('2024-02-29');
    }
  });

  test('is the start of the ISO text', () => {
    fc.assert(
      fc.property(anyInstant, (instant) => {
        expect(dateOf(instant)).toBe(instant.toISOString().slice(0, 10));
      }),
    );
  });

  test('is refused for an invalid instant and for years that have no calendar text', () => {
    expect(() => dateOf(new Date(Number.NaN))).toThrowError(invalid);
    expect(() => dateOf(new Date('-000001-01-01T00:00:00Z'))).toThrowError(invalid);
    expect(() => dateOf(new Date('+010000-01-01T00:00:00Z'))).toThrowError(invalid);
  });
});
