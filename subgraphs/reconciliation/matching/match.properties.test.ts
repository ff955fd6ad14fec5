import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, calendarDate } from '#kernel/calendar';
import { money } from '#kernel/money';
import { matchLines } from './match.ts';
import type { MatchItem, MatchLine, MatchResult } from './model.ts';

const start = calendarDate('2026-01-05');
const parties = ['Karia Logistics GmbH', 'Lomi Foods BV', 'Terven SA'];

/** Few amounts, parties and days, so that everything competes with everything. */
const amounts = fc.constantFrom(
  5_000n,
  9_900n,
  12_345n,
  17_345n,
  4_001n,
  22_000n,
  -9_900n,
  -5_000n,
  -14_900n,
);

const itemSeeds = fc.array(
  fc.record({ amount: amounts, party: fc.nat(2), day: fc.nat(60), shared: fc.boolean(), group: fc.nat(9) }),
  { maxLength: 25 },
);
const lineSeeds = fc.array(
  fc.record({
    amount: amounts,
    party: fc.nat(3),
    day: fc.nat(90),
    names: fc.array(fc.nat(24), { maxLength: 3 }),
    account: fc.boolean(),
    reversal: fc.integer({ min: 0, max: 9 }).map((value) => value === 0),
    whole: fc.boolean(),
  }),
  { maxLength: 25 },
);

const books = fc.tuple(itemSeeds, lineSeeds).map(([itemRows, lineRows]) => {
  const items = itemRows.map((row, index): MatchItem => ({
    id: `i${index}`,
    kind: row.amount < 0n ? 'payable' : 'receivable',
    issuedOn: addDays(start, row.day),
    open: money(row.amount, 'EUR'),
    reference: `INV-2026-${100_000 + (row.shared ? 7 : index)}`,
    groupReference: row.group === 0 ? 'po_77a1' : undefined,
    through: row.group === 1 ? 'processor' : undefined,
    counterpartyName: parties[row.party],
    counterpartyAccounts: [`XX0${row.party}`],
    partyId: `p${row.party}`,
  }));
  const lines = lineRows.map((row, index): MatchLine => {
    const named = row.names.flatMap((each) => items[each] ?? []);
    const sum = named.reduce((total, item) => total + item.open.minor, 0n);
    return {
      id: `b${index}`,
      bookedOn: addDays(start, row.day),
      amount: money(row.whole && sum !== 0n ? sum : row.amount, 'EUR'),
      counterpartyName: parties[row.party],
      counterpartyAccount: row.account && row.party < 3 ? `XX0${row.party}` : undefined,
      references: [],
      text: [...named.map((item) => item.reference), row.day === 0 ? 'payout po_77a1' : ''].join(' '),
      reversal: row.reversal,
    };
  });
  return { items, lines };
});

/** The result without the order in which it is told. */
function unordered(result: MatchResult): unknown {
  const text = (value: unknown) =>
    JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? `${each}` : each));
  return { matches: result.matches.map(text).sort(), unmatched: result.unmatched.map(text).sort() };
}

function size(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}

test('lines and items in another order give the same result', () => {
  const shuffles = books.chain(({ items, lines }) =>
    fc.tuple(
      fc.constant({ items, lines }),
      fc.shuffledSubarray(items, { minLength: items.length }),
      fc.shuffledSubarray(lines, { minLength: lines.length }),
    ),
  );
  fc.assert(
    fc.property(shuffles, ([{ items, lines }, otherItems, otherLines]) => {
      expect(unordered(matchLines(otherLines, otherItems))).toEqual(unordered(matchLines(lines, items)));
    }),
    { numRuns: 200 },
  );
});

test('every line is matched once or left with a reason, and no item is used beyond what is open', () => {
  fc.assert(
    fc.property(books, ({ items, lines }) => {
      const { matches, unmatched } = matchLines(lines, items);
      const told = [...matches.flatMap((match) => match.lineIds), ...unmatched.map((each) => each.lineId)];
      expect(told.sort()).toEqual(lines.map((line) => line.id).sort());
      const used = new Map<string, bigint>();
      for (const { id, applied } of matches.flatMap((match) => match.items)) {
        used.set(id, (used.get(id) ?? 0n) + applied.minor);
      }
      const over = items.filter((item) => {
        const minor = used.get(item.id) ?? 0n;
        return size(minor) > size(item.open.minor) || minor * item.open.minor < 0n;
      });
      expect(over).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('what is applied and the difference add up to the lines', () => {
  fc.assert(
    fc.property(books, ({ items, lines }) => {
      const minor = new Map(lines.map((line) => [line.id, line.amount.minor]));
      for (const match of matchLines(lines, items).matches) {
        const paid = match.lineIds.reduce((sum, id) => sum + minor.get(id)!, 0n);
        const applied = match.items.reduce((sum, item) => sum + item.applied.minor, 0n);
        expect(applied + (match.difference?.minor ?? 0n)).toBe(paid);
        expect(match.items.length).toBeGreaterThan(0);
      }
    }),
    { numRuns: 300 },
  );
});

test('confidences are whole basis points, and each match says at least two things for itself', () => {
  fc.assert(
    fc.property(books, ({ items, lines }) => {
      for (const { confidence, evidence, rivals } of matchLines(lines, items).matches) {
        const scores = [
          confidence,
          ...evidence.map(({ score }) => score),
          ...rivals.map((each) => each.confidence),
        ];
        expect(scores.filter((score) => !Number.isInteger(score) || score < 0 || score > 10_000)).toEqual([]);
        expect(evidence.length).toBeGreaterThanOrEqual(2);
      }
    }),
    { numRuns: 200 },
  );
});

test('items of strangers change no match that a reference proved', () => {
  const strangers = fc.array(fc.record({ amount: amounts, day: fc.nat(60) }), {
    minLength: 1,
    maxLength: 15,
  });
  fc.assert(
    fc.property(books, strangers, ({ items, lines }, rows) => {
      const more = rows.map((row, index): MatchItem => ({
        id: `s${index}`,
        kind: row.amount < 0n ? 'payable' : 'receivable',
        issuedOn: addDays(start, row.day),
        open: money(row.amount, 'EUR'),
        reference: `ZX-77${1000 + index}-Q`,
        counterpartyName: `Ubiqum ${index}`,
        partyId: `s${index}`,
      }));
      const proved = (result: MatchResult) =>
        result.matches
          .filter((match) => match.method === 'reference' || match.method === 'several-references')
          .map((match) => [match.lineIds, match.items.map((item) => item.id), match.confidence]);
      expect(proved(matchLines(lines, [...items, ...more]))).toEqual(proved(matchLines(lines, items)));
    }),
    { numRuns: 200 },
  );
});
