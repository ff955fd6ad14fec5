import type { Rounding } from '#kernel/money';

/** An exact number of minor units; the denominator is positive. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** The sum, exactly. */
export function sumFractions(fractions: readonly Fraction[]): Fraction {
  const { numerators, denominator } = aligned(fractions);
  return { numerator: numerators.reduce((total, one) => total + one, 0n), denominator };
}

/** The nearest whole by the rounding; it goes by size, so that a credit note mirrors its invoice. */
export function roundFraction({ numerator, denominator }: Fraction, rounding: Rounding): bigint {
  const size = numerator < 0n ? -numerator : numerator;
  const whole = size / denominator;
  const rest = size % denominator;
  const rounded =
    rest > 0n && goesUp({ whole, twice: rest * 2n, denominator }, rounding) ? whole + 1n : whole;
  return numerator < 0n ? -rounded : rounded;
}

/**
 * Splits a total that is the sum of the shares, rounded to a whole either way: each share becomes the whole just below
 * or just above it, those with the largest remainders the one above, earlier ones first. Throws a RangeError for a
 * total that is no rounding of the sum.
 */
export function apportion(total: bigint, shares: readonly Fraction[]): bigint[] {
  const { numerators, denominator } = aligned(shares);
  const turned = numerators.reduce((sum, one) => sum + one, 0n) < 0n;
  const parts = numerators.map((signed, index) => {
    const numerator = turned ? -signed : signed;
    const remainder = ((numerator % denominator) + denominator) % denominator;
    return { index, units: (numerator - remainder) / denominator, remainder };
  });
  let left = (turned ? -total : total) - parts.reduce((sum, part) => sum + part.units, 0n);
  if (left < 0n || left > BigInt(parts.filter((part) => part.remainder > 0n).length))
    throw new RangeError('The total is no rounding of the sum of its shares.');
  for (const part of parts.toSorted((a, b) =>
    a.remainder > b.remainder ? -1 : a.remainder < b.remainder ? 1 : 0,
  )) {
    if (left === 0n) break;
    part.units += 1n;
    left -= 1n;
  }
  return parts.map(({ units }) => (turned ? -units : units));
}

function aligned(fractions: readonly Fraction[]): { numerators: bigint[]; denominator: bigint } {
  const denominator = [...new Set(fractions.map((one) => one.denominator))].reduce(
    (all, one) => all * one,
    1n,
  );
  return { numerators: fractions.map((one) => one.numerator * (denominator / one.denominator)), denominator };
}

function goesUp(
  { whole, twice, denominator }: { whole: bigint; twice: bigint; denominator: bigint },
  rounding: Rounding,
): boolean {
  switch (rounding) {
    case 'half-up':
      return twice >= denominator;
    case 'half-even':
      return twice > denominator || (twice === denominator && whole % 2n === 1n);
    case 'down':
      return false;
    case 'up':
      return true;
  }
}
