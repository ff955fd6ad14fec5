import { CrossfootError } from '#kernel/errors';
import { currencyDigits, money, parseDecimal, type Money, type Rounding } from '#kernel/money';

/** More digits than any amount, rate or product of them needs; what grows past it is a mistake or an attack. */
const mostDigits = 60;
const mostPlaces = 30;
const limit = 10n ** BigInt(mostDigits);

/**
 * An exact decimal number of expressions: 0.1 + 0.2 is 0.3. Sums and products are exact, quotients say their places.
 * Throws EXPRESSION_LIMIT for numbers of more than 60 digits or 30 decimals.
 */
export class Decimal {
  /** The number without its point. */
  readonly digits: bigint;
  /** How many of the digits stand behind the point. */
  readonly scale: number;

  constructor(digits: bigint, scale: number) {
    let rest = digits;
    let places = scale;
    while (places > 0 && rest % 10n === 0n) {
      rest /= 10n;
      places -= 1;
    }
    if (places > mostPlaces || rest >= limit || rest <= -limit) {
      const message = `A number of an expression has more than ${mostDigits} digits or ${mostPlaces} decimals`;
      throw new CrossfootError('EXPRESSION_LIMIT', message);
    }
    this.digits = rest;
    this.scale = rest === 0n ? 0 : places;
  }

  /** Reads plain decimal text; throws AMOUNT_INVALID. */
  static parse(text: string): Decimal {
    if (text.length > mostDigits)
      throw new CrossfootError('AMOUNT_INVALID', `"${text.slice(0, 20)}…" is too long`);
    const { digits, scale } = parseDecimal(text);
    return new Decimal(digits, scale);
  }

  /** The number of an amount in its main unit: 1284.50 for 128450 cents. */
  static ofMoney(amount: Money): Decimal {
    return new Decimal(amount.minor, currencyDigits(amount.currency));
  }

  plus(other: Decimal): Decimal {
    const scale = Math.max(this.scale, other.scale);
    return new Decimal(this.at(scale) + other.at(scale), scale);
  }

  minus(other: Decimal): Decimal {
    return this.plus(other.negated());
  }

  times(other: Decimal): Decimal {
    return new Decimal(this.digits * other.digits, this.scale + other.scale);
  }

  negated(): Decimal {
    return new Decimal(-this.digits, this.scale);
  }

  /** The quotient with so many decimals; throws EXPRESSION_FAILED for a division by zero. */
  dividedBy(other: Decimal, places: number): Decimal {
    if (other.digits === 0n) throw new CrossfootError('EXPRESSION_FAILED', 'A division by zero');
    checkPlaces(places);
    // this / other = (digits * 10^(places + other.scale)) / (other.digits * 10^this.scale), in units of the last place.
    const dividend = this.digits * 10n ** BigInt(places + other.scale);
    return new Decimal(quotient(dividend, other.digits * 10n ** BigInt(this.scale), 'half-up'), places);
  }

  /** The number with so many decimals at most. */
  rounded(places: number, rounding: Rounding = 'half-up'): Decimal {
    checkPlaces(places);
    if (places >= this.scale) return this;
    return new Decimal(quotient(this.digits, 10n ** BigInt(this.scale - places), rounding), places);
  }

  compare(other: Decimal): -1 | 0 | 1 {
    const scale = Math.max(this.scale, other.scale);
    const [a, b] = [this.at(scale), other.at(scale)];
    return a < b ? -1 : a > b ? 1 : 0;
  }

  /** The amount in a currency; throws AMOUNT_TOO_PRECISE when the currency has fewer decimals. */
  toMoney(currency: string): Money {
    const places = currencyDigits(currency);
    if (this.scale > places) {
      const message = `${this.toString()} has more decimals than the ${places} of ${currency}; use round(…, ${places})`;
      throw new CrossfootError('AMOUNT_TOO_PRECISE', message);
    }
    return money(this.at(places), currency);
  }

  /** Plain decimal text without needless zeros. */
  toString(): string {
    const text = (this.digits < 0n ? -this.digits : this.digits).toString().padStart(this.scale + 1, '0');
    const whole = text.slice(0, text.length - this.scale);
    const sign = this.digits < 0n ? '-' : '';
    return this.scale === 0 ? `${sign}${whole}` : `${sign}${whole}.${text.slice(text.length - this.scale)}`;
  }

  toJSON(): string {
    return this.toString();
  }

  private at(scale: number): bigint {
    return this.digits * 10n ** BigInt(scale - this.scale);
  }
}

function checkPlaces(places: number): void {
  if (!Number.isInteger(places) || places < 0 || places > mostPlaces) {
    throw new CrossfootError('EXPRESSION_FAILED', `Places are a whole number from 0 to ${mostPlaces}`);
  }
}

function quotient(dividend: bigint, divisor: bigint, rounding: Rounding): bigint {
  const negative = dividend < 0n !== divisor < 0n;
  const [a, b] = [dividend < 0n ? -dividend : dividend, divisor < 0n ? -divisor : divisor];
  const whole = a / b;
  const rest = (a % b) * 2n;
  const up =
    rest > 0n &&
    (rounding === 'up' ||
      (rounding !== 'down' && (rest > b || (rest === b && (rounding === 'half-up' || whole % 2n === 1n)))));
  const size = up ? whole + 1n : whole;
  return negative ? -size : size;
}
