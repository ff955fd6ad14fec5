/**
 * Which numbers (places in a list) a text key belongs to: a map from text to several numbers in a few typed arrays, an
 * eighth of what a Map of arrays takes for millions of keys. Keys are compared letter by letter, never by hash alone.
 */
export class KeyIndex {
  /** By hash: one more than the latest entry, 0 for none. */
  #heads: Int32Array;
  /** By entry: one more than the entry before it with the same place in `#heads`. */
  #before: Int32Array;
  #hashes: Int32Array;
  #values: Int32Array;
  /** By entry: where its key ends in `#letters`; it begins where the one before ends. */
  #ends: Int32Array;
  #letters: Uint16Array;
  #count = 0;

  /** An index that takes about so many keys before it has to grow. */
  constructor(expected: number) {
    let size = 1_024;
    while (size < expected) size *= 2;
    this.#heads = new Int32Array(size);
    this.#before = new Int32Array(size);
    this.#hashes = new Int32Array(size);
    this.#values = new Int32Array(size);
    this.#ends = new Int32Array(size);
    this.#letters = new Uint16Array(size * 12);
  }

  /** Adds a value to a key; a key with the same value twice would be told twice. */
  add(key: string, value: number): void {
    if (this.#count === this.#values.length) this.#grow();
    const entry = this.#count;
    const start = entry === 0 ? 0 : this.#ends[entry - 1]!;
    while (start + key.length > this.#letters.length) this.#letters = widened(this.#letters);
    for (let at = 0; at < key.length; at += 1) this.#letters[start + at] = key.charCodeAt(at);
    const hash = hashOf(key);
    const head = hash & (this.#heads.length - 1);
    this.#ends[entry] = start + key.length;
    this.#hashes[entry] = hash;
    this.#values[entry] = value;
    this.#before[entry] = this.#heads[head]!;
    this.#heads[head] = entry + 1;
    this.#count += 1;
  }

  /** The values of a key, the last one added first. */
  valuesOf(key: string): readonly number[] {
    const hash = hashOf(key);
    let found: number[] | undefined;
    let entry = this.#heads[hash & (this.#heads.length - 1)]! - 1;
    for (; entry >= 0; entry = this.#before[entry]! - 1) {
      if (this.#hashes[entry] !== hash || !this.#is(entry, key)) continue;
      if (found === undefined) found = [this.#values[entry]!];
      else found.push(this.#values[entry]!);
    }
    return found ?? none;
  }

  #is(entry: number, key: string): boolean {
    const start = entry === 0 ? 0 : this.#ends[entry - 1]!;
    if (this.#ends[entry]! - start !== key.length) return false;
    for (let at = 0; at < key.length; at += 1) {
      if (this.#letters[start + at] !== key.charCodeAt(at)) return false;
    }
    return true;
  }

  #grow(): void {
    this.#before = widened(this.#before);
    this.#hashes = widened(this.#hashes);
    this.#values = widened(this.#values);
    this.#ends = widened(this.#ends);
    this.#heads = new Int32Array(this.#values.length);
    for (let entry = 0; entry < this.#count; entry += 1) {
      const head = this.#hashes[entry]! & (this.#heads.length - 1);
      this.#before[entry] = this.#heads[head]!;
      this.#heads[head] = entry + 1;
    }
  }
}

const none: readonly number[] = [];

function widened<Numbers extends Int32Array | Uint16Array>(numbers: Numbers): Numbers {
  const wide = new (numbers.constructor as new (length: number) => Numbers)(numbers.length * 2);
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
