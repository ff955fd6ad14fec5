import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowsInView } from './virtual-window.ts';

const scrolled = fc.record({
  scrolled: fc.integer({ min: 0, max: 600_000 }),
  seen: fc.integer({ min: 1, max: 2000 }),
  rowHeight: fc.integer({ min: 20, max: 80 }),
  count: fc.integer({ min: 1, max: 10_000 }),
});

test('every row in view is drawn, and never more than a screen and a little to spare', () => {
  fc.assert(
    fc.property(scrolled, (view) => {
      const end = Math.max(0, view.count * view.rowHeight - view.seen);
      const at = Math.min(view.scrolled, end);
      const { first, last } = rowsInView({ ...view, scrolled: at });
      expect(first * view.rowHeight).toBeLessThanOrEqual(at);
      expect(Math.min(last * view.rowHeight, view.count * view.rowHeight)).toBeGreaterThanOrEqual(
        Math.min(at + view.seen, view.count * view.rowHeight),
      );
      expect(last - first).toBeLessThanOrEqual(Math.ceil(view.seen / view.rowHeight) + 4 * 8);
    }),
  );
});

test('scrolling by less than a few rows draws nothing new', () => {
  const view = { seen: 520, rowHeight: 52, count: 10_000 };
  expect(rowsInView({ ...view, scrolled: 52 * 800 })).toEqual(
    rowsInView({ ...view, scrolled: 52 * 800 + 40 }),
  );
});

test('an empty list has no rows', () => {
  expect(rowsInView({ scrolled: 0, seen: 500, rowHeight: 52, count: 0 })).toEqual({ first: 0, last: 0 });
});
