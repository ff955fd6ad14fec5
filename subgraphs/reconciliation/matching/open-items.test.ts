import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openBook } from './book.ts';
import { openItem } from './fixtures.ts';
import { OpenItems } from './open-items.ts';

const fields = fc.record({
  party: fc.constantFrom('one', 'two'),
  day: fc.integer({ min: 10, max: 28 }),
  minor: fc.constantFrom(100, 200, 300, -200),
  /** How much of it is paid, and whether by a processor. */
  paid: fc.constantFrom(0, 0, 100, 200, 300),
  byCard: fc.boolean(),
});

test('what is open of a party is found by day and by amount while items are paid', () => {
  fc.assert(
    fc.property(fc.array(fields, { maxLength: 40 }), (rows) => {
      const items = rows.map(({ party, day, minor, byCard }, at) => ({
        ...openItem({
          id: `I${100 + at}`,
          on: `2026-01-${day}`,
          open: `${minor < 0 ? '-' : ''}${Math.abs(minor) / 100}`,
          party,
        }),
        ...(byCard ? { through: 'processor' as const } : {}),
      }));
      const book = openBook([], items);
      const open = new OpenItems(book);
      for (const node of book.items) {
        const { paid, minor } = rows[Number(node.item.id.slice(1)) - 100]!;
        if (paid === 0 || Math.abs(minor) < paid) continue;
        node.remaining -= BigInt(Math.sign(minor) * paid);
        open.paid(node);
        for (const party of new Set(book.items.map((each) => each.party))) {
          const all = book.items.filter(
            (each) => each.party === party && !each.item.through && each.remaining !== 0n,
          );
          expect(open.of(party)).toEqual(all);
          expect(open.equal(party, 'EUR', 100n)).toEqual(all.filter(({ remaining }) => remaining === 100n));
          const days = all.filter(({ day }) => day >= node.day - 2 && day <= node.day + 3);
          expect(open.between(party, node.day - 2, node.day + 3)).toEqual(days);
        }
      }
    }),
  );
});
