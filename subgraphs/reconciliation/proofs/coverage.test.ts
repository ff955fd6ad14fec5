import { expect, test } from 'vitest';
import { calendarDate } from '#kernel/calendar';
import type { StatedBalance } from './bank-balance.ts';
import { coverageOf } from './coverage.ts';

const march = { from: calendarDate('2026-03-01'), to: calendarDate('2026-03-31') };
let made = 0;
const statement = (from: string, to: string, [opening, closing]: [bigint?, bigint?] = []): StatedBalance => ({
  id: `bs_${(made += 1).toString()}`,
  reference: undefined,
  held: false,
  startsOn: calendarDate(from),
  endsOn: calendarDate(to),
  opening,
  closing,
});

test('a month without a statement is one gap, and one with a statement of all its days none', () => {
  expect(coverageOf([], march)).toEqual({ days: 31, covered: 0, gaps: [march] });
  expect(coverageOf([statement('2026-02-15', '2026-04-02')], march)).toEqual({
    days: 31,
    covered: 31,
    gaps: [],
  });
});

test('days between statements are a gap unless the balance went on', () => {
  const apart = [
    statement('2026-03-01', '2026-03-10', [0n, 5n]),
    statement('2026-03-15', '2026-03-31', [6n, 9n]),
  ];
  expect(coverageOf(apart, march)).toEqual({
    days: 31,
    covered: 27,
    gaps: [{ from: '2026-03-11', to: '2026-03-14' }],
  });
  const joined = [
    statement('2026-03-15', '2026-03-31', [5n, 9n]),
    statement('2026-03-01', '2026-03-10', [0n, 5n]),
  ];
  expect(coverageOf(joined, march).gaps).toEqual([]);
});

test('what went on from before the month covers its first days, and what is held back covers nothing', () => {
  const before = statement('2026-02-01', '2026-02-20', [0n, 5n]);
  expect(coverageOf([before, statement('2026-03-05', '2026-03-31', [5n, 5n])], march).gaps).toEqual([]);
  expect(coverageOf([before, statement('2026-03-05', '2026-03-31', [4n, 5n])], march).gaps).toEqual([
    { from: '2026-03-01', to: '2026-03-04' },
  ]);
  expect(coverageOf([{ ...statement('2026-03-01', '2026-03-31'), held: true }], march).covered).toBe(0);
});
