import type { Money } from '../client/values.ts';

/** How many digits after the point an exact amount is written with. */
export function digitsOf({ amount }: Money): number {
  return amount.split('.')[1]?.length ?? 0;
}

/** An exact amount in minor units. */
export function minorOf({ amount }: Money): bigint {
  return BigInt(amount.replace('.', ''));
}

/** Minor units as an exact decimal with that many digits after the point. */
export function decimalOf(minor: bigint, digits: number): string {
  const sign = minor < 0n ? '-' : '';
  const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, '0');
  if (digits === 0) return sign + text;
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/**
 * What somebody typed as an amount, in minor units: the last point or comma separates the fraction where at most
 * that many digits follow it, every other one groups thousands. Undefined where it is no amount.
 */
export function parseAmount(typed: string, digits: number): bigint | undefined {
  const text = typed.replaceAll(/[\s\u00a0\u202f'’]/g, '').replaceAll('\u2212', '-');
  const found = /^(-?)([\d.,]*?)(?:[.,](\d*))?$/.exec(text);
  if (!found || !/\d/.test(text)) return undefined;
  const [, sign = '', before = '', after = ''] = found;
  const fraction = after.length <= digits ? after : '';
  const whole = before.replaceAll(/[.,]/g, '') + (after.length <= digits ? '' : after);
  // Three digits behind a separator are thousands, more of them no amount of this currency.
  if (after.length > digits && after.length !== 3) return undefined;
  const minor = BigInt(`${whole || '0'}${fraction.padEnd(digits, '0')}`);
  return sign ? -minor : minor;
}

/** What is left of an amount when another one of its currency is taken from it. */
export function differenceOf(from: Money, taken: Money): Money {
  return { amount: decimalOf(minorOf(from) - minorOf(taken), digitsOf(from)), currency: from.currency };
}

/** Whether an amount is zero. */
export function isNothing(money: Money): boolean {
  return minorOf(money) === 0n;
}
