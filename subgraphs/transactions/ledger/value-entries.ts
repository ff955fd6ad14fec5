import type { Transaction } from '#kernel/command';
import { ratesFor } from '../rates/rate-for.ts';
import type { LineRate, NewEntry } from './entry.ts';
import { currenciesToValue, functionalAmounts, type ValuedLine } from './functional-amounts.ts';

/** An entry all of whose lines say what they are worth. */
export type ValuedEntry = Omit<NewEntry, 'lines'> & { readonly lines: readonly ValuedLine[] };

/**
 * Values the lines of entries in the base currencies of their books, with all rates of the batch in one query; none when
 * no line needs one. Throws RATE_MISSING and ENTRY_UNBALANCED.
 */
export async function valueEntries(
  transaction: Transaction,
  entries: readonly NewEntry[],
  bases: ReadonlyMap<string, string>,
): Promise<ValuedEntry[]> {
  const wanted = entries.flatMap(({ bookId, postedOn: on, lines }, entry) => {
    const to = bases.get(bookId) ?? '';
    return currenciesToValue(lines, to).map((from) => ({ entry, from, to, on, bookId }));
  });
  const found = wanted.length > 0 ? await ratesFor(transaction, wanted) : [];
  const rates = entries.map(() => new Map<string, LineRate>());
  wanted.forEach(({ entry, from }, place) => {
    const rate = found[place];
    if (rate) rates[entry]?.set(from, rate);
  });
  return entries.map((entry, place) => {
    const { bookId, postedOn, lines } = entry;
    const valuation = { base: bases.get(bookId) ?? '', postedOn, rates: rates[place] ?? new Map() };
    return { ...entry, lines: functionalAmounts(lines, valuation) };
  });
}
