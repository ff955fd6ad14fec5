import type { CalendarDate } from '#kernel/calendar';
import type { BankBalance } from './bank-balance.ts';

/** The kinds of what stands between bank and books, in the order in which they are listed. */
export const itemKinds = [
  'OPENING_DIFFERS',
  'OUTSTANDING_PAYMENT',
  'DEPOSIT_IN_TRANSIT',
  'OTHER_DAY',
  'AMOUNT_DIFFERS',
  'LINE_UNMATCHED',
  'LINE_SUGGESTED',
  'LINE_EXCEPTION',
  'LINE_HELD',
  'LINE_BEING_POSTED',
  'DIFFERENCE_BOOKED',
] as const;

/** One kind of item. */
export type ItemKind = (typeof itemKinds)[number];

/** Whether bank and books agree but for the listed items. */
export type Verdict = 'PROVEN' | 'UNPROVEN' | 'INCOMPLETE';

/** A line of the bank as a proof looks at it. */
export interface ProofLine {
  readonly id: string;
  readonly day: CalendarDate;
  readonly minor: bigint;
  readonly currency: string;
  readonly status: string;
  readonly held: boolean;
  readonly label: string;
  readonly reference: string | undefined;
}

/** What an entry of the ledger posted to the bank's account; debits positive. */
export interface ProofPosting {
  readonly journalEntryId: string;
  readonly number: string;
  readonly kind: string;
  readonly postedOn: CalendarDate;
  readonly minor: bigint;
  readonly currency: string;
  readonly description: string;
}

/** What belongs together: the lines of a match with its entry and whatever took that back; or either alone. */
export interface ProofGroup {
  readonly lines: readonly ProofLine[];
  readonly postings: readonly ProofPosting[];
}

/** Something that stands between the balance of the bank and that of the books. */
export interface ProofItem {
  readonly kind: ItemKind;
  readonly day: CalendarDate;
  readonly currency: string;
  /** What it has the books differ from the bank by: what the books have of it less what the bank has. */
  readonly effect: bigint;
  readonly label: string;
  readonly reference: string | undefined;
  readonly detail: string | undefined;
  readonly lineIds: readonly string[];
  readonly journalEntryIds: readonly string[];
  /** What was booked as a difference; it keeps nothing apart and is listed to be seen. */
  readonly booked?: bigint;
}

/** What the books have, and what of it was there before the first line of the bank. */
export interface BookSide {
  readonly currency: string;
  readonly minor: bigint;
  /** Entries of before the first line, or brought forward, to which no line belongs. */
  readonly before: { readonly minor: bigint; readonly count: number };
}

/** Everything of which a proof is made. */
export interface ProofInput {
  readonly asOf: CalendarDate;
  readonly currency: string;
  readonly banks: readonly BankBalance[];
  /** Lines of the accounts in other currencies than theirs, which no stated balance speaks of. */
  readonly otherLines: readonly { readonly currency: string; readonly minor: bigint }[];
  readonly books: readonly BookSide[];
  /** Those in which lines and entries do not come to the same at the day; the others say nothing. */
  readonly groups: readonly ProofGroup[];
  readonly differencesBooked: readonly ProofItem[];
  /** Whether all that was posted to the account is known here. */
  readonly booksKnown: boolean;
}

/** The proof in one currency: books = bank + items + remainder. */
export interface ProofTotals {
  readonly currency: string;
  readonly bank: bigint;
  readonly items: bigint;
  readonly book: bigint;
  /** What the listed items do not explain; nothing else may be zero for it. */
  readonly remainder: bigint;
}

/** A proof as it stands. */
export interface Proof {
  readonly verdict: Verdict;
  /** In the account's currency first. */
  readonly totals: readonly ProofTotals[];
  readonly items: readonly ProofItem[];
}

/** Holds bank and books against each other, item by item. */
export function prove(input: ProofInput): Proof {
  const items = [
    ...openingItem(input),
    ...input.groups.flatMap((group) => itemsOf(group, input.asOf)),
    ...input.differencesBooked,
  ].toSorted(byKindAndDay);
  const totals = totalsOf(input, items);
  return { verdict: verdictOf(input, totals), totals, items };
}

/** The totals of a proof from its items; what is dropped from the items is missing in the remainder. */
export function totalsOf(input: ProofInput, items: readonly ProofItem[]): ProofTotals[] {
  const others = [
    ...input.otherLines.map(({ currency }) => currency),
    ...input.books.map(({ currency }) => currency),
    ...items.map(({ currency }) => currency),
  ].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return [...new Set([input.currency, ...others])].map((currency) => {
    const bank =
      sum(currency === input.currency ? input.banks : []) +
      sum(input.otherLines.filter((one) => one.currency === currency));
    const book = sum(input.books.filter((one) => one.currency === currency));
    const listed = items
      .filter((one) => one.currency === currency)
      .reduce((all, { effect }) => all + effect, 0n);
    return { currency, bank, items: listed, book, remainder: book - bank - listed };
  });
}

function sum(rows: readonly { readonly minor: bigint }[]): bigint {
  return rows.reduce((all, { minor }) => all + minor, 0n);
}

function verdictOf({ banks, booksKnown }: ProofInput, totals: readonly ProofTotals[]): Verdict {
  // Without a balance that the bank itself has stated, lines are only held against themselves.
  if (!booksKnown || banks.length === 0 || banks.some(({ stated }) => !stated)) return 'INCOMPLETE';
  return totals.every(({ remainder }) => remainder === 0n) ? 'PROVEN' : 'UNPROVEN';
}

/** What the bank had before its first line, against what the books had brought forward. */
function openingItem({ banks, books, currency, asOf }: ProofInput): ProofItem[] {
  const days = banks.flatMap(({ firstDay }) => (firstDay === undefined ? [] : [firstDay]));
  const day = days.reduce((first, one) => (one < first ? one : first), asOf);
  const bank = banks.reduce((all, { opening }) => all + opening, 0n);
  const known = books.some((one) => one.currency === currency)
    ? books
    : [...books, { currency, minor: 0n, before: { minor: 0n, count: 0 } }];
  return known.flatMap(({ currency: own, before }): ProofItem[] => {
    const effect = before.minor - (own === currency ? bank : 0n);
    if (effect === 0n) return [];
    const count = before.count === 1 ? 'one entry' : `${before.count} entries`;
    return [
      {
        kind: 'OPENING_DIFFERS',
        day,
        currency: own,
        effect,
        label: 'Balance before the first line',
        reference: undefined,
        detail: `What the books had before, in ${count}, is not what the bank opened with.`,
        lineIds: [],
        journalEntryIds: [],
      },
    ];
  });
}

/** The items of a group whose lines and entries do not come to the same at the day; they always come to its difference. */
export function itemsOf(group: ProofGroup, asOf: CalendarDate): ProofItem[] {
  if (group.postings.length === 0) {
    return group.lines.filter(({ day }) => day <= asOf).map(lineItem);
  }
  const currencies = new Set([...group.lines, ...group.postings].map(({ currency }) => currency));
  return [...currencies].flatMap((currency) => {
    const lines = group.lines.filter((one) => one.currency === currency);
    const postings = group.postings.filter((one) => one.currency === currency);
    const effect =
      sum(postings.filter(({ postedOn }) => postedOn <= asOf)) - sum(lines.filter(({ day }) => day <= asOf));
    return effect === 0n ? [] : [togetherItem({ lines, postings }, { asOf, currency, effect })];
  });
}

const kindOfStatus: Readonly<Record<string, ItemKind>> = {
  UNMATCHED: 'LINE_UNMATCHED',
  SUGGESTED: 'LINE_SUGGESTED',
  EXCEPTION: 'LINE_EXCEPTION',
};

function lineItem(line: ProofLine): ProofItem {
  return {
    kind: line.held ? 'LINE_HELD' : (kindOfStatus[line.status] ?? 'LINE_BEING_POSTED'),
    day: line.day,
    currency: line.currency,
    effect: -line.minor,
    label: line.label,
    reference: line.reference,
    detail: undefined,
    lineIds: [line.id],
    journalEntryIds: [],
  };
}

function togetherItem(
  { lines, postings }: ProofGroup,
  { asOf, currency, effect }: { asOf: CalendarDate; currency: string; effect: bigint },
): ProofItem {
  const days = [...lines.map(({ day }) => day), ...postings.map(({ postedOn }) => postedOn)];
  const known = days.filter((day) => day <= asOf);
  const later = days.filter((day) => day > asOf).toSorted((a, b) => (a < b ? -1 : 1))[0];
  const first = postings[0];
  const common = {
    day: (known.length > 0 ? known : days).reduce((one, day) => (day < one ? day : one), known[0] ?? asOf),
    currency,
    effect,
    label: first?.description ?? lines[0]?.label ?? '',
    reference: first?.number ?? lines[0]?.reference,
    lineIds: lines.map(({ id }) => id),
    journalEntryIds: postings.map(({ journalEntryId }) => journalEntryId),
  };
  if (lines.length === 0) {
    const detail = later === undefined ? undefined : `The books take it back on ${later}.`;
    return { ...common, kind: effect < 0n ? 'OUTSTANDING_PAYMENT' : 'DEPOSIT_IN_TRANSIT', detail };
  }
  if (later !== undefined) {
    const side = postings.some(({ postedOn }) => postedOn > asOf) ? 'The books have' : 'The bank has';
    return { ...common, kind: 'OTHER_DAY', detail: `${side} the other part of it on ${later}.` };
  }
  const detail = 'Lines and entry do not come to the same.';
  return { ...common, kind: 'AMOUNT_DIFFERS', detail };
}

function byKindAndDay(a: ProofItem, b: ProofItem): number {
  const order = itemKinds.indexOf(a.kind) - itemKinds.indexOf(b.kind);
  if (order !== 0) return order;
  const [left, right] = [keyOf(a), keyOf(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function keyOf({ day, currency, lineIds, journalEntryIds }: ProofItem): string {
  return [day, currency, lineIds[0] ?? '', journalEntryIds[0] ?? ''].join(' ');
}
