/** A key as two halves of a hash, which together tell even millions of keys apart. */
export interface KeyHash {
  readonly low: number;
  readonly high: number;
}

const lowSeed = 0x811c9dc5 | 0;
const highSeed = 0x9747b28c | 0;
/** The code of the digit 0. */
export const zero = 48;

/** True for the code of a digit. */
export function isDigit(code: number): boolean {
  return code >= zero && code <= zero + 9;
}

function lowAfter(low: number, code: number): number {
  return Math.imul(low ^ code, 0x01000193);
}

function highAfter(high: number, code: number): number {
  return Math.imul(high + code, 0x5bd1e995) ^ (high >>> 15);
}

/** Stirs a half so that its low bits depend on every letter. */
function stirred(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return mixed ^ (mixed >>> 13);
}

/** The hash of a key that grows by runs of letters and digits, as it is and without the leading zeros of its numbers. */
export class GrowingHash {
  /** Whether a digit was added. */
  hasDigit = false;
  /** Whether leading zeros were added, so that `bare` is another key. */
  hasZeros = false;
  #low = lowSeed;
  #high = highSeed;
  #bareLow = lowSeed;
  #bareHigh = highSeed;

  /** Begins with an empty key. */
  begin(): void {
    this.hasDigit = this.hasZeros = false;
    this.#low = this.#bareLow = lowSeed;
    this.#high = this.#bareHigh = highSeed;
  }

  /** Adds one word, which is a part of the codes given. */
  add(codes: Uint8Array, from: number, to: number): void {
    // One by one, here and elsewhere in this file: a list to take them apart from would be made for every word.
    let low = this.#low;
    let high = this.#high;
    let bareLow = this.#bareLow;
    let bareHigh = this.#bareHigh;
    let isLeading = true;
    for (let at = from; at < to; at += 1) {
      const code = codes[at]!;
      low = lowAfter(low, code);
      high = highAfter(high, code);
      if (!isDigit(code)) isLeading = true;
      else {
        this.hasDigit = true;
        if (isLeading && code === zero && at + 1 < to && isDigit(codes[at + 1]!)) {
          this.hasZeros = true;
          continue;
        }
        isLeading = false;
      }
      bareLow = lowAfter(bareLow, code);
      bareHigh = highAfter(bareHigh, code);
    }
    this.#low = low;
    this.#high = high;
    this.#bareLow = bareLow;
    this.#bareHigh = bareHigh;
  }

  get low(): number {
    return stirred(this.#low);
  }

  get high(): number {
    return stirred(this.#high);
  }

  get bareLow(): number {
    return stirred(this.#bareLow);
  }

  get bareHigh(): number {
    return stirred(this.#bareHigh);
  }
}

/** The hash of a key that is there as text: the same as that of its letters and digits. */
export function hashOfKey(key: string): KeyHash {
  let low = lowSeed;
  let high = highSeed;
  for (let at = 0; at < key.length; at += 1) {
    const code = key.charCodeAt(at);
    low = lowAfter(low, code);
    high = highAfter(high, code);
  }
  return { low: stirred(low), high: stirred(high) };
}
