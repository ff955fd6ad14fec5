import { daysBetween } from '#kernel/calendar';
import type { CalendarDate } from '#kernel/calendar';
import { nameTokens } from '#kernel/names';
import { append } from './append.ts';
import { PartyIndex } from './parties.ts';
import type { PartyHit, PartyNode } from './parties.ts';
import type { MatchItem, MatchLine } from './model.ts';
import { compactReference, keysOfReference, readReferences, serialOf } from './references.ts';
import type { ReferenceText } from './references.ts';

/** An open item with what is left of it while the stages run. */
export interface ItemNode {
  readonly item: MatchItem;
  readonly day: number;
  readonly currency: string;
  readonly party: PartyNode;
  readonly serial: string | undefined;
  remaining: bigint;
  /** Lines that settled it in this run. */
  readonly settledBy: LineNode[];
}

/** How a line names an item: by its whole reference, or by the serial number in it. */
export interface Mention {
  readonly node: ItemNode;
  readonly by: 'reference' | 'number';
  readonly key: string;
  /** How many items carry the same key. */
  readonly sharers: number;
}

/** A bank line with what it says, worked out once. */
export interface LineNode {
  readonly line: MatchLine;
  readonly day: number;
  readonly minor: bigint;
  readonly currency: string;
  readonly text: ReferenceText;
  readonly mentions: readonly Mention[];
  readonly parties: readonly PartyHit[];
  done: boolean;
}

/** Lines and items of one run, in a fixed order, with the indexes the stages look things up in. */
export interface Book {
  readonly lines: readonly LineNode[];
  readonly items: readonly ItemNode[];
  /** Items that their party pays itself, by currency and exact amount, in date order. */
  readonly byAmount: ReadonlyMap<string, readonly ItemNode[]>;
  /** Items by the payout or payment run they belong to. */
  readonly byGroup: ReadonlyMap<string, readonly ItemNode[]>;
  /** Items that their party pays itself: not those known to be in a payout or payment run, or to come by card. */
  readonly itemsOf: ReadonlyMap<PartyNode, readonly ItemNode[]>;
  readonly linesOf: ReadonlyMap<PartyNode, readonly LineNode[]>;
}

const epoch = '1970-01-01' as CalendarDate;

function dayReader(): (date: CalendarDate) => number {
  const known = new Map<CalendarDate, number>();
  return (date) => {
    let day = known.get(date);
    if (day === undefined) known.set(date, (day = daysBetween(epoch, date)));
    return day;
  };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The key of an exact amount in `byAmount`. */
export function amountKey(currency: string, minor: bigint): string {
  return `${currency}${minor}`;
}

/** True for a word that names a payment group exactly; used as the key of `byGroup`. */
export function groupKey(reference: string): string {
  return compactReference(reference);
}

function numbersOf({ reference = '', paymentReference = '' }: MatchItem): string[] {
  return (`${reference} ${paymentReference}`.match(/\d{4,}/g) ?? []).map((run) => run.replace(/^0+/, ''));
}

function mentionsIn(
  text: ReferenceText,
  keys: Map<string, ItemNode[]>,
  serials: Map<string, ItemNode[]>,
): Mention[] {
  const found = new Map<ItemNode, Mention>();
  const keep = (mention: Mention): void => {
    const known = found.get(mention.node);
    if (known === undefined || mention.sharers < known.sharers) found.set(mention.node, mention);
  };
  for (const key of text.keys) {
    const nodes = keys.get(key) ?? [];
    for (const node of nodes) keep({ node, by: 'reference', key, sharers: nodes.length });
  }
  const named = new Set([...found.values()].flatMap(({ node }) => numbersOf(node.item)));
  for (const number of text.numbers) {
    // A number inside a reference that was found whole says nothing about other items with the same serial.
    if (named.has(number)) continue;
    const nodes = serials.get(number) ?? [];
    for (const node of nodes) keep({ node, by: 'number', key: number, sharers: nodes.length });
  }
  return [...found.values()];
}

function indexItems(items: readonly MatchItem[], parties: PartyIndex, dayOf: (date: CalendarDate) => number) {
  const nodes: ItemNode[] = items.map((item) => ({
    item,
    day: dayOf(item.issuedOn),
    currency: item.open.currency,
    party: parties.partyOf(item),
    serial: item.reference === undefined ? undefined : serialOf(item.reference),
    remaining: item.open.minor,
    settledBy: [],
  }));
  nodes.sort((a, b) => a.day - b.day || compareText(a.item.id, b.item.id));
  const keys = new Map<string, ItemNode[]>();
  const serials = new Map<string, ItemNode[]>();
  const byAmount = new Map<string, ItemNode[]>();
  const byGroup = new Map<string, ItemNode[]>();
  const itemsOf = new Map<PartyNode, ItemNode[]>();
  for (const node of nodes) {
    const { reference, paymentReference, groupReference } = node.item;
    const own = new Set([reference, paymentReference].flatMap((text) => (text ? keysOfReference(text) : [])));
    for (const key of own) append(keys, key, node);
    if (node.serial !== undefined) append(serials, node.serial, node);
    if (groupReference) append(byGroup, groupKey(groupReference), node);
    if (groupReference || node.item.through) continue;
    append(byAmount, amountKey(node.currency, node.remaining), node);
    append(itemsOf, node.party, node);
  }
  return { nodes, keys, serials, byAmount, byGroup, itemsOf };
}

/** Sorts lines and items into one order whatever order they came in, and builds every index once. */
export function openBook(lines: readonly MatchLine[], items: readonly MatchItem[]): Book {
  const dayOf = dayReader();
  const parties = new PartyIndex(items);
  const { nodes, keys, serials, byAmount, byGroup, itemsOf } = indexItems(items, parties, dayOf);
  const linesOf = new Map<PartyNode, LineNode[]>();
  const lineNodes = lines.map((line): LineNode => {
    const text = readReferences([...line.references, line.text]);
    return {
      line,
      day: dayOf(line.bookedOn),
      minor: line.amount.minor,
      currency: line.amount.currency,
      text,
      mentions: mentionsIn(text, keys, serials).sort((a, b) => compareText(a.node.item.id, b.node.item.id)),
      parties: parties.find(line.counterpartyAccount, nameTokens(line.counterpartyName ?? '')),
      done: false,
    };
  });
  lineNodes.sort((a, b) => a.day - b.day || compareText(a.line.id, b.line.id));
  for (const node of lineNodes) for (const hit of node.parties) append(linesOf, hit.party, node);
  return { lines: lineNodes, items: nodes, byAmount, byGroup, itemsOf, linesOf };
}
