import { expect, test } from 'vitest';
import { parseMoney } from '#kernel/money';
import { evidenceOf } from './evidence-of.ts';

const left = { lineId: 'bl_1', detail: 'x', relatedLineIds: [] };
const seen = (open: string, currency = 'EUR') => ({
  itemId: 'oi_1',
  label: 'INV-7',
  open: parseMoney(open, currency),
  score: 9_000,
  reason: 'It has another amount.',
});
const paid = parseMoney('-80.00', 'EUR');

test('the difference is what was paid less what is open, where both can be compared', () => {
  const differs = { ...left, reason: 'AMOUNT_DIFFERS' as const };
  expect(evidenceOf(paid, { ...differs, considered: [seen('-50.00')] })).toEqual({
    difference: { minor: '-3000', currency: 'EUR' },
    candidates: [
      {
        openItemId: 'oi_1',
        label: 'INV-7',
        open: { minor: '-5000', currency: 'EUR' },
        score: 9_000,
        reason: 'It has another amount.',
      },
    ],
  });
  expect(evidenceOf(paid, { ...differs, considered: [seen('-50.00', 'USD')] })).not.toHaveProperty(
    'difference',
  );
  const none = evidenceOf(paid, { ...left, reason: 'NO_CANDIDATE', considered: [seen('-50.00')] });
  expect(none).not.toHaveProperty('difference');
});

test('lines the reason speaks of are kept, and nothing where there is nothing', () => {
  expect(evidenceOf(paid, { ...left, reason: 'RETURNED', relatedLineIds: ['bl_2'] })).toEqual({
    relatedLineIds: ['bl_2'],
  });
  expect(evidenceOf(paid, { ...left, reason: 'NO_CANDIDATE' })).toEqual({});
});
