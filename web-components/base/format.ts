import type { Money } from '../client/values.ts';
import { decimalOf, digitsOf, minorOf } from './amounts.ts';

type Sign = 'negative' | 'always';

/** An exact amount in the reader's language, with its currency and a true minus sign. */
export function formatMoney({ amount, currency }: Money, locale: string, sign: Sign = 'negative'): string {
  const digits = amount.split('.')[1]?.length ?? 0;
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    signDisplay: sign === 'always' ? 'exceptZero' : 'negative',
  });
  // Given as text, the amount is formatted digit by digit and never becomes a binary fraction.
  return format.format(amount as Intl.StringNumericLiteral).replace('-', '\u2212');
}

/** The exact sums of amounts, one per currency, in the order the currencies first appear. */
export function sumPerCurrency(amounts: readonly Money[]): Money[] {
  const sums = new Map<string, { minor: bigint; digits: number }>();
  for (const money of amounts) {
    const sum = sums.get(money.currency);
    sums.set(money.currency, { minor: (sum?.minor ?? 0n) + minorOf(money), digits: digitsOf(money) });
  }
  return [...sums].map(([currency, { minor, digits }]) => ({ amount: decimalOf(minor, digits), currency }));
}

/** A share between 0 and 1 as whole percent. */
export function percent(share: string): number {
  return Math.round(Number(share) * 100);
}

/** A calendar day in the reader's language, without a detour through a time zone. */
export function formatDay(day: string, locale: string): string {
  const options = { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(locale, options).format(new Date(`${day}T00:00:00Z`));
}

const steps = [
  { unit: 'second', seconds: 1, below: 60 },
  { unit: 'minute', seconds: 60, below: 3600 },
  { unit: 'hour', seconds: 3600, below: 86_400 },
  { unit: 'day', seconds: 86_400, below: 604_800 },
] as const;

/** How far an instant lies from now, briefly: "12s ago", "in 2h"; a date when it is over a week. */
export function formatAgo(instant: string, locale: string, now: number = Date.now()): string {
  const seconds = Math.round((Date.parse(instant) - now) / 1000);
  const away = Math.abs(seconds);
  if (away < 5) return 'just now';
  const step = steps.find(({ below }) => away < below);
  if (!step) return formatDay(instant.slice(0, 10), locale);
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always', style: 'narrow' });
  return relative.format(Math.round(seconds / step.seconds), step.unit);
}

/** An instant with date and time in the reader's language and time zone. */
export function formatInstant(instant: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }).format(
    new Date(instant),
  );
}

/** "PENDING_APPROVAL" as "Pending approval". */
export function words(code: string): string {
  const text = code.replaceAll(/[_-]/g, ' ').toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}
