import { roundFraction } from './fractions.ts';
import { money, subtract, type Money } from '#kernel/money';

/** The smallest coin, in minor units, of currencies whose smallest coin is no minor unit. */
const smallestCoin: Readonly<Record<string, bigint>> = {
  AUD: 5n,
  CAD: 5n,
  CHF: 5n,
  CZK: 100n,
  DKK: 50n,
  HUF: 500n,
  NOK: 100n,
  NZD: 10n,
  SEK: 100n,
};

/** What is paid in coins for an amount, and what rounding adds to it or takes off; never applied to invoices. */
export function roundForCash(amount: Money): { readonly paid: Money; readonly difference: Money } {
  const coin = smallestCoin[amount.currency] ?? 1n;
  const coins = roundFraction({ numerator: amount.minor, denominator: coin }, 'half-up');
  const paid = money(coins * coin, amount.currency);
  return { paid, difference: subtract(paid, amount) };
}
