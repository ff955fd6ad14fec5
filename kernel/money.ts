import { quote } from '#kernel/quote';
import { currencyOf } from './currencies.ts';
import { CrossfootError } from './errors.ts';

/** An exact amount: whole minor units (cents, yen, fils) of one ISO 4217 currency. */
export interface Money {
  readonly minor: bigint;
  readonly currency: string;
}

/** How `percentOf` closes on a whole minor unit; the sign never matters: halves go away from zero, down is towards zero. */
export type Rounding = 'half-up' | 'half-even' | 'down' | 'up';

/** An exact decimal: `digits` divided by ten to the power of `scale`. */
export interface ExactDecimal {
  readonly digits: bigint;
  readonly scale: number;
}

const DECIMAL = /^([+-]?)(?=\.?\d)(\d*)\.?(\d*)$/;
/** Longer text cannot be an amount, and turning it into a bigint would cost quadratic time. */
const LONGEST_DECIMAL = 64;
/** Amounts are stored as signed 64-bit integers. */
const LARGEST_MINOR = 2n ** 63n - 1n;

/** Makes an amount of minor units, for example `money(128450n, 'EUR')`; throws CURRENCY_UNKNOWN. */
export function money(minor: bigint, currency: string): Money {
  currencyDigits(currency);
  return { minor, currency };
}

/** Whether amounts can be kept in this ISO 4217 code, in force or historic; metals and test codes are not currencies. */
export function isCurrency(code: string): boolean {
  return currencyOf(code)?.digits !== undefined;
}

/** The decimals of a currency by ISO 4217 (EUR 2, JPY 0, KWD 3); throws CURRENCY_UNKNOWN. */
export function currencyDigits(currency: string): number {
  const entry = currencyOf(currency);
  if (entry === undefined) {
    throw new CrossfootError('CURRENCY_UNKNOWN', `${quote(currency)} is not an ISO 4217 currency code.`);
  }
  if (entry.digits === undefined) {
    throw new CrossfootError(
      'CURRENCY_UNKNOWN',
      `${currency} has no minor unit in ISO 4217: it is not a currency of account.`,
    );
  }
  return entry.digits;
}

/** Reads exact decimal text (`-1284.50`, also `.5` and `5.`); throws AMOUNT_INVALID for anything else. */
export function parseDecimal(text: string): ExactDecimal {
  const parts = text.length <= LONGEST_DECIMAL ? DECIMAL.exec(text) : null;
  if (parts === null) throw new CrossfootError('AMOUNT_INVALID', `${quote(text)} is not a decimal number.`);
  const [, sign, whole = '', fraction = ''] = parts;
  const digits = BigInt(whole + fraction);
  return { digits: sign === '-' ? -digits : digits, scale: fraction.length };
}

/**
 * Reads an amount written in major units, such as `-1284.50`, exactly: zeros past the currency's decimals are fine,
 * anything else there is not. Throws CURRENCY_UNKNOWN, AMOUNT_INVALID or AMOUNT_TOO_PRECISE.
 */
export function parseMoney(amount: string, currency: string): Money {
  const allowed = currencyDigits(currency);
  const { digits, scale } = parseDecimal(amount);
  let minor: bigint;
  if (scale <= allowed) {
    minor = digits * 10n ** BigInt(allowed - scale);
  } else {
    const excess = 10n ** BigInt(scale - allowed);
    if (digits % excess !== 0n) {
      const message = `${amount} has more than the ${allowed} decimals of ${currency}.`;
      throw new CrossfootError('AMOUNT_TOO_PRECISE', message);
    }
    minor = digits / excess;
  }
  if (magnitude(minor) > LARGEST_MINOR) {
    throw new CrossfootError(
      'AMOUNT_INVALID',
      `${amount} ${currency} is larger than any amount that can be stored.`,
    );
  }
  return { minor, currency };
}

/** Writes the amount in major units with all decimals of its currency, without the code: `1284.50`. */
export function formatMoney(m: Money): string {
  const decimals = currencyDigits(m.currency);
  const text = magnitude(m.minor)
    .toString()
    .padStart(decimals + 1, '0');
  const point = text.length - decimals;
  const sign = m.minor < 0n ? '-' : '';
  return decimals === 0 ? sign + text : `${sign}${text.slice(0, point)}.${text.slice(point)}`;
}

/** a + b; throws CURRENCY_MISMATCH. */
export function add(a: Money, b: Money): Money {
  requireSameCurrency(a.currency, b.currency);
  return { minor: a.minor + b.minor, currency: a.currency };
}

/** a - b; throws CURRENCY_MISMATCH. */
export function subtract(a: Money, b: Money): Money {
  requireSameCurrency(a.currency, b.currency);
  return { minor: a.minor - b.minor, currency: a.currency };
}

/** The amount with its sign turned. */
export function negate(a: Money): Money {
  return { minor: -a.minor, currency: a.currency };
}

/** The amount without its sign. */
export function absolute(a: Money): Money {
  return a.minor < 0n ? negate(a) : a;
}

/** -1 when a is less than b, 0 when equal, 1 when more; throws CURRENCY_MISMATCH. */
export function compare(a: Money, b: Money): -1 | 0 | 1 {
  requireSameCurrency(a.currency, b.currency);
  if (a.minor === b.minor) return 0;
  return a.minor < b.minor ? -1 : 1;
}

/** The total of a list, zero for an empty one; throws CURRENCY_UNKNOWN or CURRENCY_MISMATCH. */
export function sum(currency: string, list: Iterable<Money>): Money {
  let total = 0n;
  for (const each of list) {
    requireSameCurrency(currency, each.currency);
    total += each.minor;
  }
  return money(total, currency);
}

/**
 * Splits an amount in proportion to the weights. The parts always sum to the whole: units that do not divide go one each
 * to the largest remainders, ties to the lower index. A zero weight gets zero, and a negative amount splits as the
 * mirror of the positive one. Throws AMOUNT_INVALID when a weight is negative or none is positive.
 */
export function allocate(m: Money, weights: readonly bigint[]): Money[] {
  const total = weights.reduce((running, weight) => running + weight, 0n);
  if (total <= 0n || weights.some((weight) => weight < 0n)) {
    const message = 'An amount can be split only by weights of zero or more, with at least one above zero.';
    throw new CrossfootError('AMOUNT_INVALID', message);
  }
  const whole = magnitude(m.minor);
  const shares = weights.map((weight, index) => {
    const product = whole * weight;
    return { index, units: product / total, remainder: product % total };
  });
  let left = whole - shares.reduce((running, share) => running + share.units, 0n);
  // The sort is stable, so equal remainders keep the order of the weights.
  for (const share of shares.toSorted((a, b) => order(b.remainder, a.remainder))) {
    if (left === 0n) break;
    share.units += 1n;
    left -= 1n;
  }
  return shares.map(({ units }) => ({ minor: m.minor < 0n ? -units : units, currency: m.currency }));
}

/** `percent` per cent of the amount (`'7.7'`), computed exactly and rounded once; throws AMOUNT_INVALID. */
export function percentOf(m: Money, percent: string, rounding: Rounding = 'half-up'): Money {
  const rate = parseDecimal(percent);
  const divisor = 100n * 10n ** BigInt(rate.scale);
  return { minor: divideRounded(m.minor * rate.digits, divisor, rounding), currency: m.currency };
}

/** Divides by a positive divisor; rounds by size, so that a credit note mirrors its invoice. */
function divideRounded(dividend: bigint, divisor: bigint, rounding: Rounding): bigint {
  const size = magnitude(dividend);
  const quotient = size / divisor;
  const remainder = size % divisor;
  const rounded =
    quotient + (roundsUp(quotient, order(remainder * 2n, divisor), rounding) && remainder > 0n ? 1n : 0n);
  return dividend < 0n ? -rounded : rounded;
}

function roundsUp(quotient: bigint, againstHalf: -1 | 0 | 1, rounding: Rounding): boolean {
  switch (rounding) {
    case 'half-up':
      return againstHalf >= 0;
    case 'half-even':
      return againstHalf > 0 || (againstHalf === 0 && quotient % 2n === 1n);
    case 'down':
      return false;
    case 'up':
      return true;
  }
}

function requireSameCurrency(a: string, b: string): void {
  if (a !== b) throw new CrossfootError('CURRENCY_MISMATCH', `Amounts in ${a} and ${b} cannot be combined.`);
}

function order(a: bigint, b: bigint): -1 | 0 | 1 {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
