/**
 * Which places in a list a text key belongs to: a map from text to several numbers in a few typed arrays, a small part
 * of what a Map of arrays takes for millions of keys. It keeps hashes only and asks back whether a key is really one of
 * a place's own.
 */
export class KeyIndex {
  readonly #isKeyOf: (key: string, place: number) => boolean;
  /** By hash: one more than the latest entry, 0 for none. */
  #heads: Int32Array;
  /** By entry: one more than the entry before it with the same place in `#heads`. */
  #before: Int32Array;
  #hashes: Int32Array;
  #places: Int32Array;
  #count = 0;

  /** An index that takes about so many keys before it has to grow. */
  constructor(expected: number, isKeyOf: (key: string, place: number) => boolean) {
    this.#isKeyOf = isKeyOf;
    let size = 1_024;
    while (size < expected) size *= 2;
    this.#heads = new Int32Array(size);
    this.#before = new Int32Array(size);
    this.#hashes = new Int32Array(size);
    this.#places = new Int32Array(size);
  }

  /** Adds a place to a key; a key with the same place twice would be told twice. */
  add(key: string, place: number): void {
    if (this.#count === this.#places.length) this.#grow();
    const entry = this.#count;
    const hash = hashOf(key);
    const head = hash & (this.#heads.length - 1);
    this.#hashes[entry] = hash;
    this.#places[entry] = place;
    this.#before[entry] = this.#heads[head]!;
    this.#heads[head] = entry + 1;
    this.#count += 1;
  }

  /** The places of a key, the last one added first. */
  placesOf(key: string): readonly number[] {
    const hash = hashOf(key);
    let found: number[] | undefined;
    let entry = this.#heads[hash & (this.#heads.length - 1)]! - 1;
    for (; entry >= 0; entry = this.#before[entry]! - 1) {
      if (this.#hashes[entry] !== hash) continue;
      const place = this.#places[entry]!;
      if (!this.#isKeyOf(key, place)) continue;
      if (found === undefined) found = [place];
      else found.push(place);
    }
    return found ?? none;
  }

  #grow(): void {
    this.#before = widened(this.#before);
    this.#hashes = widened(this.#hashes);
    this.#places = widened(this.#places);
    this.#heads = new Int32Array(this.#places.length);
    for (let entry = 0; entry < this.#count; entry += 1) {
      const head = this.#hashes[entry]! & (this.#heads.length - 1);
      this.#before[entry] = this.#heads[head]!;
      this.#heads[head] = entry + 1;
    }
  }
}

const none: readonly number[] = [];

function widened(numbers: Int32Array): Int32Array {
  const wide = new Int32Array(numbers.length * 2);
  wide.set(numbers);
  return wide;
}

/** FNV-1a over the letters, stirred so that the low bits depend on all of them. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
