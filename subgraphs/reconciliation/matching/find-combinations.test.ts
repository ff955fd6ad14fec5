import { expect, test } from 'vitest';
import { bankLine, openItem } from './fixtures.ts';
import { matchLines } from './match.ts';

const party = { party: 'p1', name: 'Karia Logistics GmbH', account: 'DE89370400440532013000' };
const line = bankLine({
  id: 'b1',
  on: '2026-03-20',
  amount: '1137.35',
  from: party.name,
  account: party.account,
});
const items = (amounts: readonly string[]) =>
  amounts.map((open, at) => openItem({ id: `i${at}`, on: '2026-03-10', open, ...party }));

test('combinations that differ in one of many items are suggested, with the others as rivals', () => {
  const equal = ['50.00', '50.00', '50.00'];
  const [match] = matchLines([line], items(['117.11', '213.07', '311.13', '446.04', ...equal])).matches;
  expect(match).toMatchObject({ method: 'combination', automatic: false });
  expect(match!.confidence).toBeLessThan(4_000);
  expect(match!.items.map(({ id }) => id)).toEqual(expect.arrayContaining(['i0', 'i1', 'i2', 'i3']));
  expect(match!.items).toHaveLength(5);
  expect(match!.rivals).toHaveLength(2);
});

test('combinations that have little in common stay with a person', () => {
  const amounts = ['500.00', '637.35', '500.01', '637.34', '500.02', '637.33'];
  const { matches, unmatched } = matchLines([line], items(amounts));
  expect(matches).toEqual([]);
  expect(unmatched[0]!.reason).toBe('AMBIGUOUS');
});
