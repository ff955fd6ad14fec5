import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calendarDate } from '#kernel/calendar';
import { money } from '#kernel/money';
import { chooseRate } from './choose-rate.ts';
import { convert, inverse, rateBetween, rateText, ratioOf, times } from './exchange-arithmetic.ts';

describe('rates as text', () => {
  test.each([
    ['1.0845', '1.0845'],
    ['0.5', '0.5'],
    ['20082.05', '20082.05'],
    ['1.100', '1.1'],
    ['5', '5'],
  ])('a rate that ends, %s, stays exact', (rate, text) => {
    expect(rateText(ratioOf(rate))).toBe(text);
  });

  test.each([
    // 1 / 1.0845 = 0.922083909635777...
    ['1.0845', '0.922083909635777'],
    // 1 / 20082.05 = 0.0000497957130870603...
    ['20082.05', '0.0000497957130870603'],
    ['0.5', '2'],
    ['3', '0.333333333333333'],
  ])('a euro over %s has 15 significant digits', (rate, text) => {
    expect(rateText(inverse(ratioOf(rate)))).toBe(text);
  });

  test('the cross rate is one quotient, rounded once', () => {
    // 1 GBP in USD over the euro: 1.1684 / 0.87058 = 1.342093776562751 (not 1.1487 x 1.1684)
    expect(rateText(times(inverse(ratioOf('0.87058')), ratioOf('1.1684')))).toBe('1.34209377656275');
  });
});

describe('amounts at a rate', () => {
  test.each<[bigint, string, string, string, bigint]>([
    [10000n, 'USD', '0.92', 'EUR', 9200n],
    // 100.05 x 0.9 = 90.045, half goes up
    [10005n, 'USD', '0.9', 'EUR', 9005n],
    [-10005n, 'USD', '0.9', 'EUR', -9005n],
    // 12,345 yen x 0.0061 = 75.3045 euros
    [12345n, 'JPY', '0.0061', 'EUR', 7530n],
    // 1.234 dinars x 3.01 = 3.71434 euros
    [1234n, 'KWD', '3.01', 'EUR', 371n],
    // 3.01 euros x 0.33 = 0.9933 dinars
    [301n, 'EUR', '0.33', 'KWD', 993n],
    [301n, 'EUR', '160', 'JPY', 482n],
    [7n, 'JPY', '20', 'EUR', 14000n],
  ])('%s %s at %s is worth %s %s', (minor, from, rate, to, worth) => {
    expect(convert(money(minor, from), rate, to)).toEqual(money(worth, to));
  });

  test('the rate between two amounts gives the second back', () => {
    const currencies = fc.constantFrom('EUR', 'USD', 'JPY', 'KWD');
    const minor = fc.bigInt({ min: 1n, max: 10n ** 12n });
    fc.assert(
      fc.property(minor, currencies, minor, currencies, (a, from, b, to) => {
        const rate = rateBetween(money(a, from), money(b, to));
        expect(convert(money(a, from), rate ?? '', to)).toEqual(money(b, to));
      }),
    );
  });

  test('nothing has no rate', () => {
    expect(rateBetween(money(0n, 'USD'), money(5n, 'EUR'))).toBeUndefined();
    expect(rateBetween(money(5n, 'USD'), money(0n, 'EUR'))).toBeUndefined();
  });
});

describe('the rate that counts', () => {
  const friday = calendarDate('2026-04-10');
  const thursday = calendarDate('2026-04-09');
  const usd = { reference: { rate: '1.1711', on: friday } };
  const gbp = { reference: { rate: '0.87105', on: thursday } };

  test('into the euro it is the published rate turned round, out of it the rate as published', () => {
    expect(chooseRate({ from: 'USD', to: 'EUR', on: friday }, [usd])).toEqual({
      rate: '0.853898044573478',
      source: 'ECB',
      on: friday,
      path: 'USD>EUR',
    });
    expect(chooseRate({ from: 'EUR', to: 'USD', on: friday }, [usd])).toMatchObject({
      rate: '1.1711',
      path: 'EUR>USD',
    });
  });

  test('two other currencies go over the euro, as old as the older leg', () => {
    // 1.1711 / 0.87105 = 1.34446931863842...
    expect(chooseRate({ from: 'GBP', to: 'USD', on: friday }, [{}, gbp, usd])).toEqual({
      rate: '1.34446931863842',
      source: 'ECB',
      on: thursday,
      path: 'GBP>EUR>USD',
    });
  });

  test('a rate set by hand goes before, in either direction, also for one leg', () => {
    const manual = { from: 'GBP', rate: '1.25', on: thursday };
    expect(chooseRate({ from: 'GBP', to: 'USD', on: friday }, [{ manual }, gbp, usd])).toEqual({
      rate: '1.25',
      source: 'MANUAL',
      on: thursday,
      path: 'GBP>USD',
    });
    expect(chooseRate({ from: 'USD', to: 'GBP', on: friday }, [{ manual }, usd, gbp])).toMatchObject({
      rate: '0.8',
      source: 'MANUAL',
    });
    const leg = { manual: { from: 'EUR', rate: '0.8', on: friday } };
    expect(chooseRate({ from: 'GBP', to: 'USD', on: friday }, [{}, leg, usd])).toEqual({
      // 1 GBP is 1.25 EUR, 1 EUR is 1.1711 USD
      rate: '1.463875',
      source: 'MANUAL',
      on: friday,
      path: 'GBP>EUR>USD',
    });
  });

  test('without one of the legs there is none', () => {
    expect(chooseRate({ from: 'GBP', to: 'USD', on: friday }, [{}, gbp, {}])).toBeUndefined();
    expect(chooseRate({ from: 'USD', to: 'EUR', on: friday }, [{}])).toBeUndefined();
  });
});
