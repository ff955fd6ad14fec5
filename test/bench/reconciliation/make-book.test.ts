import { describe, expect, test } from 'vitest';
import { referenceScheme } from '../../../subgraphs/reconciliation/matching/references.ts';
import { scatter } from './chance.ts';
import { dialects, type DialectName } from './dialects.ts';
import { makeBook } from './make-book.ts';
import { profiles } from './profiles.ts';
import type { BenchmarkBook } from './rows.ts';

const names = Object.keys(dialects) as DialectName[];
const book = makeBook({ seed: 3, lines: 2_000, profile: 'medium', dialect: 'rhine' });

function sumsOf(
  { lines, items, truth }: BenchmarkBook,
  kind: string,
): readonly [paid: number, applied: number][] {
  const amounts = new Map([...lines, ...items].map(({ id, amount }) => [id, amount]));
  return truth
    .filter((row) => row.kind === kind)
    .map(({ bank, items: settled }) => [
      bank.reduce((sum, id) => sum + (amounts.get(id) ?? Number.NaN), 0),
      settled.reduce((sum, item) => sum + item.applied, 0),
    ]);
}

test('the same recipe makes the same book, another seed another one', () => {
  const recipe = { seed: 9, lines: 300, profile: 'hard', dialect: 'latin' } as const;
  expect(makeBook(recipe)).toEqual(makeBook(recipe));
  expect(makeBook({ ...recipe, seed: 10 }).lines).not.toEqual(makeBook(recipe).lines);
});

test('every line stands in one group, every item in at most one, and all of them exist', () => {
  const told = book.truth.flatMap(({ bank }) => bank);
  expect(told.toSorted()).toEqual(book.lines.map(({ id }) => id).toSorted());
  const settled = book.truth.flatMap(({ items }) => items.map(({ id }) => id));
  expect(new Set(settled).size).toBe(settled.length);
  const known = new Set(book.items.map(({ id }) => id));
  expect(settled.filter((id) => !known.has(id))).toEqual([]);
  expect(known.size).toBe(book.items.length);
  expect(book.items.length).toBeGreaterThan(settled.length * 1.15);
});

test('every kind of event comes about as often as its profile says', () => {
  const { events } = profiles.medium;
  const all = Object.values(events).reduce((sum, share) => sum + share, 0);
  const odd = Object.entries(events).filter(([kind, share]) => {
    const groups = book.truth.filter((row) => row.kind === kind).length;
    const expected = (book.truth.length * share) / all;
    return groups < 0.4 * expected || groups > 2.2 * expected;
  });
  expect(odd).toEqual([]);
});

test('lines are exactly their items where nothing was kept, taken off or left open', () => {
  const exact = [
    'named',
    'silent',
    'garbled',
    'several-items',
    'credit-netted',
    'instalments',
    'several-to-several',
  ];
  const equal = (kind: string) => sumsOf(book, kind).map(([paid, applied]) => paid === applied);
  expect([...exact, 'payment-run', 'own-transfer', 'part-paid'].flatMap(equal)).not.toContain(false);
  expect(['fee-kept', 'discount', 'payout', 'overpaid'].flatMap(equal)).not.toContain(true);
  for (const [paid, applied] of sumsOf(book, 'returned')) expect([paid, applied]).toEqual([0, 0]);
});

test('payments follow their items, and a second payment follows the first', () => {
  const dates = new Map([...book.lines, ...book.items].map(({ id, date }) => [id, date]));
  const early = book.truth
    .filter(({ kind }) => kind === 'named' || kind === 'silent')
    .filter(({ bank, items }) => (dates.get(bank[0]!) ?? '') < (dates.get(items[0]!.id) ?? ''));
  expect(early).toEqual([]);
});

test('rows come by date and by ids that tell nothing of what belongs together', () => {
  const days = book.lines.map(({ date }) => date);
  expect(days).toEqual(days.toSorted());
  const places = new Map(book.items.map(({ id }, index) => [id, index]));
  const apart = book.truth
    .filter(({ kind }) => kind === 'several-items')
    .map(({ items }) => Math.abs((places.get(items[0]!.id) ?? 0) - (places.get(items[1]!.id) ?? 0)));
  const middle = apart.toSorted((a, b) => a - b)[apart.length >> 1];
  // Two places drawn by chance are a third of the list apart.
  expect(middle).toBeGreaterThan(book.items.length / 10);
  expect(new Set(book.items.map(({ ref }) => ref)).size).toBe(book.items.length);
  const plain = makeBook({ seed: 1, lines: 300, profile: 'plain', dialect: 'anglo' }).truth;
  const telling = plain.filter(({ group, bank, items }) => {
    const numbers = [group, bank[0]!, items[0]!.id].map((id) => id.slice(1));
    return new Set(numbers).size < numbers.length;
  });
  expect(telling).toEqual([]);
});

test('scattering keeps numbers apart, in all bits and in few', () => {
  for (const bits of [12, 15, 20]) {
    const seen = new Set(Array.from({ length: 2 ** bits }, (_, index) => scatter(index, 5, bits)));
    expect(seen.size).toBe(2 ** bits);
    expect(Math.max(...[...seen].slice(0, 4_096))).toBeLessThan(2 ** bits);
  }
  expect(new Set(Array.from({ length: 50_000 }, (_, index) => scatter(index, 5))).size).toBe(50_000);
});

describe.each(names)('the dialect %s', (dialect) => {
  const { items, lines, truth } = makeBook({ seed: 1, lines: 400, profile: 'medium', dialect });

  test('asks for payment by references whose check digits hold', () => {
    const structured = items.flatMap((item) => item.structured ?? []);
    expect(structured.length).toBeGreaterThan(items.length / 10);
    expect(structured.filter((text) => referenceScheme(text) === undefined)).toEqual([]);
  });

  test('names what is paid in the text or the reference field, and nothing where it says nothing', () => {
    const lineOf = new Map(lines.map((line) => [line.id, line]));
    const itemOf = new Map(items.map((item) => [item.id, item]));
    const said = (kind: string) =>
      truth
        .filter((row) => row.kind === kind)
        .map((row) => {
          const line = lineOf.get(row.bank[0]!)!;
          const item = itemOf.get(row.items[0]!.id)!;
          const text = `${line.text} ${line.e2e}`;
          return text.includes(item.ref) || (item.structured !== null && text.includes(item.structured));
        });
    expect(said('named')).not.toContain(false);
    expect(said('silent')).not.toContain(true);
  });
});

test('no dialect writes its invoices as another one does', () => {
  const shapes = names.map((name) => dialects[name].invoice(12_345, 40).replace(/\d+/g, '9'));
  expect(new Set(shapes).size).toBe(names.length);
});
