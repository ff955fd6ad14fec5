import { decimalOf, digitsOf, minorOf, parseAmount } from '../base/amounts.ts';
import type { BoardItem, BoardLine, BoardMatch } from './board.operations.ts';
import type { Payment } from './decisions.ts';

/** An item chosen for the lines, with the amount as it stands in its field. */
export interface Share {
  readonly item: BoardItem;
  readonly typed: string;
}

/** Lines of one account and the items they are to be matched with, before anything is sent. */
export interface Composition {
  readonly lines: readonly BoardLine[];
  readonly shares: readonly Share[];
  readonly search: string;
  /** The account that takes what lines and shares differ by; empty when they have to add up. */
  readonly account: string;
}

/** What is wrong with the amount of a share. */
export type ShareFault = 'no amount' | 'too much';

/** A composition added up, in minor units. */
export interface Balance {
  readonly currency: string;
  readonly digits: number;
  readonly total: bigint;
  /** What the lines leave when the shares are taken; of the other sign when the shares come to too much. */
  readonly rest: bigint;
  readonly faults: ReadonlyMap<string, ShareFault>;
  readonly exceeded: boolean;
  /** Whether all items are in another currency, whose worth in that of the lines only the bank knows. */
  readonly exchanged: boolean;
  /** Whether it can be sent: something chosen, every amount right, and nothing left or an account for it. */
  readonly ready: boolean;
}

const size = (value: bigint): bigint => (value < 0n ? -value : value);

/** How much of an item may be taken when so much is left to share: all that is open, or the rest of the same sign. */
export function shareOf(open: bigint, rest: bigint): bigint {
  // A credit note is taken in full: it leaves more to be shared.
  if (rest !== 0n && open < 0n !== rest < 0n) return open;
  return size(open) < size(rest) ? open : rest;
}

/** The amount of a share in minor units, with the sign of its item: what is typed is a size. */
function appliedOf({ item, typed }: Share): bigint | undefined {
  const typedSize = parseAmount(typed, digitsOf(item.open));
  if (typedSize === undefined) return undefined;
  return item.open.amount.startsWith('-') ? -typedSize : typedSize;
}

function faultOf(open: bigint, applied: bigint | undefined): ShareFault | undefined {
  if (applied === undefined || applied === 0n || applied < 0n !== open < 0n) return 'no amount';
  return size(applied) > size(open) ? 'too much' : undefined;
}

/** Adds up lines and shares. */
export function balanceOf({ lines, shares, account }: Composition): Balance {
  const currency = lines[0]?.amount.currency ?? '';
  const digits = lines[0] ? digitsOf(lines[0].amount) : 2;
  const total = lines.reduce((sum, line) => sum + minorOf(line.amount), 0n);
  const faults = new Map<string, ShareFault>();
  let rest = total;
  for (const share of shares) {
    const applied = appliedOf(share);
    const fault = faultOf(minorOf(share.item.open), applied);
    if (fault) faults.set(share.item.id, fault);
    rest -= applied ?? 0n;
  }
  const exchanged = shares.length > 0 && shares.every(({ item }) => item.open.currency !== currency);
  if (exchanged) rest = 0n;
  const exceeded = rest !== 0n && rest < 0n !== total < 0n;
  const ready = shares.length > 0 && faults.size === 0 && (rest === 0n || account !== '');
  return { currency, digits, total, rest, faults, exceeded, exchanged, ready };
}

/** The shares of a match as a start. */
export function startShares(items: BoardMatch['items']): readonly Share[] {
  return items.flatMap(({ openItem, applied }) =>
    openItem ? [{ item: openItem, typed: typedOf(minorOf(applied), digitsOf(applied)) }] : [],
  );
}

function typedOf(minor: bigint, digits: number): string {
  return decimalOf(size(minor), digits);
}

/** Takes one more item, with as much of it as is left to share. */
export function shareOut(composition: Composition, item: BoardItem): Composition {
  const { rest, digits } = balanceOf(composition);
  const typed = typedOf(shareOf(minorOf(item.open), rest), digits);
  return { ...composition, shares: [...composition.shares, { item, typed }] };
}

/** What is sent: every item with its exact amount. */
export function paymentOf(composition: Composition): Payment {
  const { shares, account } = composition;
  const applied = shares.map((share) => {
    const { amount, currency } = share.item.open;
    const minor = appliedOf(share) ?? 0n;
    return {
      openItemId: share.item.id,
      amount: { amount: decimalOf(minor, digitsOf({ amount, currency })), currency },
    };
  });
  return { applied, ...(balanceOf(composition).rest === 0n ? {} : { differenceAccountCode: account }) };
}
