import { Chance } from './chance.ts';
import type { BenchmarkBook, ItemRow, PredictionRow } from './rows.ts';

/** Matches a book; the truth is not shown. */
export type BookMatcher = (book: Pick<BenchmarkBook, 'lines' | 'items'>) => readonly PredictionRow[];

/** Whether the same book gives the same matches, and what items of strangers change. */
export interface Stability {
  /** Matches that differ when lines and items come in another order. */
  readonly changedByOrder: number;
  /** Lines taken without asking whose items are others once items of strangers are in the book. */
  readonly changedByStrangers: number;
}

const contentOf = ({ bank, items, confidence }: PredictionRow): string =>
  JSON.stringify([
    bank.toSorted(),
    items.map(({ id, applied }) => `${id} ${applied}`).toSorted(),
    confidence,
  ]);

function shuffled<Row>(chance: Chance, rows: readonly Row[]): Row[] {
  const result = [...rows];
  for (let at = result.length - 1; at > 0; at -= 1) {
    const other = chance.whole(0, at);
    [result[at], result[other]] = [result[other]!, result[at]!];
  }
  return result;
}

/** Items of parties, numbers and amounts that no line of the book has to do with. */
function strangers(items: readonly ItemRow[], lines: BenchmarkBook['lines']): ItemRow[] {
  const taken = new Set(lines.map(({ amount }) => amount));
  return items
    .filter((_, index) => index % 10 === 0)
    .map((item, index) => {
      let amount = item.amount;
      while (taken.has(amount)) amount += 1_000_003;
      const id = `U${index}`;
      const own = {
        id,
        ref: `ZQ/${900_000_000 + index}`,
        structured: null,
        payout: null,
        batch: null,
        amount,
      };
      return { ...item, ...own, party: id, party_name: `Ubiqum Xyloph ${id}`, party_iban: null };
    });
}

const itemsByLine = (rows: readonly PredictionRow[]): Map<string, string> =>
  new Map(
    rows.flatMap((row) =>
      row.bank.map((id) => [
        id,
        row.items
          .map((item) => item.id)
          .toSorted()
          .join(),
      ]),
    ),
  );

/** Runs a matcher over a book in two orders, and with a tenth more items that belong to nobody in it. */
export function checkStability(book: BenchmarkBook, match: BookMatcher): Stability {
  const chance = new Chance(1);
  const first = match(book);
  const other = match({ lines: shuffled(chance, book.lines), items: shuffled(chance, book.items) });
  const seen = new Set(first.map(contentOf));
  const same = other.filter((row) => seen.has(contentOf(row))).length;
  const crowd = { lines: book.lines, items: [...book.items, ...strangers(book.items, book.lines)] };
  const crowded = itemsByLine(match(crowd));
  const sure = itemsByLine(first.filter((row) => row.automatic === true));
  return {
    changedByOrder: Math.max(first.length, other.length) - same,
    changedByStrangers: [...sure].filter(([id, items]) => crowded.get(id) !== items).length,
  };
}
