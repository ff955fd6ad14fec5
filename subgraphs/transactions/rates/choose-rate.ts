import type { CalendarDate } from '#kernel/calendar';
import { inverse, rateText, ratioOf, times, type Ratio } from './exchange-arithmetic.ts';

/** A rate as lines keep it: exact decimal units of `to` for one unit of `from`, its origin, its day and its path. */
export interface KnownRate {
  readonly rate: string;
  readonly source: 'ECB' | 'MANUAL' | 'BANK' | 'CARRIED' | 'DERIVED';
  readonly on: CalendarDate;
  readonly path: string;
}

/** What is asked for: units of `to` for one unit of `from` on a day, in the eyes of a book. */
export interface WantedRate {
  readonly from: string;
  readonly to: string;
  readonly on: CalendarDate;
  readonly bookId?: string;
}

/** What the tables say of two currencies on a day. */
export interface FoundRate {
  /** The rate set by hand, and which currency it is for one unit of. */
  readonly manual?: { readonly from: string; readonly rate: string; readonly on: CalendarDate };
  /** Units of the first currency for one euro, where the second is the euro. */
  readonly reference?: { readonly rate: string; readonly on: CalendarDate };
}

/** The currency all reference rates are quoted against. */
export const pivot = 'EUR';

/** The pairs to look up for what is asked: the pair itself, and each currency against the euro; the euro is last. */
export function pairsOf({ from, to }: Pick<WantedRate, 'from' | 'to'>): [string, string][] {
  if (to === pivot) return [[from, pivot]];
  if (from === pivot) return [[to, pivot]];
  return [
    [from, to],
    [from, pivot],
    [to, pivot],
  ];
}

/**
 * The rate that counts: the one set by hand for the two currencies, also turned round; then the reference rate; then the
 * way over the euro, of which each leg may be set by hand. `found` answers the pairs of `pairsOf`, in their order.
 * Undefined when the rate is not known.
 */
export function chooseRate(wanted: WantedRate, found: readonly FoundRate[]): KnownRate | undefined {
  const { from, to } = wanted;
  const pairs = pairsOf(wanted);
  const legs = found.map((one, index) => legOf(pairs[index]?.[0] ?? '', one));
  const [direct, first, second] = legs;
  if (direct) {
    const ratio = pairs[0]?.[0] === from ? direct.ratio : inverse(direct.ratio);
    return { rate: rateText(ratio), source: direct.source, on: direct.on, path: `${from}>${to}` };
  }
  if (!first || !second) return undefined;
  return {
    rate: rateText(times(first.ratio, inverse(second.ratio))),
    source: first.source === 'MANUAL' || second.source === 'MANUAL' ? 'MANUAL' : 'ECB',
    on: first.on < second.on ? first.on : second.on,
    path: `${from}>${pivot}>${to}`,
  };
}

interface Leg {
  /** Units of the second currency for one unit of the first. */
  readonly ratio: Ratio;
  readonly source: 'ECB' | 'MANUAL';
  readonly on: CalendarDate;
}

function legOf(first: string, { manual, reference }: FoundRate): Leg | undefined {
  if (manual) {
    const ratio = ratioOf(manual.rate);
    return { ratio: manual.from === first ? ratio : inverse(ratio), source: 'MANUAL', on: manual.on };
  }
  if (!reference) return undefined;
  return { ratio: inverse(ratioOf(reference.rate)), source: 'ECB', on: reference.on };
}
