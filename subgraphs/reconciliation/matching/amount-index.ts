import type { Money } from '#kernel/money';

/** What an amount index holds: a currency and what was open of an item to begin with. */
interface Holder {
  readonly currency: string;
  readonly item: { readonly open: Money };
}

/** Holders by exact amount, in the order in which they were given, in typed arrays instead of a list for each amount. */
export class AmountIndex<Node extends Holder> {
  readonly #nodes: readonly Node[];
  /** By hash, open addressing: one more than the group of an amount, 0 for none. */
  readonly #table: Int32Array;
  /** By group: where its holders begin in `#order`, which goes on to where the next begins. */
  readonly #starts: Int32Array;
  readonly #order: Int32Array;
  /** Lists of many are asked for again and again. */
  readonly #long = new Map<number, readonly Node[]>();

  constructor(nodes: readonly Node[]) {
    this.#nodes = nodes;
    let size = 16;
    while (size < nodes.length * 2) size *= 2;
    this.#table = new Int32Array(size);
    const groups = new Int32Array(nodes.length);
    const firsts = new Int32Array(nodes.length);
    let count = 0;
    for (const [at, { currency, item }] of nodes.entries()) {
      const slot = this.#slotOf(currency, item.open.minor, (group) => nodes[firsts[group]!]!);
      if (this.#table[slot] === 0) {
        firsts[count] = at;
        this.#table[slot] = count += 1;
      }
      groups[at] = this.#table[slot]! - 1;
    }
    this.#starts = new Int32Array(count + 1);
    for (const group of groups) this.#starts[group + 1]! += 1;
    for (let group = 0; group < count; group += 1) this.#starts[group + 1]! += this.#starts[group]!;
    this.#order = new Int32Array(nodes.length);
    const next = this.#starts.slice();
    for (const [at, group] of groups.entries()) this.#order[next[group]!++] = at;
  }

  /** The holders of an amount of minor units. */
  get(currency: string, minor: bigint): readonly Node[] {
    const group = this.#groupOf(currency, minor);
    if (group < 0) return [];
    const known = this.#long.get(group);
    if (known !== undefined) return known;
    const places = this.#order.subarray(this.#starts[group], this.#starts[group + 1]);
    const found = Array.from(places, (at) => this.#nodes[at]!);
    if (found.length > 16) this.#long.set(group, found);
    return found;
  }

  /** How many holders an amount has. */
  count(currency: string, minor: bigint): number {
    const group = this.#groupOf(currency, minor);
    return group < 0 ? 0 : this.#starts[group + 1]! - this.#starts[group]!;
  }

  #groupOf(currency: string, minor: bigint): number {
    const first = (group: number) => this.#nodes[this.#order[this.#starts[group]!]!]!;
    return this.#table[this.#slotOf(currency, minor, first)]! - 1;
  }

  /** Where the amount stands in the table, or the free place where it would. */
  #slotOf(currency: string, minor: bigint, firstOf: (group: number) => Node): number {
    const last = this.#table.length - 1;
    for (let slot = hashOf(currency, minor) & last; ; slot = (slot + 1) & last) {
      const group = this.#table[slot]! - 1;
      if (group < 0) return slot;
      const first = firstOf(group);
      if (first.item.open.minor === minor && first.currency === currency) return slot;
    }
  }
}

function hashOf(currency: string, minor: bigint): number {
  // Beyond 2^53 neighbours share a hash, which costs a comparison and no more.
  const amount = Number(minor);
  let hash = Math.imul(amount | 0, 0x9e3779b1) ^ Math.imul((amount / 2 ** 32) | 0, 0x85ebca6b);
  for (let at = 0; at < currency.length; at += 1)
    hash = Math.imul(hash ^ currency.charCodeAt(at), 0x01000193);
  return hash ^ (hash >>> 15);
}
