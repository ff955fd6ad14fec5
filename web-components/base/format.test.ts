import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAgo, formatDay, formatMoney, percent, sumPerCurrency, words } from './format.ts';

test('money keeps every digit of the exact amount, its currency and a true minus sign', () => {
  expect(formatMoney({ amount: '-1284.50', currency: 'EUR' }, 'en')).toBe('−€1,284.50');
  expect(formatMoney({ amount: '98765432109876543210.99', currency: 'USD' }, 'en')).toBe(
    '$98,765,432,109,876,543,210.99',
  );
  expect(formatMoney({ amount: '1500', currency: 'JPY' }, 'en')).toBe('¥1,500');
  expect(formatMoney({ amount: '1.500', currency: 'KWD' }, 'en')).toBe('KWD\u00a01.500');
  expect(formatMoney({ amount: '1284.50', currency: 'EUR' }, 'de')).toBe('1.284,50\u00a0€');
  expect(formatMoney({ amount: '8.00', currency: 'EUR' }, 'en', 'always')).toBe('+€8.00');
});

test('sums are exact and kept apart by currency', () => {
  const sums = sumPerCurrency([
    { amount: '0.10', currency: 'EUR' },
    { amount: '5', currency: 'JPY' },
    { amount: '0.20', currency: 'EUR' },
    { amount: '-0.35', currency: 'EUR' },
  ]);
  expect(sums).toEqual([
    { amount: '-0.05', currency: 'EUR' },
    { amount: '5', currency: 'JPY' },
  ]);
});

test('a list of amounts in cents always sums to the same cents', () => {
  const cents = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
  const asText = (value: bigint): string => {
    const digits = (value < 0n ? -value : value).toString().padStart(3, '0');
    return `${value < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
  };
  fc.assert(
    fc.property(fc.array(cents, { minLength: 1 }), (list) => {
      const [sum] = sumPerCurrency(list.map((value) => ({ amount: asText(value), currency: 'EUR' })));
      expect(sum?.amount).toBe(asText(list.reduce((total, value) => total + value, 0n)));
    }),
  );
});

test('a calendar day stays the day it is, whatever the time zone', () => {
  expect(formatDay('2026-10-31', 'en')).toBe('Oct 31, 2026');
  expect(formatDay('2026-01-01', 'en-GB')).toBe('1 Jan 2026');
});

test('distances in time are brief, and a date beyond a week', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');
  const ago = (instant: string): string => formatAgo(instant, 'en', now);
  expect(ago('2026-11-21T11:59:58Z')).toBe('just now');
  expect(ago('2026-11-21T11:59:48Z')).toBe('12s ago');
  expect(ago('2026-11-21T09:40:00Z')).toBe('2h ago');
  expect(ago('2026-11-21T14:00:00Z')).toBe('in 2h');
  expect(ago('2026-11-01T12:00:00Z')).toBe('Nov 1, 2026');
});

test('shares read as percent and codes as words', () => {
  expect(percent('0.91')).toBe(91);
  expect(words('PENDING_APPROVAL')).toBe('Pending approval');
});
