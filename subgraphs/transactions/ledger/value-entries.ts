import type { Transaction } from '#kernel/command';
import { rateFor } from '../rates/rate-for.ts';
import type { LineRate, NewEntry } from './entry.ts';
import { currenciesToValue, functionalAmounts, type ValuedLine } from './functional-amounts.ts';

/** An entry all of whose lines say what they are worth. */
export type ValuedEntry = Omit<NewEntry, 'lines'> & { readonly lines: readonly ValuedLine[] };

/**
 * Values the lines of entries in the base currencies of their books, asking for each rate once. Throws RATE_MISSING and
 * ENTRY_UNBALANCED.
 */
export async function valueEntries(
  transaction: Transaction,
  entries: readonly NewEntry[],
  bases: ReadonlyMap<string, string>,
): Promise<ValuedEntry[]> {
  const asked = new Map<string, LineRate>();
  const valued: ValuedEntry[] = [];
  for (const entry of entries) {
    const { postedOn, lines } = entry;
    const base = bases.get(entry.bookId) ?? '';
    const rates = new Map<string, LineRate>();
    for (const from of currenciesToValue(lines, base)) {
      const key = `${from} ${base} ${postedOn}`;
      const rate = asked.get(key) ?? (await rateFor(transaction, { from, to: base, on: postedOn }));
      asked.set(key, rate);
      rates.set(from, rate);
    }
    valued.push({ ...entry, lines: functionalAmounts(lines, { base, postedOn, rates }) });
  }
  return valued;
}
