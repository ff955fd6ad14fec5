import { currencyDigits, parseDecimal, type Money } from '#kernel/money';

/** An exact quotient; both parts are positive. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Rates that do not end are rounded to so many significant digits: exact to a cent for amounts of a trillion. */
const significantDigits = 15;

/** The ratio a rate is, from exact decimal text such as `1.0845`; throws AMOUNT_INVALID. */
export function ratioOf(rate: string): Ratio {
  const { digits, scale } = parseDecimal(rate);
  return { numerator: digits, denominator: 10n ** BigInt(scale) };
}

/** One divided by the ratio. */
export function inverse({ numerator, denominator }: Ratio): Ratio {
  return { numerator: denominator, denominator: numerator };
}

/** The product of two ratios. */
export function times(a: Ratio, b: Ratio): Ratio {
  return { numerator: a.numerator * b.numerator, denominator: a.denominator * b.denominator };
}

/** A positive ratio as decimal text: exact when it ends within 15 significant digits, rounded half up there otherwise. */
export function rateText({ numerator, denominator }: Ratio): string {
  let scale = significantDigits - wholeDigits(numerator, denominator);
  if (scale < 0) scale = 0;
  let digits = halfUp(numerator * 10n ** BigInt(scale), denominator);
  while (scale > 0 && digits % 10n === 0n) {
    digits /= 10n;
    scale -= 1;
  }
  const text = digits.toString().padStart(scale + 1, '0');
  return scale === 0 ? text : `${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

/** Digits before the decimal point; zero or negative for numbers below one, by their leading zeros. */
function wholeDigits(numerator: bigint, denominator: bigint): number {
  let digits = numerator.toString().length - denominator.toString().length + 1;
  const reaches = (power: number): boolean =>
    power >= 0
      ? numerator >= denominator * 10n ** BigInt(power)
      : numerator * 10n ** BigInt(-power) >= denominator;
  while (!reaches(digits - 1)) digits -= 1;
  return digits;
}

/** What an amount is worth in another currency at a rate, in its minor units, rounded half up by size. */
export function convert(amount: Money, rate: string, currency: string): Money {
  const { digits, scale } = parseDecimal(rate);
  const places = scale + currencyDigits(amount.currency) - currencyDigits(currency);
  const product = amount.minor * digits;
  const size = product < 0n ? -product : product;
  const rounded = places >= 0 ? halfUp(size, 10n ** BigInt(places)) : size * 10n ** BigInt(-places);
  return { minor: product < 0n ? -rounded : rounded, currency };
}

/** The rate that makes one amount worth another, to 15 significant digits; undefined when either is zero. */
export function rateBetween(amount: Money, worth: Money): string | undefined {
  if (amount.minor === 0n || worth.minor === 0n) return undefined;
  const size = (value: bigint): bigint => (value < 0n ? -value : value);
  return rateText({
    numerator: size(worth.minor) * 10n ** BigInt(currencyDigits(amount.currency)),
    denominator: size(amount.minor) * 10n ** BigInt(currencyDigits(worth.currency)),
  });
}

function halfUp(dividend: bigint, divisor: bigint): bigint {
  return (2n * dividend + divisor) / (2n * divisor);
}
