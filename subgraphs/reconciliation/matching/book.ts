import { daysBetween } from '#kernel/calendar';
import type { CalendarDate } from '#kernel/calendar';
import { AmountIndex } from './amount-index.ts';
import { append } from './append.ts';
import { PartyLists } from './by-party.ts';
import { dateOrder } from './date-order.ts';
import { LineReader } from './line-reader.ts';
import type { MatchItem, MatchLine } from './model.ts';
import type { ItemNode, LineNode } from './nodes.ts';
import { PartyIndex } from './parties.ts';
import { readItems, type ReadItems } from './read-items.ts';
import { compactReference } from './references.ts';

/** Lines and items of one run, in a fixed order, with the indexes the stages look things up in. */
export interface Book {
  readonly lines: readonly LineNode[];
  readonly items: readonly ItemNode[];
  /** By the place of an item in `items`: its amount as a plain number, and 1 where it comes through a processor. */
  readonly amounts: Float64Array;
  readonly byCard: Uint8Array;
  /** Items that their party pays itself, by exact amount, in date order. */
  readonly byAmount: AmountIndex<ItemNode>;
  /** Items by the payout or payment run they belong to. */
  readonly byGroup: ReadonlyMap<string, readonly ItemNode[]>;
  /** Items that their party pays itself: not those known to be in a payout or payment run, or to come by card. */
  readonly itemsOf: PartyLists<ItemNode>;
  readonly linesOf: PartyLists<LineNode>;
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

/** One text for an exact amount, the key of maps by amount. */
export function amountKey(currency: string, minor: bigint): string {
  return `${currency}${minor}`;
}

/** The key of a payment group in `byGroup`. */
function groupKey(reference: string): string {
  return compactReference(reference);
}

function indexItems({ nodes, alone, amounts }: ReadItems, parties: number) {
  const byGroup = new Map<string, ItemNode[]>();
  const itemsOf = new PartyLists<ItemNode>(parties);
  const single: ItemNode[] = [];
  const open: number[] = [];
  for (let index = 0; index < nodes.length; index += 1) {
    const node = nodes[index]!;
    if (alone[index] === 1) {
      single.push(node);
      open.push(amounts[index]!);
      itemsOf.add(node.party, node);
    } else if (node.item.groupReference) append(byGroup, groupKey(node.item.groupReference), node);
  }
  return { byGroup, itemsOf, byAmount: new AmountIndex(single, open) };
}

/** Sorts lines and items into one order whatever order they came in, and builds every index once. */
export function openBook(lines: readonly MatchLine[], items: readonly MatchItem[]): Book {
  const dayOf = dayReader();
  const parties = new PartyIndex(items);
  const read = readItems(items, parties, dayOf);
  const { byGroup, itemsOf, byAmount } = indexItems(read, parties.count);
  const linesOf = new PartyLists<LineNode>(parties.count);
  const reader = new LineReader(read, byGroup);
  const days = Int32Array.from(lines, (line) => dayOf(line.bookedOn));
  const lineNodes: LineNode[] = [];
  for (const place of dateOrder(days, (at) => lines[at]!.id)) {
    const line = lines[place]!;
    const { groups, numbers, mentions } = reader.read(line);
    const hits = parties.find(line.counterpartyAccount, line.counterpartyName);
    const node: LineNode = {
      line,
      day: days[place]!,
      minor: line.amount.minor,
      currency: line.amount.currency,
      groups,
      numbers,
      mentions,
      parties: hits,
      done: false,
    };
    lineNodes.push(node);
    for (const { party } of hits) linesOf.add(party, node);
  }
  return {
    lines: lineNodes,
    items: read.nodes,
    amounts: read.amounts,
    byCard: read.byCard,
    byAmount,
    byGroup,
    itemsOf,
    linesOf,
  };
}
