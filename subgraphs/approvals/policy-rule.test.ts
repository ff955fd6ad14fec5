import fc from 'fast-check';
import { expect, test } from 'vitest';
import { money } from '#kernel/money';
import { requiredLevels, type PolicyLevel } from './policy-rule.ts';

const eur = (minor: bigint) => money(minor, 'EUR');
const policy: PolicyLevel[] = [
  { level: 1, above: [eur(50_000n), money(40_000n, 'GBP')] },
  { level: 2, above: [eur(1_000_000n), money(900_000n, 'GBP')] },
];
const sure = 9_900;

test.each([
  ['at the limit nobody is asked', eur(50_000n), 0],
  ['a cent above it one level is', eur(50_001n), 1],
  ['above the second limit two levels are', eur(1_000_001n), 2],
  ['a credit counts by its size', eur(-60_000n), 1],
  ['each currency has its own limits', money(40_001n, 'GBP'), 1],
  ['a currency without limits asks every level', money(1n, 'USD'), 2],
])('%s', (_title, total, levels) => {
  expect(requiredLevels(policy, { total, confidence: sure }).levels).toBe(levels);
});

test('a small but doubtful booking is looked at', () => {
  expect(requiredLevels(policy, { total: eur(100n), confidence: 3_000 })).toEqual({
    levels: 1,
    reason: 'The booking is only 30 % sure, so somebody should look at it.',
  });
});

test('without a policy somebody must approve', () => {
  expect(requiredLevels(undefined, { total: eur(1n), confidence: sure }).levels).toBe(1);
});

test('a larger amount never needs fewer levels', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 10n ** 12n), fc.bigInt(0n, 10n ** 12n), (a, b) => {
      const [less, more] = a < b ? [a, b] : [b, a];
      const levels = (minor: bigint) =>
        requiredLevels(policy, { total: eur(minor), confidence: sure }).levels;
      expect(levels(less)).toBeLessThanOrEqual(levels(more));
    }),
  );
});
