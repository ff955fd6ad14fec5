import type { ReadRow, RowReading } from './read-row.ts';

/** How many entries may be open at once: rows of one entry stand no further apart than this many other entries. */
export const entryWindow = 1000;

/** Gives rows the numbers of their entries. */
export interface EntryGroups {
  /** The number of the entry a row belongs to, from 1; undefined for a wrong row that names no entry. */
  entryOf(reading: RowReading): number | undefined;
  /** The last number given. */
  readonly last: number;
}

/** An entry that was begun before, as the stage knows it. */
export interface OpenEntry {
  readonly entry: number;
  readonly key: string;
}

/**
 * Puts rows together: by the name of their entry, as long as no more than a thousand other entries began since its last
 * row; where files name none, rows that follow one another with the same day and description. A row that names both
 * accounts is an entry by itself unless it names one. Begun again behind `open`, it goes on as if it had not ended.
 */
export function entryGroups(
  how: { readonly byKey: boolean; readonly pairs: boolean },
  last: number,
  open: readonly OpenEntry[],
): EntryGroups {
  const window = new Map<string, number>(open.map(({ key, entry }) => [key, entry]));
  let count = last;
  const limit = how.byKey ? entryWindow : 1;
  return {
    entryOf(reading) {
      const [row] = reading.rows;
      const key = how.byKey ? reading.entryKey : row && neighbourKey(row);
      if (key === undefined) return undefined;
      const known = how.byKey || !how.pairs ? window.get(key) : undefined;
      if (known !== undefined) {
        window.delete(key);
        window.set(key, known);
        return known;
      }
      count += 1;
      window.set(key, count);
      if (window.size > limit) window.delete(window.keys().next().value as string);
      return count;
    },
    get last() {
      return count;
    },
  };
}

/** What neighbours of one entry share. */
export function neighbourKey(row: Pick<ReadRow, 'postedOn' | 'description'>): string {
  return `${row.postedOn ?? ''}\n${row.description ?? ''}`;
}
