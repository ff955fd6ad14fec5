import type { CalendarDate } from '#kernel/calendar';
import { dateOrder } from './date-order.ts';
import { KeyIndex } from './key-index.ts';
import type { MatchItem } from './model.ts';
import { ItemNode, isPaidAlone } from './nodes.ts';
import type { PartyIndex } from './parties.ts';
import { keysOfReference, serialOf } from './references.ts';

/** Most items have a reference with letters and digits, which is two keys, and some a second one. */
const keysOfMost = 2.5;

/** Items as nodes, and what was read of them. */
export interface ReadItems {
  /** In date order, which is also how the nodes lie in memory: stages go from day to day. */
  readonly nodes: readonly ItemNode[];
  /** As the items were given. */
  readonly given: readonly ItemNode[];
  /** In date order: 1 where a party pays its item itself, 1 where it comes through a processor, and what is open. */
  readonly alone: Uint8Array;
  readonly byCard: Uint8Array;
  readonly amounts: Float64Array;
  /** Places by the keys of references, and by serial numbers. */
  readonly keys: KeyIndex;
  readonly serials: KeyIndex;
}

/** What is read of all items in the order in which they lie in memory: of millions, to jump between them costs most. */
class Columns {
  readonly days: Int32Array;
  readonly numbers: (number | undefined)[] = [];
  readonly currencies: string[] = [];
  readonly minors: bigint[] = [];
  readonly alone: Uint8Array;
  readonly byCard: Uint8Array;
  readonly amounts: Float64Array;
  readonly keys: KeyIndex;
  readonly serials: KeyIndex;

  constructor(items: readonly MatchItem[], dayOf: (date: CalendarDate) => number) {
    this.days = new Int32Array(items.length);
    this.alone = new Uint8Array(items.length);
    this.byCard = new Uint8Array(items.length);
    this.amounts = new Float64Array(items.length);
    this.keys = new KeyIndex(Math.ceil(items.length * keysOfMost));
    this.serials = new KeyIndex(items.length);
    for (let place = 0; place < items.length; place += 1) {
      const item = items[place]!;
      this.days[place] = dayOf(item.issuedOn);
      this.alone[place] = isPaidAlone(item) ? 1 : 0;
      this.byCard[place] = item.through === undefined ? 0 : 1;
      this.amounts[place] = Number(item.open.minor);
      this.minors.push(item.open.minor);
      this.currencies.push(item.open.currency);
      for (const key of namesOf(item)) this.keys.add(key, place);
      const serial = item.reference === undefined ? undefined : serialOf(item.reference);
      if (serial !== undefined) this.serials.add(serial, place);
      this.numbers.push(numberOf(item, serial));
    }
  }
}

/** The keys of an item's own references, each once. */
function namesOf({ reference, paymentReference }: MatchItem): string[] {
  const own = reference ? keysOfReference(reference) : [];
  if (!paymentReference) return own;
  return own.concat(keysOfReference(paymentReference).filter((key) => !own.includes(key)));
}

function numberOf({ reference }: MatchItem, serial: string | undefined): number | undefined {
  const digits = serial ?? reference?.match(/\d+/g)?.at(-1);
  return digits === undefined ? undefined : Number(digits);
}

/** Makes the nodes of items, by day and by id within a day, and indexes what names them. */
export function readItems(
  items: readonly MatchItem[],
  parties: PartyIndex,
  dayOf: (date: CalendarDate) => number,
): ReadItems {
  const columns = new Columns(items, dayOf);
  const { keys, serials } = columns;
  const order = dateOrder(columns.days, (place) => items[place]!.id);
  const nodes: ItemNode[] = [];
  const [alone, byCard] = [new Uint8Array(order.length), new Uint8Array(order.length)];
  const [amounts, placed] = [new Float64Array(order.length), new Int32Array(order.length)];
  for (let index = 0; index < order.length; index += 1) {
    const place = order[index]!;
    const node = new ItemNode(items[place]!, {
      day: columns.days[place]!,
      party: parties.at(place),
      number: columns.numbers[place],
      currency: columns.currencies[place]!,
      minor: columns.minors[place]!,
    });
    nodes.push(node);
    alone[index] = columns.alone[place]!;
    byCard[index] = columns.byCard[place]!;
    amounts[index] = columns.amounts[place]!;
    placed[place] = index;
  }
  return {
    nodes,
    given: Array.from(placed, (index) => nodes[index]!),
    alone,
    byCard,
    amounts,
    keys,
    serials,
  };
}
