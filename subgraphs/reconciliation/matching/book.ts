import { daysBetween } from '#kernel/calendar';
import type { CalendarDate } from '#kernel/calendar';
import { AmountIndex } from './amount-index.ts';
import { append } from './append.ts';
import { KeyIndex } from './key-index.ts';
import { PartyIndex } from './parties.ts';
import type { PartyHit, PartyNode } from './parties.ts';
import type { MatchItem, MatchLine } from './model.ts';
import { isDigit, zero } from './key-hash.ts';
import { KeyScanner, type KeyVisit } from './key-scanner.ts';
import { compactReference, keysOfReference, numbersIn, serialOf } from './references.ts';

const noLines: readonly LineNode[] = [];

/** An open item with what is left of it while the stages run. */
export class ItemNode {
  readonly item: MatchItem;
  readonly day: number;
  readonly currency: string;
  readonly party: PartyNode;
  remaining: bigint;
  /** Lines that settled it in this run. */
  settledBy: readonly LineNode[] = noLines;

  constructor(item: MatchItem, day: number, party: PartyNode) {
    this.item = item;
    this.day = day;
    this.currency = item.open.currency;
    this.party = party;
    this.remaining = item.open.minor;
  }

  /** Read anew each time: few items are asked, and millions of texts would have to be kept. */
  get serial(): string | undefined {
    return this.item.reference === undefined ? undefined : serialOf(this.item.reference);
  }
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
  /** Of what it says the keys that name a payout or payment run of this book; items are in `mentions`. */
  readonly groups: readonly string[];
  /** Numbers of four digits and more in its text. */
  numbers: readonly string[];
  mentions: readonly Mention[];
  readonly parties: readonly PartyHit[];
  done: boolean;
}

const noMentions: readonly Mention[] = [];
const noKeys: readonly string[] = [];

/** Notes that a line is decided. What it says is not asked again, and of a million lines it would be kept. */
export function decide(line: LineNode): void {
  line.done = true;
  line.mentions = noMentions;
  line.numbers = noKeys;
}

/** Lines and items of one run, in a fixed order, with the indexes the stages look things up in. */
export interface Book {
  readonly lines: readonly LineNode[];
  readonly items: readonly ItemNode[];
  /** Items that their party pays itself, by exact amount, in date order. */
  readonly byAmount: AmountIndex<ItemNode>;
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

/** One text for an exact amount, the key of maps by amount. */
export function amountKey(currency: string, minor: bigint): string {
  return `${currency}${minor}`;
}

/** The key of a payment group in `byGroup`. */
function groupKey(reference: string): string {
  return compactReference(reference);
}

/** False for an item that is known to be in a payout or payment run, or to come by card: its party does not pay it. */
export function isPaidAlone({ groupReference, through }: MatchItem): boolean {
  return !groupReference && !through;
}

/** By date, and by id within a day. */
function inDateOrder<Node extends { readonly day: number }>(
  nodes: readonly Node[],
  idOf: (node: Node) => string,
): Node[] {
  const days = new Map<number, Node[]>();
  for (const node of nodes) append(days, node.day, node);
  const sorted = [...days].sort(([a], [b]) => a - b);
  return sorted.flatMap(([, list]) => list.sort((a, b) => compareText(idOf(a), idOf(b))));
}

/** What names items while lines are read; places are those of the items as they were given. */
interface ItemNames {
  readonly nodes: readonly ItemNode[];
  readonly keys: KeyIndex;
  readonly serials: KeyIndex;
}

/** True when the number stands in a reference of the item, with or without leading zeros. */
function holdsNumber({ reference = '', paymentReference = '' }: MatchItem, number: string): boolean {
  return hasNumber(reference, number) || hasNumber(paymentReference, number);
}

function hasNumber(reference: string, number: string): boolean {
  for (let at = reference.indexOf(number); at >= 0; at = reference.indexOf(number, at + 1)) {
    let first = at;
    while (first > 0 && reference.charCodeAt(first - 1) === zero) first -= 1;
    const before = first === 0 ? 0 : reference.charCodeAt(first - 1);
    const after = at + number.length;
    if (!isDigit(before) && (after === reference.length || !isDigit(reference.charCodeAt(after)))) return true;
  }
  return false;
}

/** Mentions of a line as they are found: one of each item, by the key that says most. */
class Mentions {
  /** Most lines name one item, which needs no map. */
  #first: Mention | undefined;
  #all: Map<ItemNode, Mention> | undefined;

  add(mention: Mention): void {
    const { node } = mention;
    const known = this.#all === undefined ? this.#first : this.#all.get(node);
    if (known?.node === node && known.sharers <= mention.sharers) return;
    if (this.#first === undefined || (this.#all === undefined && known?.node === node)) this.#first = mention;
    else (this.#all ??= new Map([[this.#first.node, this.#first]])).set(node, mention);
  }

  /** In the order of the items' ids. */
  list(): readonly Mention[] {
    if (this.#first === undefined) return noMentions;
    if (this.#all === undefined) return [this.#first];
    return [...this.#all.values()].sort((a, b) => compareText(a.node.item.id, b.node.item.id));
  }
}

/** What the texts of a line say: what they name, and the numbers in them. */
interface Said {
  readonly mentions: readonly Mention[];
  readonly groups: readonly string[];
  readonly numbers: readonly string[];
}

/** Reads the texts of lines one after the other. */
class LineReader {
  readonly #names: ItemNames;
  readonly #byGroup: ReadonlyMap<string, unknown>;
  readonly #groups: KeyIndex;
  readonly #scanner = new KeyScanner();
  #found = new Mentions();
  #named: string[] | undefined;
  readonly #visit: KeyVisit = (low, high) => {
    const places = this.#names.keys.placesOfHash(low, high);
    if (places.length > 0) this.#keep('reference', this.#scanner.key(), places);
    if (this.#groups.placesOfHash(low, high).length === 0) return;
    const key = this.#scanner.key();
    if (this.#byGroup.has(key) && !this.#named?.includes(key)) (this.#named ??= []).push(key);
  };

  constructor(names: ItemNames, byGroup: ReadonlyMap<string, unknown>) {
    this.#names = names;
    this.#byGroup = byGroup;
    this.#groups = new KeyIndex(byGroup.size);
    for (const key of byGroup.keys()) this.#groups.add(key, 0);
  }

  read({ references, text }: MatchLine): Said {
    this.#found = new Mentions();
    this.#named = undefined;
    let numbers: string[] = [];
    for (const each of references) numbers = this.#readText(each, numbers);
    numbers = this.#readText(text, numbers);
    const named = this.#found.list();
    for (const number of numbers) {
      // A number inside a reference that was found whole says nothing about other items with the same serial.
      if (named.some(({ node }) => holdsNumber(node.item, number))) continue;
      this.#keep('number', number, this.#names.serials.placesOf(number));
    }
    return {
      mentions: this.#found.list(),
      groups: this.#named ?? noKeys,
      numbers: numbers.length === 0 ? noKeys : numbers,
    };
  }

  #readText(text: string, numbers: string[]): string[] {
    if (text === '') return numbers;
    this.#scanner.read(text);
    this.#scanner.keys(this.#visit);
    const own = numbersIn(this.#scanner);
    return numbers.length === 0 ? own : numbers.concat(own.filter((number) => !numbers.includes(number)));
  }

  #keep(by: Mention['by'], key: string, places: readonly number[]): void {
    for (const place of places)
      this.#found.add({ node: this.#names.nodes[place]!, by, key, sharers: places.length });
  }
}

/** The keys of an item's own references, each once. */
function namesOf({ reference, paymentReference }: MatchItem): string[] {
  const own = reference ? keysOfReference(reference) : [];
  if (!paymentReference) return own;
  return own.concat(keysOfReference(paymentReference).filter((key) => !own.includes(key)));
}

function indexNames(nodes: readonly ItemNode[]): ItemNames {
  const keys = new KeyIndex(nodes.length * 2);
  const serials = new KeyIndex(nodes.length);
  for (const [place, node] of nodes.entries()) {
    for (const key of namesOf(node.item)) keys.add(key, place);
    const { serial } = node;
    if (serial !== undefined) serials.add(serial, place);
  }
  return { nodes, keys, serials };
}

function indexItems(nodes: readonly ItemNode[]) {
  const byGroup = new Map<string, ItemNode[]>();
  const itemsOf = new Map<PartyNode, ItemNode[]>();
  const single: ItemNode[] = [];
  for (const node of nodes) {
    const { groupReference } = node.item;
    if (groupReference) append(byGroup, groupKey(groupReference), node);
    if (!isPaidAlone(node.item)) continue;
    single.push(node);
    append(itemsOf, node.party, node);
  }
  return { byGroup, itemsOf, byAmount: new AmountIndex(single) };
}

/** Sorts lines and items into one order whatever order they came in, and builds every index once. */
export function openBook(lines: readonly MatchLine[], items: readonly MatchItem[]): Book {
  const dayOf = dayReader();
  const parties = new PartyIndex(items);
  const given = items.map((item, at) => new ItemNode(item, dayOf(item.issuedOn), parties.at(at)));
  const names = indexNames(given);
  const nodes = inDateOrder(given, (node) => node.item.id);
  const { byGroup, itemsOf, byAmount } = indexItems(nodes);
  const linesOf = new Map<PartyNode, LineNode[]>();
  const reader = new LineReader(names, byGroup);
  const unordered = lines.map((line): LineNode => {
    const { groups, numbers, mentions } = reader.read(line);
    return {
      line,
      day: dayOf(line.bookedOn),
      minor: line.amount.minor,
      currency: line.amount.currency,
      groups,
      numbers,
      mentions,
      parties: parties.find(line.counterpartyAccount, line.counterpartyName),
      done: false,
    };
  });
  const lineNodes = inDateOrder(unordered, (node) => node.line.id);
  for (const node of lineNodes) for (const hit of node.parties) append(linesOf, hit.party, node);
  return { lines: lineNodes, items: nodes, byAmount, byGroup, itemsOf, linesOf };
}
