import type { CalendarDate } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import { allocate, currencyDigits, parseDecimal } from '#kernel/money';
import type { LineRate, NewLine } from './entry.ts';

/** A line that says what it is worth in the base currency. */
export interface ValuedLine extends NewLine {
  readonly functional: bigint;
}

/** What lines are valued by. */
export interface Valuation {
  readonly base: string;
  readonly postedOn: CalendarDate;
  /** The rates of the day by currency, for lines that bring neither worth nor rate. */
  readonly rates: ReadonlyMap<string, LineRate>;
}

/** Rates have fewer decimals than this; exact values carry as many. */
const scale = 30;

/** The currencies of which lines bring neither worth nor rate, so that the rate of the day must tell. */
export function currenciesToValue(lines: readonly NewLine[], base: string): string[] {
  const open = lines.filter((line) => line.functional === undefined && !line.rate);
  return [...new Set(open.map((line) => line.money.currency))].filter((currency) => currency !== base);
}

/**
 * Values balanced lines in the base currency, in which they then balance as well. Lines in the base currency are worth
 * their own amount. In each other currency, what lines were said to be worth stays; the others are worth what the rate
 * says, and share what rounding leaves by largest remainder so that both sides come to the same. Throws RATE_MISSING,
 * and ENTRY_UNBALANCED when what lines were said to be worth does not balance.
 */
export function functionalAmounts(lines: readonly NewLine[], valuation: Valuation): ValuedLine[] {
  if (lines.every((line) => line.money.currency === valuation.base)) return lines.map(worthItself);
  const worth = new Map<NewLine, bigint>();
  for (const [currency, group] of Map.groupBy(lines, (line) => line.money.currency)) {
    if (currency !== valuation.base) valueCurrency(group, valuation, worth);
  }
  const valued = lines.map((line): ValuedLine => {
    if (line.money.currency === valuation.base) return worthItself(line);
    const functional = worth.get(line) ?? 0n;
    return { ...line, functional, rate: rateOf(line, functional, valuation) };
  });
  const difference = total(
    valued.map(({ side, functional }) => (side === 'DEBIT' ? functional : -functional)),
  );
  if (difference !== 0n) throw unbalanced(valuation.base);
  return valued;
}

/** A line in the base currency. */
const worthItself = (line: NewLine): ValuedLine => ({
  ...line,
  functional: line.money.minor,
  rate: undefined,
});

function valueCurrency(group: readonly NewLine[], valuation: Valuation, worth: Map<NewLine, bigint>): void {
  const sides = (['DEBIT', 'CREDIT'] as const).map((side) => {
    const lines = group.filter((line) => line.side === side);
    const open = lines.filter((line) => line.functional === undefined);
    const weights = open.map((line) => exactValue(line, valuation));
    return { said: total(lines.map((line) => line.functional ?? 0n)), open, weights };
  });
  for (const line of group) if (line.functional !== undefined) worth.set(line, line.functional);
  // A side of which everything was said decides; otherwise the one of which the rate tells more.
  const [leading] = sides.toSorted((a, b) => {
    if ((a.open.length === 0) !== (b.open.length === 0)) return a.open.length === 0 ? -1 : 1;
    return total(a.weights) >= total(b.weights) ? -1 : 1;
  });
  if (!leading) return;
  const whole = leading.said + rounded(total(leading.weights));
  for (const { said, open, weights } of sides) {
    if (open.length === 0) continue;
    if (whole < said) throw unbalanced(valuation.base);
    const shares = allocate({ minor: whole - said, currency: valuation.base }, weights);
    open.forEach((line, index) => worth.set(line, shares[index]?.minor ?? 0n));
  }
}

/** The worth of a line in minor units of the base currency, times ten to the power of `scale`. */
function exactValue(line: NewLine, { base, rates }: Valuation): bigint {
  const { minor, currency } = line.money;
  const known = line.rate ?? rates.get(currency);
  if (!known) {
    throw new CrossfootError('RATE_MISSING', `No rate says what ${currency} is worth in ${base}`, {
      path: ['lines'],
    });
  }
  const rate = parseDecimal(known.rate);
  const places = scale - rate.scale + currencyDigits(base) - currencyDigits(currency);
  if (rate.digits <= 0n || places < 0) {
    throw new CrossfootError('AMOUNT_INVALID', `${known.rate} is no rate of exchange`, { path: ['lines'] });
  }
  return minor * rate.digits * 10n ** BigInt(places);
}

/** A line that said its worth without a rate gets the rate that follows from it, with twelve decimals. */
function rateOf(line: NewLine, functional: bigint, { base, postedOn, rates }: Valuation): LineRate {
  const { minor, currency } = line.money;
  if (line.rate) return line.rate;
  const known = rates.get(currency);
  if (line.functional === undefined && known) return known;
  const places = 12;
  const dividend = functional * 10n ** BigInt(places + currencyDigits(currency));
  const digits = halfUp(dividend, minor * 10n ** BigInt(currencyDigits(base)));
  const text = digits.toString().padStart(places + 1, '0');
  const rate = `${text.slice(0, -places)}.${text.slice(-places)}`.replace(/\.?0+$/, '');
  return { rate, source: 'DERIVED', on: postedOn, path: `${currency}>${base}` };
}

const rounded = (exact: bigint): bigint => halfUp(exact, 10n ** BigInt(scale));
const halfUp = (dividend: bigint, divisor: bigint): bigint => (2n * dividend + divisor) / (2n * divisor);
const total = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);

function unbalanced(base: string): CrossfootError {
  const message = `What the lines are said to be worth in ${base} does not balance`;
  return new CrossfootError('ENTRY_UNBALANCED', message, { path: ['lines'] });
}
