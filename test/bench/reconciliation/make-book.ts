import { events } from './events.ts';
import { Maker, type Recipe, type Sink } from './maker.ts';
import { profiles, type EventKind } from './profiles.ts';
import type { BankRow, BenchmarkBook, ItemRow, TruthRow } from './rows.ts';

/** Draws events by their shares. */
function drawing(shares: Readonly<Partial<Record<EventKind, number>>>): (draw: number) => EventKind {
  let sum = 0;
  const ends = (Object.entries(shares) as [EventKind, number][]).map(
    ([kind, share]) => [kind, (sum += share)] as const,
  );
  return (draw) => ends.find(([, end]) => draw * sum < end)?.[0] ?? 'named';
}

/** Makes a book of at least so many lines, row by row into a sink; the same recipe makes the same rows. */
export function pourBook(recipe: Recipe, sink: Sink): void {
  const maker = new Maker(recipe, sink);
  const kindOf = drawing(profiles[recipe.profile].events);
  while (maker.made < recipe.lines) events[kindOf(maker.chance.next())](maker);
  const unpaid = Math.round(maker.items * maker.profile.unpaid);
  for (let made = 0; made < unpaid; made += 1) {
    const party = maker.party();
    maker.item({ party, day: maker.day(), amount: maker.direction() * maker.amount(party) });
  }
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A whole book: lines by date, items and truth by ids that are scattered, so that no order tells anything. */
export function makeBook(recipe: Recipe): BenchmarkBook {
  const lines: BankRow[] = [];
  const items: ItemRow[] = [];
  const truth: TruthRow[] = [];
  pourBook(recipe, {
    line: (row) => void lines.push(row),
    item: (row) => void items.push(row),
    truth: (row) => void truth.push(row),
  });
  lines.sort((a, b) => byText(a.date, b.date) || byText(a.id, b.id));
  items.sort((a, b) => byText(a.id, b.id));
  truth.sort((a, b) => byText(a.group, b.group));
  return { lines, items, truth };
}
