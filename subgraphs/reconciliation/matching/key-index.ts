import { hashOfKey } from './key-hash.ts';

/** Numbers an entry takes: both halves of its hash, its place, and one more than the entry before it. */
const width = 4;

/**
 * Which places in a list a text key belongs to: a map from text to several numbers in two typed arrays, a small part of
 * what a Map of arrays takes for millions of keys. It keeps no texts: keys are told apart by 64 bits of hash, so that
 * among a million lines and millions of keys not one in a hundred thousand books has two that are taken for one.
 */
export class KeyIndex {
  /** By hash: one more than the latest entry, 0 for none. */
  #heads: Int32Array;
  #entries: Int32Array;
  /** By hash, one bit: whether any key has it. Most keys of most lines are nobody's, and this is small enough to lie near. */
  readonly #filter: Int32Array;
  #count = 0;

  /** An index that takes about so many keys before it has to grow. */
  constructor(expected: number) {
    let size = 1_024;
    while (size * 2 < expected) size *= 2;
    this.#heads = new Int32Array(size);
    this.#entries = new Int32Array(Math.max(size, expected) * width);
    this.#filter = new Int32Array(size / 2);
  }

  /** Adds a place to a key; a key with the same place twice would be told twice. */
  add(key: string, place: number): void {
    if ((this.#count + 1) * width > this.#entries.length) this.#grow();
    const { low, high } = hashOfKey(key);
    const at = this.#count * width;
    const head = low & (this.#heads.length - 1);
    this.#filter[(high >>> 5) & (this.#filter.length - 1)]! |= 1 << high;
    this.#entries[at] = low;
    this.#entries[at + 1] = high;
    this.#entries[at + 2] = place;
    this.#entries[at + 3] = this.#heads[head]!;
    this.#count += 1;
    this.#heads[head] = this.#count;
  }

  /** The places of a key, the last one added first. */
  placesOf(key: string): readonly number[] {
    const { low, high } = hashOfKey(key);
    return this.placesOfHash(low, high);
  }

  /** The places of the key with this hash, the last one added first. */
  placesOfHash(low: number, high: number): readonly number[] {
    if ((this.#filter[(high >>> 5) & (this.#filter.length - 1)]! & (1 << high)) === 0) return none;
    let found: number[] | undefined;
    const entries = this.#entries;
    let entry = this.#heads[low & (this.#heads.length - 1)]!;
    while (entry > 0) {
      const at = (entry - 1) * width;
      if (entries[at] === low && entries[at + 1] === high) {
        const place = entries[at + 2]!;
        if (found === undefined) found = [place];
        else found.push(place);
      }
      entry = entries[at + 3]!;
    }
    return found ?? none;
  }

  #grow(): void {
    const wide = new Int32Array(Math.ceil((this.#count * 3) / 2) * width);
    wide.set(this.#entries);
    this.#entries = wide;
    if (this.#heads.length >= wide.length / width) return;
    this.#heads = new Int32Array(this.#heads.length * 2);
    for (let entry = 1; entry <= this.#count; entry += 1) {
      const at = (entry - 1) * width;
      const head = wide[at]! & (this.#heads.length - 1);
      wide[at + 3] = this.#heads[head]!;
      this.#heads[head] = entry;
    }
  }
}

const none: readonly number[] = [];
