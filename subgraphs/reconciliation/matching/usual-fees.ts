/** A bank keeps at most so much of a payment on its way, in minor units. */
const mostKept = 5_000n;
/** An amount that is missing so often is what a bank keeps; parts of debts differ from each other. */
const leastSeen = 3;

/** Amounts that are missing again and again from payments that name one item: what banks keep in this book. */
export class UsualFees {
  readonly #counts = new Map<string, number>();

  /** Learns what is missing from a payment that names one item, in minor units. */
  learn(missing: bigint, currency: string): void {
    if (missing <= 0n || missing > mostKept) return;
    const key = `${currency}${missing}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** True for what is missing as often as only a fee is; in a book without such amounts, for small or round ones. */
  isFee(missing: bigint, whole: bigint, currency: string): boolean {
    if (missing > mostKept) return false;
    const seen = this.#counts.get(`${currency}${missing}`) ?? 0;
    if (seen >= leastSeen || missing * 100n <= whole * 3n) return true;
    const known = [...this.#counts.values()].some((count) => count >= leastSeen);
    return !known && missing % 50n === 0n && missing * 2n <= whole;
  }
}
