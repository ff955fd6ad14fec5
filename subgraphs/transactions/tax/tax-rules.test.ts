import { describe, expect, test } from 'vitest';
import { calendarDate } from '#kernel/calendar';
import { formatMoney, parseMoney } from '#kernel/money';
import { calculateTax } from './calculate-tax.ts';
import { roundForCash } from './cash-rounding.ts';
import { chooseTaxCode } from './choose-tax-code.ts';
import { apportion, roundFraction } from './fractions.ts';
import { jurisdictions } from './jurisdictions/library.ts';
import { rateOn } from './tax-code.ts';

const codes = new Map(jurisdictions.flatMap((one) => one.codes).map((code) => [code.code, code]));
const half = (numerator: bigint) => ({ numerator, denominator: 2n });

describe('rounding', () => {
  test.each([
    ['half-up', [1n, 2n, 3n, -1n, -3n]],
    ['half-even', [0n, 2n, 2n, 0n, -2n]],
    ['down', [0n, 1n, 2n, 0n, -2n]],
    ['up', [1n, 2n, 3n, -1n, -3n]],
  ] as const)('%s of 0.5, 1.5, 2.5, -0.5 and -2.5', (mode, expected) => {
    expect([1n, 3n, 5n, -1n, -5n].map((n) => roundFraction(half(n), mode))).toEqual(expected);
  });

  test('exact wholes are left alone by every mode', () => {
    for (const mode of ['half-up', 'half-even', 'down', 'up'] as const)
      expect(roundFraction({ numerator: 42n, denominator: 7n }, mode)).toBe(6n);
  });

  test('parts go to the largest remainders, the earlier first among equals', () => {
    const thirds = [1n, 1n, 1n].map((numerator) => ({ numerator, denominator: 3n }));
    expect(apportion(1n, thirds)).toEqual([1n, 0n, 0n]);
    expect(
      apportion(
        -1n,
        thirds.map((one) => ({ ...one, numerator: -1n })),
      ),
    ).toEqual([-1n, 0n, 0n]);
    expect(() => apportion(3n, [{ numerator: 5n, denominator: 4n }])).toThrow(RangeError);
  });

  test.each([
    ['12.32', 'CHF', '12.30'],
    ['12.33', 'CHF', '12.35'],
    ['12.375', 'KWD', '12.375'],
    ['0.50', 'SEK', '1.00'],
    ['-0.49', 'SEK', '0.00'],
    ['7.77', 'EUR', '7.77'],
  ])('%s %s in coins is %s', (amount, currency, paid) => {
    const rounded = roundForCash(parseMoney(amount, currency));
    expect(formatMoney(rounded.paid)).toBe(paid);
    expect(rounded.paid.minor - rounded.difference.minor).toBe(parseMoney(amount, currency).minor);
  });
});

describe('the library', () => {
  test('names every code once, and components are taxes of the same country', () => {
    const all = jurisdictions.flatMap((one) => one.codes);
    expect(codes.size).toBe(all.length);
    for (const code of all)
      for (const component of code.components) {
        expect(codes.get(component)?.components).toEqual([]);
        expect(component.slice(0, 2)).toBe(code.code.slice(0, 2));
      }
  });

  test('has rates in the order of their days', () => {
    for (const { rates } of codes.values())
      expect(rates.map((rate) => rate.from)).toEqual(rates.map((rate) => rate.from).toSorted());
  });

  test.each([
    ['DE-STANDARD', '2020-06-30', '19'],
    ['DE-STANDARD', '2020-07-01', '16'],
    ['DE-STANDARD', '2020-12-31', '16'],
    ['DE-STANDARD', '2021-01-01', '19'],
    ['DE-STANDARD', '1998-03-31', undefined],
    ['CA-QST-QC-ON-GST', '2013-01-01', undefined],
    ['DE-EXEMPT', '2026-01-01', '0'],
  ])('%s on %s is %s', (code, on, percent) => {
    expect(rateOn(codes.get(code) ?? { rates: [], treatment: 'TAXED' }, calendarDate(on))).toBe(percent);
  });
});

describe('the code of a line', () => {
  const net = parseMoney('100.00', 'EUR');
  const place = {
    codes,
    on: calendarDate('2026-03-10'),
    purchase: true,
    country: 'DE',
    foreign: false,
  };

  test.each([
    ['its rate', { taxRate: '19.00' }, {}, 'DE-STANDARD'],
    ['its rate on its day', { taxRate: '5' }, { on: calendarDate('2020-08-01') }, 'DE-REDUCED'],
    ['category and rate', { taxRate: '7', taxCategory: 'S' }, {}, 'DE-REDUCED'],
    ['the rates of all its components', { taxRate: '8.875' }, { country: 'US' }, 'US-NY-NYC'],
    ['its amount', { tax: parseMoney('7.00', 'EUR') }, {}, 'DE-REDUCED'],
  ])('follows from %s', (_title, stated, where, code) => {
    const own = new Map([...codes].filter(([name]) => !name.startsWith('US') || 'country' in where));
    const chosen = chooseTaxCode({ net, ...stated }, { ...place, ...where, codes: own });
    expect(chosen.code).toBe(code);
  });

  test.each([
    ['Z', true, 'DE-ZERO'],
    ['E', true, 'DE-EXEMPT'],
    ['AE', true, 'DE-REVERSE'],
    ['AE', false, 'DE-REVERSE-SUPPLY'],
    ['K', true, 'DE-EU-ACQUISITION'],
    ['K', false, 'DE-EU-SUPPLY'],
    ['G', false, 'DE-EXPORT'],
    ['G', true, undefined],
    ['O', false, 'DE-OUT'],
  ])('is that of category %s (bought: %s): %s', (taxCategory, purchase, code) => {
    const german = new Map([...codes].filter(([name]) => name.startsWith('DE-')));
    const chosen = chooseTaxCode({ net, taxRate: '0', taxCategory }, { ...place, purchase, codes: german });
    expect(chosen.code).toBe(code);
  });

  test('is left open when several fit, and says which', () => {
    const chosen = chooseTaxCode({ net, taxRate: '15' }, { ...place, country: 'CA' });
    expect(chosen).toEqual({
      reason: 'Several tax codes stand for 15 % in CA on 2026-03-10: CA-HST-NB, CA-HST-NL, CA-HST-PE',
    });
  });

  test('is none for what a foreign seller does not tax', () => {
    const foreign = { ...place, foreign: true, country: 'FR' };
    expect(chooseTaxCode({ net, taxRate: '0', taxCategory: 'E' }, foreign)).toEqual({});
  });
});

describe('a calculation', () => {
  const eur = parseMoney('100.00', 'EUR');
  const ask = (lines: { amount: typeof eur; taxCodes: string[] }[]) =>
    calculateTax({ lines, codes, on: calendarDate('2026-03-10'), pricesInclude: false });

  test('refuses nothing, unknown codes and mixed currencies', () => {
    expect(() => ask([])).toThrow('no line');
    expect(() => ask([{ amount: eur, taxCodes: ['XX'] }])).toThrow('no tax code XX');
    const dollars = { amount: parseMoney('1.00', 'USD'), taxCodes: [] };
    expect(() => ask([{ amount: eur, taxCodes: [] }, dollars])).toThrow('USD');
  });

  test('takes several codes on a line in the order given', () => {
    const { tax, totals } = ask([{ amount: eur, taxCodes: ['CA-GST', 'CA-PST-BC'] }]);
    expect(formatMoney(tax)).toBe('12.00');
    expect(totals.map((total) => total.code)).toEqual(['CA-GST', 'CA-PST-BC']);
  });
});
