import { expect, test } from 'vitest';
import { matchRows } from './crossfoot-matcher.ts';
import { makeBook } from './make-book.ts';
import type { PredictionRow, TruthRow } from './rows.ts';
import { score } from './score.ts';
import { checkStability, type BookMatcher } from './stability.ts';

const group = (kind: string, bank: string[], items: Record<string, number>): TruthRow => ({
  group: bank.join('-'),
  kind,
  bank,
  items: Object.entries(items).map(([id, applied]) => ({ id, applied })),
});

const truth = [
  group('named', ['b1'], { i1: 100 }),
  group('named', ['b2'], { i2: 200 }),
  group('several-items', ['b3'], { i3: 300, i4: 400 }),
  group('several-to-several', ['b4', 'b5'], { i5: 500, i6: 600 }),
  group('bank-charge', ['b6'], {}),
];

const match = (bank: string[], items: Record<string, number>, confidence = 1): PredictionRow => ({
  bank,
  items: Object.entries(items).map(([id, applied]) => ({ id, applied })),
  confidence,
  automatic: confidence >= 0.9,
});

const perfect = truth
  .filter((row) => row.items.length > 0)
  .map(({ bank, items }) => ({ bank, items, confidence: 0.9, automatic: true }));

test('the truth itself scores one everywhere', () => {
  expect(score(truth, perfect)).toMatchObject({
    lines: 6,
    matchable: 5,
    pairs: { precision: 1, recall: 1, f1: 1 },
    lineExact: 1,
    predictedLines: 5,
    linePrecision: 1,
    automaticAt995: 1,
    threshold: 0.9,
    claimed: { rate: 1, precision: 1 },
    severalToSeveral: { groups: 1, right: 1 },
    appliedError: { items: 6, wrong: 0, minor: 0 },
  });
});

test('no prediction at all is right about the lines that settle nothing', () => {
  expect(score(truth, [])).toMatchObject({
    pairs: { precision: 0, recall: 0, f1: 0 },
    lineExact: 0.1667,
    automaticAt995: 0,
    threshold: null,
    appliedError: { items: 0, minor: null },
  });
});

test('pairs count each line with each of its items once', () => {
  const found = score(truth, [
    match(['b3'], { i3: 300, i9: 1 }),
    match(['b3'], { i3: 300 }),
    match(['b6'], { i1: 1 }),
  ]);
  // One of three claimed pairs is right, of eight there are.
  expect(found.pairs).toEqual({ precision: 0.3333, recall: 0.125, f1: 0.1818 });
  expect(found.lineExact).toBe(0);
});

test('a line with one item too many or too few is not right', () => {
  expect(score(truth, [match(['b3'], { i3: 300 })]).kinds['several-items']).toMatchObject({
    right: 0,
    predicted: 1,
  });
  const more = score(truth, [match(['b1'], { i1: 100, i2: 200 })]);
  expect(more.kinds['named']).toMatchObject({ lines: 2, right: 0, automatic: 1, automaticRight: 0 });
});

test('the automatic rate stops above the confidence at which too much is wrong', () => {
  const right = [match(['b1'], { i1: 100 }, 0.99), match(['b2'], { i2: 200 }, 0.95)];
  const wrong = match(['b3'], { i9: 1 }, 0.93);
  expect(score(truth, [...right, wrong, match(['b4', 'b5'], { i5: 500, i6: 600 }, 0.5)])).toMatchObject({
    automaticAt995: 0.4,
    threshold: 0.95,
    claimed: { rate: 0.6, precision: 0.6667 },
  });
  // Lines of one confidence come together: a wrong one among them spoils all.
  expect(score(truth, [match(['b1'], { i1: 100 }, 0.9), match(['b2'], { i9: 1 }, 0.9)]).automaticAt995).toBe(
    0,
  );
});

test('several lines for several items are right only when every line is', () => {
  const half = score(truth, [match(['b4'], { i5: 500, i6: 600 })]);
  expect(half.severalToSeveral).toEqual({ groups: 1, right: 0 });
  const apart = [match(['b4'], { i5: 500, i6: 100 }), match(['b5'], { i5: 0, i6: 500 })];
  expect(score(truth, apart)).toMatchObject({
    severalToSeveral: { right: 1 },
    appliedError: { items: 2, wrong: 0, minor: 0 },
  });
});

test('what is applied is held against the truth in minor units, over all parts of an item', () => {
  expect(score(truth, [match(['b1'], { i1: 97 }), match(['b3'], { i3: 300, i4: 401 })]).appliedError).toEqual(
    {
      items: 3,
      wrong: 2,
      minor: 4,
    },
  );
});

test('a prediction for a line the book does not have is an error', () => {
  expect(() => score(truth, [match(['b9'], { i1: 100 })])).toThrow('b9');
});

const book = makeBook({ seed: 4, lines: 400, profile: 'medium', dialect: 'anglo' });

/** Takes the first item of the amount in the order in which items come. */
const firstOfAmount: BookMatcher = ({ lines, items }) => {
  const byAmount = new Map(items.toReversed().map((item) => [item.amount, item]));
  return lines.flatMap(({ id, amount }) => {
    const item = byAmount.get(amount);
    return item ? [match([id], { [item.id]: amount })] : [];
  });
};

/** Takes the item whose number comes last in the whole book, whatever the line. */
const lastNumber: BookMatcher = ({ lines, items }) => {
  const [last] = items.toSorted((a, b) => (a.ref < b.ref ? 1 : -1));
  return [match([lines.map(({ id }) => id).toSorted()[0]!], { [last!.id]: 1 })];
};

test('a matcher that depends on order, or on items of strangers, is found out', () => {
  expect(checkStability(book, firstOfAmount).changedByOrder).toBeGreaterThan(0);
  expect(checkStability(book, lastNumber)).toEqual({ changedByOrder: 0, changedByStrangers: 1 });
});

test('our matcher depends on neither, and takes nothing wrong without asking that names its item', () => {
  expect(checkStability(book, matchRows)).toEqual({ changedByOrder: 0, changedByStrangers: 0 });
  const { named } = score(book.truth, matchRows(book)).kinds;
  expect(named!.automaticRight).toBe(named!.automatic);
  expect(named!.right).toBeGreaterThan(0.98 * named!.lines);
});
