import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bandEdges,
  bandOf,
  calibrate,
  never,
  probabilityOf,
  provenShare,
  risingMeans,
  type Decided,
} from './calibrate.ts';

const goal = { target: 9950, shipped: 9700 };
const none = { confirmed: 0, stood: 0, declined: 0, undone: 0 };
const in_ = (band: number, counts: Partial<Decided>): Decided => ({ ...none, band, ...counts });

const count = fc.nat(400);
const history = fc.array(
  fc.record({
    band: fc.constantFrom(...bandEdges),
    confirmed: count,
    stood: count,
    declined: fc.nat(40),
    undone: fc.nat(40),
  }),
  { maxLength: 8 },
);

test('a book without a history goes by what the matcher comes with, and believes its word', () => {
  const calibration = calibrate([], goal);
  expect(calibration.automaticFrom).toBe(9700);
  for (let confidence = 0; confidence <= 10_000; confidence += 1)
    expect(probabilityOf(calibration, confidence)).toBe(confidence);
});

test('one match taken back is chance, three without others are a reason to ask, and confirmations bring it back', () => {
  const from = (counts: Partial<Decided>) => calibrate([in_(9950, counts)], goal).automaticFrom;
  expect(from({ undone: 1 })).toBe(9700);
  expect(from({ undone: 3 })).toBe(never);
  expect(from({ undone: 3, confirmed: 100 })).toBe(never);
  expect(from({ undone: 3, confirmed: 600 })).toBe(9700);
  expect(from({ undone: 3, stood: 600 })).toBe(9700);
});

test('mistakes in one band raise the threshold above it, and no further', () => {
  const { automaticFrom, reason } = calibrate([in_(9700, { undone: 9 }), in_(9950, { stood: 300 })], goal);
  expect(automaticFrom).toBe(9800);
  expect(reason).toContain('300 of 309');
});

test('below what the matcher comes with only the own history of the book counts, band by band', () => {
  const from = (...bands: Decided[]) => calibrate(bands, goal).automaticFrom;
  // All right, 95 % sure of 99.5 %: 2.706 * 0.995 / 0.005 = 539 matches.
  expect(from(in_(9600, { confirmed: 538 }))).toBe(9700);
  expect(from(in_(9600, { confirmed: 539 }))).toBe(9600);
  expect(from(in_(9600, { confirmed: 600 }), in_(9500, { confirmed: 600 }))).toBe(9500);
  // A wrong tenth below is not made up for by many above.
  expect(from(in_(9600, { confirmed: 5000 }), in_(9500, { confirmed: 90, declined: 10 }))).toBe(9600);
  expect(from(in_(9500, { confirmed: 5000 }))).toBe(9700);
});

test('whatever the target, a book without mistakes is no more careful than the matcher comes', () => {
  fc.assert(
    fc.property(history, fc.integer({ min: 5000, max: 9998 }), (decided, target) => {
      const right = [
        ...new Map(decided.map((one) => [one.band, { ...one, declined: 0, undone: 0 }])).values(),
      ];
      expect(calibrate(right, { ...goal, target }).automaticFrom).toBeLessThanOrEqual(goal.shipped);
    }),
  );
});

test('whatever the history, probabilities lie within bounds and rise with confidence', () => {
  fc.assert(
    fc.property(history, (decided) => {
      const calibration = calibrate([...new Map(decided.map((one) => [one.band, one])).values()], goal);
      let before = 0;
      for (let confidence = 0; confidence <= 10_000; confidence += 50) {
        const chance = probabilityOf(calibration, confidence);
        expect(chance).toBeGreaterThanOrEqual(before);
        expect(chance).toBeLessThanOrEqual(10_000);
        before = chance;
      }
    }),
  );
});

test('more confirmations never make a book more careful, more mistakes never less', () => {
  fc.assert(
    fc.property(history, fc.constantFrom(...bandEdges.filter((edge) => edge >= 9700)), (decided, band) => {
      const bands = new Map<number, Decided>(decided.map((one) => [one.band, one]));
      const base = bands.get(band) ?? in_(band, {});
      const from = (changed: Decided) =>
        calibrate([...new Map(bands).set(band, changed).values()], goal).automaticFrom;
      const now = from(base);
      expect(from({ ...base, undone: base.undone + 5 })).toBeGreaterThanOrEqual(now);
      // Within the band where they fall; a higher band may have been the only one left before.
      expect(from({ ...base, confirmed: base.confirmed + 500 })).toBeLessThanOrEqual(
        Math.max(now, goal.shipped),
      );
    }),
  );
});

test('the rising means keep the weighted sum and are the means where those rise already', () => {
  const points = fc.array(
    fc.record({ mean: fc.integer({ min: 0, max: 10_000 }), weight: fc.integer({ min: 1, max: 500 }) }),
    { minLength: 1, maxLength: 20 },
  );
  fc.assert(
    fc.property(points, (list) => {
      const fitted = risingMeans(list);
      expect(fitted).toEqual(fitted.toSorted((a, b) => a - b));
      const sum = (values: readonly number[]) =>
        values.reduce((total, value, at) => total + value * list[at]!.weight, 0);
      expect(sum(fitted)).toBeCloseTo(sum(list.map(({ mean }) => mean)), 3);
      const sorted = list.toSorted((a, b) => a.mean - b.mean);
      expect(risingMeans(sorted)).toEqual(sorted.map(({ mean }) => mean));
    }),
  );
});

test('what is proven is less than what was seen, and comes near it with many', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat(5000), (all, some) => {
      const right = some % (all + 1);
      expect(provenShare(right, all)).toBeLessThanOrEqual(right / all);
      expect(provenShare(right * 100, all * 100)).toBeGreaterThanOrEqual(provenShare(right, all) - 1e-9);
    }),
  );
  expect(provenShare(0, 0)).toBe(0);
  expect(provenShare(0, 2_891)).toBe(0);
  expect(bandOf(10_000)).toBe(9950);
  expect(bandOf(9699)).toBe(9600);
});
