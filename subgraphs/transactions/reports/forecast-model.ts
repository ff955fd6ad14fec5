import type { CalendarDate } from '#kernel/calendar';

/** Money that moved: minor units of the base currency, into the book positive. */
export interface CashMove {
  readonly on: CalendarDate;
  readonly minor: bigint;
  /** Equal for moves with the same other side. */
  readonly party: string;
  readonly label: string;
}

/** What an entry left to be paid, with its payments; amounts have the sign of the money that will move. */
export interface CashItem {
  readonly id: string;
  readonly party: string;
  readonly label: string;
  readonly postedOn: CalendarDate;
  readonly dueOn: CalendarDate;
  readonly minor: bigint;
  readonly payments: readonly { readonly on: CalendarDate; readonly minor: bigint }[];
}

/** What a forecast is made from; moves in the order of their days. */
export interface CashHistory {
  readonly moves: readonly CashMove[];
  readonly items: readonly CashItem[];
}

/** Why money is expected to move. */
export type ExpectedKind = 'COMMITMENT' | 'RECURRING';

/** Money that is expected to move. */
export interface ExpectedMove {
  readonly on: CalendarDate;
  readonly minor: bigint;
  readonly kind: ExpectedKind;
  readonly party: string;
  readonly label: string;
  /** Of a commitment, the entry. */
  readonly itemId?: string;
  /** What the day and the amount were taken from. */
  readonly reason: string;
}

/** The middle of sorted numbers, the lower one of two; undefined of none. */
export function medianOf(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}

/** The middle of amounts, the lower one of two; zero of none. */
export function medianAmount(values: readonly bigint[]): bigint {
  return values.toSorted(compareAmounts)[Math.floor((values.length - 1) / 2)] ?? 0n;
}

/** Orders amounts. */
export function compareAmounts(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b);
}

/** The size of an amount. */
export function sizeOf(minor: bigint): bigint {
  return minor < 0n ? -minor : minor;
}

/** What was known on a day: nothing that was posted or paid later. */
export function knownOn({ moves, items }: CashHistory, day: CalendarDate): CashHistory {
  return {
    moves: moves.slice(0, countUntil(moves, day)),
    items: items
      .filter((item) => item.postedOn <= day)
      .map((item) => ({ ...item, payments: item.payments.filter(({ on }) => on <= day) })),
  };
}

/** How many of the moves, which are in order, lie on a day or before it. */
export function countUntil(moves: readonly CashMove[], day: CalendarDate): number {
  let [low, high] = [0, moves.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((moves[middle] as CashMove).on <= day) low = middle + 1;
    else high = middle;
  }
  return low;
}
