import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, calendarDate, type CalendarDate } from '#kernel/calendar';
import { makeHistory } from '../../../test/support/cash-flows.ts';
import { backTest, lastMonthAgain, lastYearAgain } from './forecast-back-test.ts';
import { expectedCommitments, shrunkDelay } from './forecast-commitments.ts';
import type { CashHistory, CashItem, CashMove } from './forecast-model.ts';
import { expectedRecurring, findRecurring } from './forecast-recurring.ts';
import { cumulated, expectedMoves, forecast, quantile } from './forecast.ts';

const day = (text: string): CalendarDate => calendarDate(text);
const today = day('2026-06-15');
const move = (on: string, minor: bigint, party = 'landlord'): CashMove => ({
  on: day(on),
  minor,
  party,
  label: party,
});
const item = (more: Partial<CashItem>): CashItem => ({
  id: 'je_1',
  party: 'karia',
  label: 'Invoice',
  postedOn: day('2026-05-01'),
  dueOn: day('2026-06-20'),
  minor: 10_000n,
  payments: [],
  ...more,
});
/** An item paid so many days after it was due. */
const paid = (party: string, delay: number, dueOn = day('2026-03-01')): CashItem =>
  item({ party, dueOn, payments: [{ on: addDays(dueOn, delay), minor: 10_000n }] });
const ascending = (a: number, b: number) => a - b;

describe('an open item', () => {
  test('is expected at its due day, moved by the habit of its counterparty', () => {
    const slow = Array.from({ length: 9 }, () => paid('karia', 12));
    const others = Array.from({ length: 9 }, () => paid('other', 0));
    const [first] = expectedCommitments([...slow, ...others, item({})], today);
    // Nine payments of 12 days drawn by three of the book's median, which is 0: (9 * 12 + 3 * 0) / 12.
    expect(first).toMatchObject({ on: '2026-06-29', minor: 10_000n, kind: 'COMMITMENT', itemId: 'je_1' });
  });

  test('of a counterparty nobody knows follows the book, and incoming and outgoing have habits of their own', () => {
    const customers = Array.from({ length: 5 }, () => paid('karia', 10));
    const bill = item({ party: 'new vendor', minor: -5_000n });
    const sale = item({ party: 'new customer' });
    expect(expectedCommitments([...customers, bill, sale], today).map(({ on }) => on)).toEqual([
      '2026-06-20',
      '2026-06-30',
    ]);
  });

  test('that is overdue is expected as those that came later still, and never in the past', () => {
    const history = [1, 2, 20, 30, 40].map((delay) => paid('karia', delay, day('2026-02-01')));
    const late = item({ dueOn: day('2026-05-20') });
    expect(expectedCommitments([...history, late], today)[0]?.on).toBe('2026-06-19');
    const lost = item({ dueOn: day('2025-01-01') });
    expect(expectedCommitments([...history, lost], today)[0]?.on).toBe('2026-06-22');
  });

  test('is expected with what is left of it, and not at all once it is paid or overpaid', () => {
    const of = (minor: bigint) => item({ payments: [{ on: day('2026-06-01'), minor }] });
    expect(expectedCommitments([of(4_000n)], today)[0]?.minor).toBe(6_000n);
    expect(expectedCommitments([of(10_000n), of(12_000n)], today)).toEqual([]);
  });

  test('has a delay between that of its counterparty and that of the book, the nearer to its own the more it has', () => {
    const delays = fc
      .array(fc.integer({ min: -30, max: 90 }), { maxLength: 30 })
      .map((list) => list.toSorted(ascending));
    fc.assert(
      fc.property(delays, delays, (own, all) => {
        const middle = (list: readonly number[]) => list[Math.floor((list.length - 1) / 2)] ?? 0;
        const [a, b] = own.length > 0 ? [middle(own), middle(all)] : [middle(all), middle(all)];
        const delay = shrunkDelay(own, all);
        expect(delay).toBeGreaterThanOrEqual(Math.min(a, b));
        expect(delay).toBeLessThanOrEqual(Math.max(a, b));
      }),
    );
  });
});

describe('a payment that comes again', () => {
  const rhythms = [
    ['WEEKLY', 7, 10],
    ['FORTNIGHTLY', 14, 8],
    ['MONTHLY', 0, 6],
    ['QUARTERLY', 0, 5],
    ['YEARLY', 0, 3],
  ] as const;
  const monthsOf = { MONTHLY: 1, QUARTERLY: 3, YEARLY: 12 } as Record<string, number>;
  const onDay = (rhythm: string, days: number, back: number) => {
    if (days > 0) return addDays(today, -3 - days * back);
    const month = 2026 * 12 + 5 - (monthsOf[rhythm] ?? 1) * back;
    return day(`${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-12`);
  };

  test('is found in its rhythm, whatever lies between, with days and amounts that vary a little', () => {
    const noise = fc.array(
      fc.record({ back: fc.integer({ min: 0, max: 400 }), minor: fc.bigInt({ min: -90_000n, max: -1n }) }),
      { maxLength: 30 },
    );
    const jitter = fc.array(fc.integer({ min: -1, max: 1 }), { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(fc.constantFrom(...rhythms), jitter, noise, ([rhythm, days, count], shifts, others) => {
        const stream = Array.from({ length: count }, (_, back) => ({
          ...move('2026-01-01', -100_000n - BigInt(500 * (shifts[back] ?? 0))),
          on: addDays(onDay(rhythm, days, back), shifts[back] ?? 0),
        }));
        const rest = others.map(({ back, minor }, index) => ({
          ...move('2026-01-01', minor, `shop ${index}`),
          on: addDays(today, -back),
        }));
        const moves = [...stream, ...rest].toSorted((a, b) => (a.on < b.on ? -1 : 1));
        const found = findRecurring(moves, today);
        expect(found).toHaveLength(1);
        expect(found[0]).toMatchObject({ rhythm, party: 'landlord', seen: count });
        expect(found[0]?.minor).toBeGreaterThan(-100_501n);
        expect(found[0]?.minor).toBeLessThan(-99_499n);
      }),
    );
  });

  test('comes on its day of the month, and on the last one of shorter months', () => {
    const moves = ['2025-10-31', '2025-11-30', '2025-12-31', '2026-01-31'].map((on) => move(on, -100n));
    const from = day('2026-02-01');
    const expected = expectedRecurring(findRecurring(moves, from), {
      today: from,
      days: 100,
      commitments: [],
    });
    expect(expected.map(({ on }) => on)).toEqual(['2026-02-28', '2026-03-31', '2026-04-30']);
  });

  test('is parted from another of the same party by its amount', () => {
    const months = ['02', '03', '04', '05', '06'];
    const moves = months.flatMap((month) => [
      move(`2026-${month}-01`, -5_000n),
      move(`2026-${month}-10`, -900n),
    ]);
    expect(findRecurring(moves, today).map(({ minor }) => minor)).toEqual([-900n, -5_000n]);
  });

  test('has ended when it did not come, and is none when the gaps say nothing', () => {
    const ended = ['2025-10-01', '2025-11-01', '2025-12-01', '2026-01-01'].map((on) => move(on, -100n));
    expect(findRecurring(ended, today)).toEqual([]);
    const random = ['2026-01-03', '2026-02-20', '2026-02-25', '2026-05-30'].map((on) => move(on, -100n));
    expect(findRecurring(random, today)).toEqual([]);
  });

  test('is left out where an open item stands for it', () => {
    const moves = ['2026-02-20', '2026-03-20', '2026-04-20', '2026-05-20'].map((on) => move(on, -100n));
    const open = item({
      party: 'landlord',
      minor: -105n,
      postedOn: day('2026-06-10'),
      dueOn: day('2026-06-22'),
    });
    const names = (items: CashItem[]) =>
      expectedMoves({ moves, items }, today, 50).map(({ on, kind }) => [on, kind]);
    expect(names([])).toEqual([
      ['2026-06-20', 'RECURRING'],
      ['2026-07-20', 'RECURRING'],
    ]);
    expect(names([open])).toEqual([
      ['2026-06-22', 'COMMITMENT'],
      ['2026-07-20', 'RECURRING'],
    ]);
  });
});

describe('a forecast', () => {
  test('of payments that always come is exact, and its band has no width', () => {
    const moves = Array.from({ length: 60 }, (_, index) => ({
      ...move('2026-01-01', -7_00n, 'cleaning'),
      on: addDays(today, -1 - 7 * index),
    })).toReversed();
    const made = forecast({ history: { moves, items: [] }, today, days: 28, opening: 100_000n });
    expect(made.days.at(-1)).toEqual({
      on: addDays(today, 28),
      expected: 97_200n,
      low: 97_200n,
      high: 97_200n,
    });
    expect(made.samples).toBeGreaterThan(8);
  });

  test('lies in its band, begins the day after, and knows nothing of what comes later', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('agency', 'restaurant'),
        fc.integer({ min: 1, max: 500 }),
        (profile, seed) => {
          const { end, ...history } = makeHistory(profile, seed, 320);
          const on = addDays(end, -30);
          const made = forecast({ history, today: on, days: 10, opening: 5n });
          expect(made.days.map((one) => one.on)[0]).toBe(addDays(on, 1));
          for (const { low, expected, high } of made.days) {
            expect(low).toBeLessThanOrEqual(expected);
            expect(expected).toBeLessThanOrEqual(high);
          }
          const later: CashHistory = {
            moves: [...history.moves, { ...move('2030-01-01', 1n), on: addDays(on, 1) }].toSorted((a, b) =>
              a.on < b.on ? -1 : 1,
            ),
            items: [...history.items, item({ postedOn: addDays(on, 1), dueOn: addDays(on, 2) })],
          };
          expect(forecast({ history: later, today: on, days: 10, opening: 5n })).toEqual(made);
        },
      ),
      { numRuns: 8 },
    );
  });

  test('of a book without history is what is on hand and what is open', () => {
    const history = { moves: [], items: [item({})] };
    const made = forecast({ history, today, days: 6, opening: 500n });
    expect(made.samples).toBe(0);
    expect(made.days.map(({ expected }) => expected)).toEqual([500n, 500n, 500n, 500n, 10_500n, 10_500n]);
  });

  test('takes edges outwards, so that few samples make a wide band', () => {
    const samples = [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n];
    expect([quantile(samples, 10), quantile(samples, 90)]).toEqual([1n, 8n]);
    const many = Array.from({ length: 99 }, (_, index) => BigInt(index + 1));
    expect([quantile(many, 10), quantile(many, 90)]).toEqual([10n, 90n]);
  });
});

describe('a naive forecast', () => {
  test('lets the last month come again on the same days', () => {
    const moves = [move('2026-05-10', 9n), move('2026-05-31', -4n), move('2026-06-15', 2n)];
    expect(lastMonthAgain(moves, today, 31).map(Number)).toEqual(
      cumulated(
        [
          { on: day('2026-06-30'), minor: -4n },
          { on: day('2026-07-15'), minor: 2n },
        ],
        today,
        31,
      ).map(Number),
    );
  });

  test('lets the same weekdays of the year before come again, when there was a year before', () => {
    const moves = [move('2025-06-01', 1n), move('2025-06-18', 5n)];
    expect(lastYearAgain(moves, today, 3)).toEqual([0n, 5n, 5n]);
    expect(lastYearAgain(moves.slice(1), today, 3)).toBeUndefined();
  });
});

test('forecasts of made-up companies are nearer than naive ones, and their bands hold', () => {
  for (const profile of ['agency', 'wholesale'] as const) {
    const { end, ...history } = makeHistory(profile, 77);
    const made = backTest(history, { today: end, days: 30, most: 4, step: 45, warmUp: 300 });
    expect(made.forecasts).toBe(4);
    expect(Number(made.error)).toBeLessThan(0.9 * Number(made.lastMonthError));
    expect(made.coverage).toBeGreaterThan(5_000);
  }
});
