import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, calendarDate } from '#kernel/calendar';
import { ageBuckets, ageItems, bucketOf, type OpenItem } from './aged-items.ts';

const on = calendarDate('2026-06-30');

test.each([
  [-1, 'NOT_DUE'],
  [0, 'NOT_DUE'],
  [1, 'DAYS_1_30'],
  [30, 'DAYS_1_30'],
  [31, 'DAYS_31_60'],
  [60, 'DAYS_31_60'],
  [61, 'DAYS_61_90'],
  [90, 'DAYS_61_90'],
  [91, 'OVER_90'],
])('%i days overdue is %s', (days, bucket) => {
  expect(bucketOf(days)).toBe(bucket);
});

const item = (more: Partial<OpenItem>): OpenItem => ({
  entryId: 'je_1',
  accountId: 'acc_1',
  counterparty: 'Karia',
  postedOn: on,
  dueOn: on,
  currency: 'EUR',
  original: 100n,
  open: 100n,
  functional: 100n,
  ...more,
});

test('a counterparty has a row for each currency, its items the longest overdue first', () => {
  const { rows } = ageItems(
    [
      item({ entryId: 'je_1', vendorId: 'ven_1' }),
      item({ entryId: 'je_2', vendorId: 'ven_1', counterparty: 'Karia Ltd', dueOn: addDays(on, -45) }),
      item({ entryId: 'je_3', vendorId: 'ven_1', currency: 'USD', functional: 90n }),
      item({ entryId: 'je_4', counterparty: 'Nobody yet', functional: 500n }),
    ],
    on,
  );
  expect(
    rows.map((row) => [row.vendorId, row.currency, row.total, row.items.map((one) => one.entryId)]),
  ).toEqual([
    [undefined, 'EUR', 100n, ['je_4']],
    ['ven_1', 'EUR', 200n, ['je_2', 'je_1']],
    ['ven_1', 'USD', 100n, ['je_3']],
  ]);
  expect(rows[1]?.buckets).toMatchObject({ NOT_DUE: 100n, DAYS_31_60: 100n, OVER_90: 0n });
});

test('columns add up to rows, rows to totals, and nothing is lost, whatever is open', () => {
  const items = fc.array(
    fc.record({
      entryId: fc.uuid(),
      vendorId: fc.constantFrom('ven_1', 'ven_2', 'ven_3'),
      dueOn: fc.integer({ min: -200, max: 60 }).map((days) => addDays(on, days)),
      currency: fc.constantFrom('EUR', 'JPY'),
      open: fc.bigInt({ min: -(10n ** 6n), max: 10n ** 6n }),
      functional: fc.bigInt({ min: -(10n ** 6n), max: 10n ** 6n }),
    }),
    { maxLength: 40 },
  );
  const sum = (amounts: readonly bigint[]) => amounts.reduce((total, one) => total + one, 0n);
  fc.assert(
    fc.property(items, (given) => {
      const open = given.map((more) => item(more));
      const { rows, totals, functional } = ageItems(open, on);
      for (const one of [...rows, ...totals, functional])
        expect(sum(ageBuckets.map((bucket) => one.buckets[bucket]))).toBe(one.total);
      for (const { currency, total } of totals)
        expect(sum(rows.filter((row) => row.currency === currency).map((row) => row.total))).toBe(total);
      expect(rows.flatMap((row) => row.items)).toHaveLength(open.length);
      expect(functional.total).toBe(sum(open.map((one) => one.functional)));
    }),
  );
});
