import type { ItemNode, Mention } from './nodes.ts';
import { compareText } from './date-order.ts';
import { isDigit, zero } from './key-hash.ts';
import { KeyIndex } from './key-index.ts';
import { KeyScanner, type KeyVisit } from './key-scanner.ts';
import type { MatchItem, MatchLine } from './model.ts';
import { numbersIn } from './references.ts';

/** By what lines may name items; places are those of the items as they were given. */
export interface ItemNames {
  readonly given: readonly ItemNode[];
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
    if (!isDigit(before) && (after === reference.length || !isDigit(reference.charCodeAt(after))))
      return true;
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

  clear(): void {
    this.#first = undefined;
    this.#all = undefined;
  }

  /** True when the number stands in a reference of an item that was found. */
  holdNumber(number: string): boolean {
    if (this.#all === undefined)
      return this.#first !== undefined && holdsNumber(this.#first.node.item, number);
    for (const { node } of this.#all.values()) if (holdsNumber(node.item, number)) return true;
    return false;
  }

  /** In the order of the items' ids. */
  list(): readonly Mention[] {
    if (this.#first === undefined) return noMentions;
    if (this.#all === undefined) return [this.#first];
    return [...this.#all.values()].sort((a, b) => compareText(a.node.item.id, b.node.item.id));
  }
}

/** What the texts of a line say: what they name, and the numbers in them. */
export interface Said {
  readonly mentions: readonly Mention[];
  readonly groups: readonly string[];
  readonly numbers: readonly string[];
}

/** Reads the texts of lines one after the other. */
export class LineReader {
  readonly #names: ItemNames;
  readonly #byGroup: ReadonlyMap<string, unknown>;
  readonly #groups: KeyIndex;
  readonly #scanner = new KeyScanner();
  readonly #found = new Mentions();
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
    this.#found.clear();
    this.#named = undefined;
    let numbers = noKeys;
    for (const each of references) numbers = this.#readText(each, numbers);
    numbers = this.#readText(text, numbers);
    // A number inside a reference that was found whole says nothing about other items with the same serial.
    const silent = numbers.filter((number) => !this.#found.holdNumber(number));
    for (const number of silent) this.#keep('number', number, this.#names.serials.placesOf(number));
    return {
      mentions: this.#found.list(),
      groups: this.#named ?? noKeys,
      // A list that grew has room for more, which a million lines do not need.
      numbers: numbers.length === 0 ? noKeys : numbers.slice(),
    };
  }

  #readText(text: string, numbers: readonly string[]): readonly string[] {
    if (text === '') return numbers;
    this.#scanner.read(text);
    this.#scanner.keys(this.#visit);
    const own = numbersIn(this.#scanner);
    return numbers.length === 0 ? own : numbers.concat(own.filter((number) => !numbers.includes(number)));
  }

  #keep(by: Mention['by'], key: string, places: readonly number[]): void {
    for (const place of places)
      this.#found.add({ node: this.#names.given[place]!, by, key, sharers: places.length });
  }
}

const noMentions: readonly Mention[] = [];
const noKeys: readonly string[] = [];
