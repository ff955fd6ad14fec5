import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimalOf, digitsOf, minorOf, parseAmount } from './amounts.ts';

test('minor units and decimals are the same amount, whatever the digits of the currency', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }),
      fc.integer({ min: 0, max: 3 }),
      (minor, digits) => {
        const money = { amount: decimalOf(minor, digits), currency: 'EUR' };
        expect(minorOf(money)).toBe(minor);
        expect(digitsOf(money)).toBe(digits);
        expect(parseAmount(money.amount, digits)).toBe(minor);
      },
    ),
  );
});

test.each([
  ['1,284.50', 128450n],
  ['1.284,50', 128450n],
  ['1 284,5', 128450n],
  ['1.284', 128400n],
  ['12', 1200n],
  ['.5', 50n],
  ['\u22128.00', -800n],
])('%s is what was meant', (typed, minor) => {
  expect(parseAmount(typed, 2)).toBe(minor);
});

test.each(['', '-', 'twelve', '1.2345', '--1'])('"%s" is no amount', (typed) => {
  expect(parseAmount(typed, 2)).toBeUndefined();
});

test('a yen has no fraction', () => {
  expect(parseAmount('1,500', 0)).toBe(1500n);
  expect(parseAmount('15.5', 0)).toBeUndefined();
});
