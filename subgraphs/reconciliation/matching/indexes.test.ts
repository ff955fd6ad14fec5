import fc from 'fast-check';
import { expect, test } from 'vitest';
import { money } from '#kernel/money';
import { AmountIndex } from './amount-index.ts';
import { KeyIndex } from './key-index.ts';

test('a key has the places that were added to it and no others, the last one first', () => {
  const keys = fc.oneof(fc.constantFrom('', '1', '11', '111', 'RE2026', 'ÄÖ漢'), fc.string({ maxLength: 9 }));
  fc.assert(
    fc.property(fc.array(keys, { maxLength: 60 }), keys, (added, other) => {
      const index = new KeyIndex(0);
      for (const [place, key] of added.entries()) index.add(key, place);
      for (const key of [...added, other]) {
        const places = [...added.keys()].filter((place) => added[place] === key).toReversed();
        expect(index.placesOf(key)).toEqual(places);
      }
    }),
  );
});

test('thousands of keys stay apart as the index grows', () => {
  const keyOf = (place: number) => `INV${place % 15_000}`;
  const index = new KeyIndex(0);
  for (let place = 0; place < 20_000; place += 1) index.add(keyOf(place), place);
  expect(index.placesOf('INV4999')).toEqual([19_999, 4_999]);
  expect(index.placesOf('INV14999')).toEqual([14_999]);
  expect(index.placesOf('INV15000')).toEqual([]);
});

test('an amount has its holders in the order given, by currency and beyond 2^53 exactly', () => {
  const large = 2n ** 53n;
  const amounts = fc.record({
    minor: fc.constantFrom(0n, 1n, -1n, 990n, large, large + 1n, -large - 1n),
    currency: fc.constantFrom('EUR', 'USD', 'JPY'),
  });
  fc.assert(
    fc.property(fc.array(amounts, { maxLength: 80 }), (rows) => {
      const nodes = rows.map(({ minor, currency }) => ({ currency, item: { open: money(minor, currency) } }));
      const index = new AmountIndex(
        nodes,
        rows.map(({ minor }) => Number(minor)),
      );
      for (const { minor, currency } of [...rows, { minor: 5n, currency: 'EUR' }]) {
        const same = nodes.filter((node) => node.currency === currency && node.item.open.minor === minor);
        const found = index.get(currency, minor);
        expect(found).toHaveLength(same.length);
        expect(found.every((node, at) => node === same[at])).toBe(true);
        expect(index.count(currency, minor)).toBe(same.length);
      }
    }),
  );
});
