import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { currencies } from './currencies.ts';
import { CrossfootError } from './errors.ts';
import type { ErrorCode } from './errors.ts';
import {
  absolute,
  add,
  allocate,
  compare,
  currencyDigits,
  formatMoney,
  isCurrency,
  money,
  negate,
  parseDecimal,
  parseMoney,
  percentOf,
  subtract,
  sum,
} from './money.ts';
import type { Money, Rounding } from './money.ts';

const LARGEST = 2n ** 63n - 1n;
const minorUnits = fc.bigInt({ min: -LARGEST, max: LARGEST });
const withDigits = currencies.flatMap(({ code, digits }) => (digits === undefined ? [] : [{ code, digits }]));

function codeOf(action: () => unknown): ErrorCode | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof CrossfootError) return error.code;
    throw error;
  }
  return undefined;
}

const eur = (minor: bigint): Money => money(minor, 'EUR');
const minors = (list: readonly Money[]): bigint[] => list.map(({ minor }) => minor);

describe('reading and writing amounts', () => {
  test.each([
    ['-1284.50', 'EUR', -128450n],
    ['0', 'EUR', 0n],
    ['-0.00', 'EUR', 0n],
    ['+7', 'EUR', 700n],
    ['.5', 'EUR', 50n],
    ['5.', 'EUR', 500n],
    ['007.1', 'EUR', 710n],
    ['12.5000', 'EUR', 1250n],
    ['1500', 'JPY', 1500n],
    ['1500.00', 'JPY', 1500n],
    ['1.234', 'KWD', 1234n],
    ['0.0001', 'CLF', 1n],
    ['9007199254740993.01', 'USD', 900719925474099301n],
    ['92233720368547758.07', 'USD', LARGEST],
  ])('%s %s is %d minor units', (amount, currency, minor) => {
    expect(parseMoney(amount, currency)).toEqual({ minor, currency });
  });

  test.each([
    '',
    ' ',
    '-',
    '.',
    '-.',
    '1,50',
    '1 000',
    "1'000",
    '1e3',
    '0x10',
    'NaN',
    '1.2.3',
    '--1',
    ' 1',
    '1\n',
    '١',
    '€1',
  ])('%j is refused as an amount', (amount) => {
    expect(codeOf(() => parseMoney(amount, 'EUR'))).toBe('AMOUNT_INVALID');
  });

  test.each([
    ['1.005', 'EUR'],
    ['0.5', 'JPY'],
    ['1.2345', 'KWD'],
    ['-0.001', 'EUR'],
  ])('%s %s is too precise rather than rounded', (amount, currency) => {
    expect(codeOf(() => parseMoney(amount, currency))).toBe('AMOUNT_TOO_PRECISE');
  });

  test('an amount past a signed 64-bit integer is refused in both directions', () => {
    expect(codeOf(() => parseMoney('92233720368547758.08', 'USD'))).toBe('AMOUNT_INVALID');
    expect(codeOf(() => parseMoney('-92233720368547758.08', 'USD'))).toBe('AMOUNT_INVALID');
  });

  test('very long text is refused before it is computed with, and is not repeated in full', () => {
    const hostile = '9'.repeat(1_000_000);
    expect(() => parseDecimal(hostile)).toThrowError(expect.objectContaining({ code: 'AMOUNT_INVALID' }));
    expect(() => parseDecimal(hostile)).toThrowError(/^.{1,120}$/);
  });

  test.each(['eur', 'EURO', 'XYZ', '', 'constructor', '__proto__'])('%j is an unknown currency', (code) => {
    expect(isCurrency(code)).toBe(false);
    for (const use of [
      () => parseMoney('1', code),
      () => money(1n, code),
      () => currencyDigits(code),
      () => sum(code, []),
    ]) {
      expect(codeOf(use)).toBe('CURRENCY_UNKNOWN');
    }
  });

  test('gold and the test code are codes of the standard, but no amount can be kept in them', () => {
    expect(isCurrency('XAU')).toBe(false);
    expect(() => parseMoney('1', 'XAU')).toThrowError(/XAU has no minor unit/);
    expect(codeOf(() => currencyDigits('XTS'))).toBe('CURRENCY_UNKNOWN');
  });

  test('a withdrawn currency can still be read', () => {
    expect(formatMoney(parseMoney('199.9', 'DEM'))).toBe('199.90');
  });

  test.each([
    [5n, 'EUR', '0.05'],
    [-5n, 'EUR', '-0.05'],
    [-100n, 'EUR', '-1.00'],
    [0n, 'EUR', '0.00'],
    [0n, 'JPY', '0'],
    [-42n, 'JPY', '-42'],
    [7n, 'KWD', '0.007'],
    [12345n, 'CLF', '1.2345'],
  ])('%d minor units of %s are written %s with %s', (minor, currency, text) => {
    expect(formatMoney(money(minor, currency))).toBe(text);
  });

  test.each(withDigits)(
    'every amount in $code comes back from its text, which has $digits decimals',
    ({ code, digits }) => {
      fc.assert(
        fc.property(minorUnits, (minor) => {
          const text = formatMoney(money(minor, code));
          expect(text.split('.')[1]?.length ?? 0).toBe(digits);
          expect(parseMoney(text, code)).toEqual({ minor, currency: code });
        }),
        { numRuns: 20 },
      );
    },
  );

  test('a decimal keeps its scale', () => {
    expect(parseDecimal('-7.70')).toEqual({ digits: -770n, scale: 2 });
    expect(parseDecimal('19')).toEqual({ digits: 19n, scale: 0 });
  });
});

describe('arithmetic', () => {
  test('adding is associative and commutative, and subtracting undoes it', () => {
    fc.assert(
      fc.property(minorUnits, minorUnits, minorUnits, (x, y, z) => {
        const [a, b, c] = [eur(x), eur(y), eur(z)];
        expect(add(add(a, b), c)).toEqual(add(a, add(b, c)));
        expect(add(a, b)).toEqual(add(b, a));
        expect(subtract(add(a, b), b)).toEqual(a);
        expect(add(a, negate(a))).toEqual(eur(0n));
        expect(sum('EUR', [a, b, c])).toEqual(add(add(a, b), c));
      }),
    );
  });

  test('amounts past 2^53 lose nothing', () => {
    expect(add(eur(9007199254740992n), eur(1n)).minor).toBe(9007199254740993n);
  });

  test('comparing follows the number and its sign', () => {
    expect(compare(eur(-2n), eur(1n))).toBe(-1);
    expect(compare(eur(1n), eur(1n))).toBe(0);
    expect(compare(eur(3n), eur(-4n))).toBe(1);
  });

  test('the absolute amount drops only the sign', () => {
    expect(absolute(eur(-5n))).toEqual(eur(5n));
    expect(absolute(eur(5n))).toEqual(eur(5n));
  });

  test('the sum of nothing is zero in the currency asked for', () => {
    expect(sum('JPY', [])).toEqual(money(0n, 'JPY'));
  });

  test('currencies never mix', () => {
    const yen = money(1n, 'JPY');
    for (const mix of [
      () => add(eur(1n), yen),
      () => subtract(eur(1n), yen),
      () => compare(eur(1n), yen),
      () => sum('EUR', [eur(1n), yen]),
      () => sum('EUR', [yen]),
    ]) {
      expect(codeOf(mix)).toBe('CURRENCY_MISMATCH');
    }
  });
});

describe('allocation', () => {
  test.each([
    [10000, [1, 1, 1], [3334, 3333, 3333]],
    [-10000, [1, 1, 1], [-3334, -3333, -3333]],
    [5, [3, 7], [2, 3]],
    [100, [1, 2, 3], [17, 33, 50]],
    [1, [0, 1, 1], [0, 1, 0]],
    [2, [1, 1, 1], [1, 1, 0]],
    [0, [1, 2], [0, 0]],
    [7, [5], [7]],
  ])('%d by %j gives %j', (whole, weights, parts) => {
    expect(minors(allocate(eur(BigInt(whole)), weights.map(BigInt)))).toEqual(parts.map(BigInt));
  });

  test('weights that are negative, all zero or missing are refused', () => {
    for (const weights of [[], [0n, 0n], [2n, -1n], [-1n]]) {
      expect(codeOf(() => allocate(eur(1n), weights))).toBe('AMOUNT_INVALID');
    }
  });

  test('the parts sum to the whole and each is within one unit of its exact share', () => {
    const weights = fc
      .array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { minLength: 1, maxLength: 20 })
      .filter((list) => list.some((weight) => weight > 0n));
    fc.assert(
      fc.property(minorUnits, weights, (whole, list) => {
        const parts = allocate(eur(whole), list);
        const total = list.reduce((running, weight) => running + weight, 0n);
        expect(parts).toHaveLength(list.length);
        expect(sum('EUR', parts)).toEqual(eur(whole));
        parts.forEach(({ minor }, index) => {
          const error = minor * total - whole * (list[index] ?? 0n);
          expect(error < total && -error < total).toBe(true);
          expect(list[index] === 0n && minor !== 0n).toBe(false);
        });
        expect(minors(allocate(eur(-whole), list))).toEqual(minors(parts).map((minor) => -minor));
      }),
    );
  });

  test('a larger weight never gets less', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 6n }),
        fc.array(fc.bigInt({ min: 1n, max: 50n }), { minLength: 2, maxLength: 8 }),
        (whole, weights) => {
          const parts = minors(allocate(eur(whole), weights));
          const byWeight = weights.map((weight, index) => ({ weight, part: parts[index] ?? 0n }));
          for (const a of byWeight) {
            for (const b of byWeight) expect(a.weight > b.weight && a.part < b.part).toBe(false);
          }
        },
      ),
    );
  });
});

describe('percentages', () => {
  const cases: [bigint, string, Record<Rounding, bigint>][] = [
    [1050n, '7.7', { 'half-up': 81n, 'half-even': 81n, down: 80n, up: 81n }],
    [50n, '5', { 'half-up': 3n, 'half-even': 2n, down: 2n, up: 3n }],
    [70n, '5', { 'half-up': 4n, 'half-even': 4n, down: 3n, up: 4n }],
    [-50n, '5', { 'half-up': -3n, 'half-even': -2n, down: -2n, up: -3n }],
    [50n, '-5', { 'half-up': -3n, 'half-even': -2n, down: -2n, up: -3n }],
    [1000n, '19', { 'half-up': 190n, 'half-even': 190n, down: 190n, up: 190n }],
    [1n, '0.0001', { 'half-up': 0n, 'half-even': 0n, down: 0n, up: 1n }],
    [99n, '0', { 'half-up': 0n, 'half-even': 0n, down: 0n, up: 0n }],
  ];

  test.each(cases)('of %d minor units, %s per cent', (minor, percent, expected) => {
    for (const rounding of ['half-up', 'half-even', 'down', 'up'] as const) {
      expect({ [rounding]: percentOf(eur(minor), percent, rounding).minor }).toEqual({
        [rounding]: expected[rounding],
      });
    }
    expect(percentOf(eur(minor), percent).minor).toBe(expected['half-up']);
  });

  test('a rate that binary fractions cannot hold is exact', () => {
    // 1.005 x 100 in binary floating point falls below the half.
    expect(percentOf(eur(100n), '100.5').minor).toBe(101n);
    expect(percentOf(eur(10n ** 18n), '8.1').minor).toBe(81n * 10n ** 15n);
  });

  test('a rate that is no decimal is refused', () => {
    expect(codeOf(() => percentOf(eur(1n), '7,7'))).toBe('AMOUNT_INVALID');
  });

  test('every rounding is less than one unit off, and the half roundings at most a half', () => {
    const rates = fc.bigInt({ min: -1_000_000n, max: 1_000_000n });
    fc.assert(
      fc.property(minorUnits, rates, (minor, thousandths) => {
        const size = thousandths < 0n ? -thousandths : thousandths;
        const sign = thousandths < 0n ? '-' : '';
        const percent = `${sign}${size / 1000n}.${String(size % 1000n).padStart(3, '0')}`;
        const off = (rounding: Rounding): bigint => {
          const error = percentOf(eur(minor), percent, rounding).minor * 100_000n - minor * thousandths;
          return error < 0n ? -error : error;
        };
        expect(off('half-up') <= 50_000n && off('half-even') <= 50_000n).toBe(true);
        expect(off('down') < 100_000n && off('up') < 100_000n).toBe(true);
      }),
    );
  });
});
