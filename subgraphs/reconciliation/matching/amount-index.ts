import type { Money } from '#kernel/money';

/** What an amount index holds: a currency and what was open of an item to begin with. */
interface Holder {
  readonly currency: string;
  readonly item: { readonly open: Money };
}

/** Holders by exact amount, in the order in which they were given, in typed arrays instead of a list for each amount. */
export class AmountIndex<Node extends Holder> {
  readonly #nodes: readonly Node[];
  readonly #currencies = new Map<string, number>();
  /** By hash, open addressing: one more than the group of an amount, 0 for none. */
  readonly #table: Int32Array;
  /** By group: its amount as a plain number, exact up to 2^53, and the number of its currency. */
  readonly #amounts: Float64Array;
  readonly #currencyOf: Uint16Array;
  /** By group: where its holders begin in `#order`, which goes on to where the next begins. */
  readonly #starts: Int32Array;
  readonly #order: Int32Array;
  /** Lists of many are asked for again and again. */
  readonly #long = new Map<number, readonly Node[]>();

  /** Indexes holders by their amounts, which are as plain numbers at the same places. */
  constructor(nodes: readonly Node[], amounts: readonly number[]) {
    this.#nodes = nodes;
    let size = 16;
    while (size < nodes.length * 2) size *= 2;
    this.#table = new Int32Array(size);
    this.#amounts = new Float64Array(nodes.length);
    this.#currencyOf = new Uint16Array(nodes.length);
    const groups = new Int32Array(nodes.length);
    let count = 0;
    for (let at = 0; at < nodes.length; at += 1) {
      const { currency } = nodes[at]!;
      let code = this.#currencies.get(currency);
      if (code === undefined) this.#currencies.set(currency, (code = this.#currencies.size));
      const amount = amounts[at]!;
      const slot = this.#slotOf(code, amount);
      if (this.#table[slot] === 0) {
        this.#amounts[count] = amount;
        this.#currencyOf[count] = code;
        this.#table[slot] = count += 1;
      }
      groups[at] = this.#table[slot]! - 1;
    }
    this.#starts = new Int32Array(count + 1);
    for (const group of groups) this.#starts[group + 1]! += 1;
    for (let group = 0; group < count; group += 1) this.#starts[group + 1]! += this.#starts[group]!;
    this.#order = new Int32Array(nodes.length);
    const next = this.#starts.slice();
    for (let at = 0; at < groups.length; at += 1) this.#order[next[groups[at]!]!++] = at;
  }

  /** The holders of an amount of minor units. */
  get(currency: string, minor: bigint): readonly Node[] {
    const found = this.#roughly(currency, Number(minor));
    return isExact(minor) ? found : found.filter(({ item }) => item.open.minor === minor);
  }

  /** How many holders an amount has. */
  count(currency: string, minor: bigint): number {
    if (!isExact(minor)) return this.get(currency, minor).length;
    const group = this.#groupOf(currency, Number(minor));
    return group < 0 ? 0 : this.#starts[group + 1]! - this.#starts[group]!;
  }

  #roughly(currency: string, amount: number): readonly Node[] {
    const group = this.#groupOf(currency, amount);
    if (group < 0) return [];
    const known = this.#long.get(group);
    if (known !== undefined) return known;
    const places = this.#order.subarray(this.#starts[group], this.#starts[group + 1]);
    const found = Array.from(places, (at) => this.#nodes[at]!);
    if (found.length > 16) this.#long.set(group, found);
    return found;
  }

  #groupOf(currency: string, amount: number): number {
    const code = this.#currencies.get(currency);
    return code === undefined ? -1 : this.#table[this.#slotOf(code, amount)]! - 1;
  }

  /** Where the amount stands in the table, or the free place where it would. */
  #slotOf(code: number, amount: number): number {
    const last = this.#table.length - 1;
    for (let slot = hashOf(code, amount) & last; ; slot = (slot + 1) & last) {
      const group = this.#table[slot]! - 1;
      if (group < 0) return slot;
      if (this.#amounts[group] === amount && this.#currencyOf[group] === code) return slot;
    }
  }
}

function isExact(minor: bigint): boolean {
  return Number.isSafeInteger(Number(minor));
}

function hashOf(code: number, amount: number): number {
  const hash = Math.imul(amount | 0, 0x9e3779b1) ^ Math.imul((amount / 2 ** 32) | 0, 0x85ebca6b);
  const mixed = Math.imul(hash ^ code, 0x01000193);
  return mixed ^ (mixed >>> 15);
}
