import { GrowingHash, isDigit, zero } from './key-hash.ts';

/** Keys shorter or longer than this name nothing; a run of words is not continued once it has `longestBegun` signs. */
const [shortest, longest, longestBegun] = [4, 35, 30];
/** A long reference is printed in groups of four, so up to eight words can belong together. */
const mostWords = 8;

/** Is told a key by its hash; `KeyScanner.key` says meanwhile how it is written. */
export type KeyVisit = (low: number, high: number) => void;

/** The letter or digit, upper case, that a code counts as; 0 for one that separates words. */
function counted(code: number): number {
  if (isDigit(code) || (code >= 65 && code <= 90)) return code;
  return code >= 97 && code <= 122 ? code - 32 : 0;
}

/** The digit for a letter that people type or scanners read for one: O, I, L; 0 for any other. */
function digitFor(letter: number): number {
  if (letter === 79) return zero;
  return letter === 73 || letter === 76 ? zero + 1 : 0;
}

/**
 * Cuts texts into the keys under which they may name something: words of letters and digits, upper case, written
 * together. Of most keys only the hash is asked, so no text is made of them; one scanner reads text after text, because
 * of millions of lines each has dozens of keys.
 */
export class KeyScanner {
  /** The letters and digits of all words, as written, and with digits put right; words stand at the same places. */
  #written: Buffer = Buffer.alloc(256);
  #repaired: Buffer = Buffer.alloc(256);
  /** Where each word ends. */
  #ends = new Int32Array(256);
  #words = 0;
  #isRepaired = false;
  readonly #hash = new GrowingHash();
  /** The key that is being told: its words, and whether it is the one without leading zeros. */
  #codes: Buffer = this.#written;
  #from = 0;
  #to = 0;
  #isBare = false;

  /** Reads a text; what was read before is forgotten. */
  read(text: string): void {
    // Accents go, and one letter may become several.
    if (!this.#cut(text, false)) this.#cut(text.normalize('NFKD').toUpperCase(), true);
    this.#repair();
  }

  /** Cuts into words; false when a letter beyond ASCII is met, unless those are to separate words. */
  #cut(text: string, isPlain: boolean): boolean {
    if (this.#written.length < text.length) {
      this.#written = Buffer.alloc(text.length * 2);
      this.#repaired = Buffer.alloc(text.length * 2);
      this.#ends = new Int32Array(text.length * 2);
    }
    let length = 0;
    let words = 0;
    let begun = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code > 127 && !isPlain) return false;
      const sign = counted(code);
      if (sign !== 0) this.#written[length++] = sign;
      else if (length > begun) this.#ends[words++] = begun = length;
    }
    if (length > begun) this.#ends[words++] = length;
    this.#words = words;
    return true;
  }

  /** Puts digits right in words that are digits but for letters which look like some. */
  #repair(): void {
    this.#isRepaired = false;
    for (let word = 0; word < this.#words; word += 1) {
      const from = this.#start(word);
      const to = this.#ends[word]!;
      if (!this.#isMistyped(from, to)) continue;
      if (!this.#isRepaired) this.#repaired.set(this.#written.subarray(0, this.#start(this.#words)));
      this.#isRepaired = true;
      for (let at = from; at < to; at += 1) {
        const digit = digitFor(this.#written[at]!);
        if (digit !== 0) this.#repaired[at] = digit;
      }
    }
  }

  #isMistyped(from: number, to: number): boolean {
    let digits = 0;
    for (let at = from; at < to; at += 1) {
      const sign = this.#written[at]!;
      if (isDigit(sign)) digits += 1;
      else if (digitFor(sign) === 0) return false;
    }
    return digits >= 2 && digits < to - from;
  }

  #start(word: number): number {
    return word === 0 ? 0 : this.#ends[word - 1]!;
  }

  /** The words as they are most likely meant. */
  get #meant(): Buffer {
    return this.#isRepaired ? this.#repaired : this.#written;
  }

  /**
   * Tells the keys of what a payer wrote: runs of neighbouring words that hold a digit, as they are and without leading
   * zeros. One may be told twice.
   */
  keys(visit: KeyVisit): void {
    this.#runs(this.#meant, visit);
    // What looks mistyped may be meant: "po_6o599377" is how some payouts are called.
    if (this.#isRepaired) this.#runs(this.#written, visit);
  }

  #runs(codes: Buffer, visit: KeyVisit): void {
    for (let from = 0; from < this.#words; from += 1) {
      const start = this.#start(from);
      const last = Math.min(this.#words, from + mostWords);
      this.#hash.begin();
      for (let to = from; to < last && this.#start(to) - start < longestBegun; to += 1) {
        const end = this.#ends[to]!;
        this.#hash.add(codes, this.#start(to), end);
        if (!this.#hash.hasDigit || end - start < shortest || end - start > longest) continue;
        this.#codes = codes;
        this.#from = from;
        this.#to = to;
        this.#tell(visit);
      }
    }
  }

  #tell(visit: KeyVisit): void {
    this.#isBare = false;
    visit(this.#hash.low, this.#hash.high);
    if (!this.#hash.hasZeros) return;
    this.#isBare = true;
    visit(this.#hash.bareLow, this.#hash.bareHigh);
  }

  /** The key that is being told, as text. */
  key(): string {
    return this.#text(this.#codes, { from: this.#from, to: this.#to, isBare: this.#isBare });
  }

  /** All words together: as they are most likely meant, the same without leading zeros, and as written. */
  whole(): { readonly meant: string; readonly bare: string; readonly written: string } {
    const all = { from: 0, to: this.#words - 1 };
    const meant = this.#text(this.#meant, { ...all, isBare: false });
    return {
      meant,
      bare: meant.includes('0') ? this.#text(this.#meant, { ...all, isBare: true }) : meant,
      written: this.#isRepaired ? this.#text(this.#written, { ...all, isBare: false }) : meant,
    };
  }

  #text(codes: Buffer, { from, to, isBare }: { from: number; to: number; isBare: boolean }): string {
    if (!isBare) return codes.toString('latin1', this.#start(from), this.#start(to + 1));
    const words: string[] = [];
    for (let word = from; word <= to; word += 1)
      words.push(
        codes.toString('latin1', this.#start(word), this.#ends[word]).replace(/(?<!\d)0+(?=\d)/g, ''),
      );
    return words.join('');
  }

  /** The runs of so many digits and more, as they are most likely meant. */
  digitRuns(least: number): string[] {
    const codes = this.#meant;
    const runs: string[] = [];
    for (let word = 0; word < this.#words; word += 1) {
      const end = this.#ends[word]!;
      let first = this.#start(word);
      for (let at = first; at <= end; at += 1) {
        if (at < end && isDigit(codes[at]!)) continue;
        if (at - first >= least) runs.push(codes.toString('latin1', first, at));
        first = at + 1;
      }
    }
    return runs;
  }
}
