import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTokenBuckets, type BucketSize } from './token-bucket.ts';

const sizes = fc.record({
  perSecond: fc.integer({ min: 1, max: 1000 }),
  burst: fc.integer({ min: 1, max: 5000 }),
});
const steps = fc.array(
  fc.record({ pause: fc.integer({ min: 0, max: 4000 }), amount: fc.integer({ min: 0, max: 6000 }) }),
  { maxLength: 60 },
);

function handMoved(capacity = 100) {
  let at = 1_000_000;
  const buckets = createTokenBuckets({ capacity, now: () => at });
  return {
    buckets,
    pass: (milliseconds: number) => (at += milliseconds),
    /** Takes when it can be had without waiting. */
    tryTake: (amount: number, size: BucketSize, key = 'a'): boolean => {
      if (buckets.waitFor(key, amount, size) > 0) return false;
      buckets.take(key, amount, size);
      return true;
    },
  };
}

test('a bucket lets through exactly what a counter filled little by little would', () => {
  fc.assert(
    fc.property(sizes, steps, (size, sequence) => {
      const { pass, tryTake } = handMoved();
      let level = size.burst;
      for (const { pause, amount } of sequence) {
        pass(pause);
        level = Math.min(size.burst, level + (pause * size.perSecond) / 1000);
        const wanted = Math.min(amount, size.burst);
        // Where both differ by a rounding only, either is right.
        if (Math.abs(level - wanted) < 1e-3) return;
        expect(tryTake(amount, size)).toBe(level >= wanted);
        if (level >= wanted) level -= wanted;
      }
    }),
  );
});

test('within any span no more passes than the burst and what the span refills', () => {
  fc.assert(
    fc.property(sizes, steps, (size, sequence) => {
      const { pass, tryTake } = handMoved();
      const passed: { at: number; amount: number }[] = [];
      let at = 0;
      for (const { pause, amount } of sequence) {
        pass(pause);
        at += pause;
        if (tryTake(amount, size)) passed.push({ at, amount: Math.min(amount, size.burst) });
      }
      for (const [index, first] of passed.entries()) {
        let together = 0;
        for (const one of passed.slice(index)) {
          together += one.amount;
          const refilled = ((one.at - first.at) * size.perSecond) / 1000;
          expect(together).toBeLessThanOrEqual(size.burst + refilled + 1e-3);
        }
      }
    }),
  );
});

test('after the wait that was told it passes, and a millisecond before it does not', () => {
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 6000 }), (size, amount) => {
      const { buckets, pass, tryTake } = handMoved();
      tryTake(size.burst, size);
      const wait = Math.ceil(buckets.waitFor('a', amount, size));
      pass(wait - 1);
      fc.pre(buckets.waitFor('a', amount, size) > 0);
      expect(tryTake(amount, size)).toBe(false);
      pass(1);
      expect(tryTake(amount, size)).toBe(true);
    }),
  );
});

test('keys do not share a bucket, and what is left is told', () => {
  const size = { perSecond: 10, burst: 100 };
  const { buckets, pass, tryTake } = handMoved();
  expect(tryTake(60, size)).toBe(true);
  expect(tryTake(100, size, 'b')).toBe(true);
  expect(buckets.state('a', size)).toEqual({ left: 40, fullInMs: 6000 });
  pass(1000);
  expect(buckets.state('a', size)).toEqual({ left: 50, fullInMs: 5000 });
  pass(60_000);
  expect(buckets.state('a', size)).toEqual({ left: 100, fullInMs: 0 });
});

test('a million keys are not a million numbers, and one in steady use is never forgotten among them', () => {
  const size = { perSecond: 1, burst: 100 };
  const { tryTake } = handMoved(100);
  expect(tryTake(100, size, 'busy')).toBe(true);
  const taken: boolean[] = [];
  for (let index = 0; index < 10_000; index += 1) {
    tryTake(1, size, `other ${index}`);
    if (index % 20 === 0) taken.push(tryTake(1, size, 'busy'));
  }
  expect(new Set(taken)).toEqual(new Set([false]));
});
