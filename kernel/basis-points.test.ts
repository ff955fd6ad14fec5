import { expect, test } from 'vitest';
import { fraction } from './basis-points.ts';

test('basis points are written with four digits, zeros included', () => {
  expect([0, 5, 8_550, 9_999, 10_000].map(fraction)).toEqual([
    '0.0000',
    '0.0005',
    '0.8550',
    '0.9999',
    '1.0000',
  ]);
});
