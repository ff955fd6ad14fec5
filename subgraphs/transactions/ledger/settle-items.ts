import type { CalendarDate } from '#kernel/calendar';
import { allocate, money, type Money } from '#kernel/money';
import { convert, rateBetween } from '../rates/exchange-arithmetic.ts';
import type { LineRate } from './entry.ts';

/** What is left of an open item, signed like the bank line that pays it, and what that is worth in the books. */
export interface OpenAmount {
  readonly minor: bigint;
  /** Minor units of the base currency, at the value the item was posted with. */
  readonly functional: bigint;
  readonly rate: LineRate;
}

/** What a payment takes from an item. */
export interface AppliedAmount {
  readonly journalEntryId: string;
  readonly controlAccountCode: string;
  readonly applied: Money;
}

/** A part of what a payment takes, with its value in the base currency; both have the sign of the bank line. */
export interface ValuedPart {
  readonly journalEntryId: string;
  readonly controlAccountCode: string;
  readonly money: Money;
  readonly functional: bigint;
  /** Undefined in the base currency. */
  readonly rate: LineRate | undefined;
}

/** What parts are valued by. */
export interface ItemValuation {
  readonly base: string;
  /** What is open of an item in a currency, by `itemKey`; an item that is not there has no value of its own. */
  readonly open: ReadonlyMap<string, OpenAmount>;
  /** The rate of the day of the payment; throws RATE_MISSING. */
  readonly rateOf: (currency: string) => LineRate;
}

/** The key of what is open of an item. */
export function itemKey(journalEntryId: string, controlAccountCode: string, currency: string): string {
  return `${journalEntryId} ${controlAccountCode} ${currency}`;
}

/**
 * Values what a payment takes from items. Each item gives up its posted value in proportion, by largest remainder over
 * what is left of it, so that the last part clears it to exactly zero in both currencies. What is applied beyond an item,
 * or to one whose value is not known, is worth what the day of the payment says.
 */
export function settleItems(items: readonly AppliedAmount[], valuation: ItemValuation): ValuedPart[] {
  const { base, rateOf } = valuation;
  const left = new Map(valuation.open);
  return items.flatMap(({ journalEntryId, controlAccountCode, applied }): ValuedPart[] => {
    const { currency } = applied;
    const of = { journalEntryId, controlAccountCode };
    if (currency === base) return [{ ...of, money: applied, functional: applied.minor, rate: undefined }];
    const key = itemKey(journalEntryId, controlAccountCode, currency);
    const open = left.get(key);
    const taken = open ? within(open.minor, applied.minor) : 0n;
    const parts: ValuedPart[] = [];
    if (open && taken !== 0n) {
      const functional = relieved(open, taken);
      left.set(key, { ...open, minor: open.minor - taken, functional: open.functional - functional });
      parts.push({ ...of, money: money(taken, currency), functional, rate: carried(open.rate) });
    }
    const beyond = money(applied.minor - taken, currency);
    if (beyond.minor !== 0n) {
      const rate = rateOf(currency);
      parts.push({ ...of, money: beyond, functional: convert(beyond, rate.rate, base).minor, rate });
    }
    return parts;
  });
}

/** The part of `applied` that is still open: nothing when the signs differ. */
function within(open: bigint, applied: bigint): bigint {
  if (open > 0n !== applied > 0n || open === 0n) return 0n;
  return size(applied) > size(open) ? open : applied;
}

function relieved({ minor, functional }: OpenAmount, taken: bigint): bigint {
  const rest = size(minor) - size(taken);
  if (rest === 0n) return functional;
  const [share] = allocate({ minor: functional, currency: '' }, [size(taken), rest]);
  return share?.minor ?? 0n;
}

function carried(rate: LineRate): LineRate {
  return { ...rate, source: 'CARRIED' };
}

/** The rate an item was posted at: that of its lines, or what follows from the amounts where those differ. */
export function postedRate(
  amounts: { readonly money: Money; readonly worth: Money },
  lines: { readonly rate: string | null; readonly on: CalendarDate; readonly path: string | null },
): LineRate {
  const { money: amount, worth } = amounts;
  const path = lines.path ?? `${amount.currency}>${worth.currency}`;
  return { rate: lines.rate ?? rateBetween(amount, worth) ?? '0', source: 'CARRIED', on: lines.on, path };
}

function size(value: bigint): bigint {
  return value < 0n ? -value : value;
}
