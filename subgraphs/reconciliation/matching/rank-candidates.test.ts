import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bankLine, openItem } from './fixtures.ts';
import { rankCandidates } from './rank-candidates.ts';

const line = bankLine({
  id: 'l',
  on: '2026-03-10',
  amount: '300.00',
  from: 'Nordlicht Hosting GmbH',
  text: 'RE-2026-1001',
});
const item = (id: string, open: string, more: Partial<Parameters<typeof openItem>[0]> = {}) =>
  openItem({ id, on: '2026-03-01', open, name: 'Nordlicht Hosting', ...more });

const ranked = (items: ReturnType<typeof openItem>[], most?: number) =>
  rankCandidates(line, items, most).map(({ items: used }) => used.map(({ id }) => id).join('+'));

test('what the payment names comes before what has its amount, and that before what is only the same party', () => {
  const named = item('named', '310.00', { reference: 'RE-2026-1001' });
  const equal = item('equal', '300.00', { reference: 'RE-2026-1002', name: 'Somebody Else' });
  const party = item('party', '900.00', { reference: 'RE-2026-1003' });
  const stranger = item('stranger', '17.00', { name: 'Somebody Else' });
  expect(ranked([party, stranger, equal, named])).toEqual(['named', 'equal', 'party']);
});

test('items that add up are offered together, with the items and what is applied of each', () => {
  const [first] = rankCandidates(line, [item('a', '100.00'), item('b', '200.00'), item('c', '50.00')]);
  expect(first?.items.map(({ id, applied }) => [id, applied.minor])).toEqual([
    ['a', 10000n],
    ['b', 20000n],
  ]);
  expect(first?.reason).toContain('no others of the party do');
});

test('a part of an item is applied as a part; too much is told as a difference', () => {
  const [part] = rankCandidates(line, [item('a', '400.00')]);
  expect(part).toMatchObject({ items: [{ applied: { minor: 30000n } }] });
  expect(part).not.toHaveProperty('difference');
  const [over] = rankCandidates(line, [item('b', '299.00', { reference: 'RE-2026-1001' })]);
  expect(over).toMatchObject({ items: [{ applied: { minor: 29900n } }], difference: { minor: 100n } });
});

test('money out is not offered what money in pays, nor another currency that is not named', () => {
  expect(ranked([item('out', '-300.00'), item('usd', '300.00', { currency: 'USD', name: 'X' })])).toEqual([]);
  expect(ranked([item('usd', '330.00', { currency: 'USD', reference: 'RE-2026-1001' })])).toEqual(['usd']);
});

test('whatever the items and their order: sorted, no more than asked for, nothing applied beyond what is open', () => {
  const items = fc.array(
    fc.record({
      amount: fc.integer({ min: 1, max: 60_000 }),
      reference: fc.constantFrom(undefined, 'RE-2026-1001', 'RE-2026-1099'),
      name: fc.constantFrom('Nordlicht Hosting', 'Other'),
    }),
    { maxLength: 18 },
  );
  fc.assert(
    fc.property(items, fc.integer({ min: 1, max: 12 }), (list, most) => {
      const all = list.map(({ amount, ...more }, at) =>
        item(`i${at}`, `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, '0')}`, more),
      );
      const found = rankCandidates(line, all, most);
      expect(rankCandidates(line, all.toReversed(), most)).toEqual(found);
      expect(found.length).toBeLessThanOrEqual(most);
      const open = new Map(all.map((one) => [one.id, one.open.minor]));
      for (const [at, one] of found.entries()) {
        expect(one.score).toBeLessThanOrEqual(found[at - 1]?.score ?? 10_000);
        const applied = one.items.reduce((sum, use) => sum + use.applied.minor, 0n);
        expect(applied + (one.difference?.minor ?? 0n)).toBe(30000n);
        for (const use of one.items) expect(use.applied.minor).toBeLessThanOrEqual(open.get(use.id) ?? 0n);
      }
    }),
  );
});
