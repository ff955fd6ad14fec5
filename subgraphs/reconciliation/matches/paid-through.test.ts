import { describe, expect, test } from 'vitest';
import { paidThroughOf, type SettledItem } from './paid-through.ts';

const items = (times: number, item: Partial<SettledItem>): SettledItem[] =>
  Array.from({ length: times }, () => ({
    controlAccountCode: '1400',
    partyKey: null,
    byPayout: true,
    ...item,
  }));

describe('what comes through a provider of payments', () => {
  test('is an account of which a provider paid nearly all, once that is a habit', () => {
    const card = { controlAccountCode: '1361' };
    const codes = (settled: readonly SettledItem[]) => [...paidThroughOf(settled).controlAccountCodes];
    expect(codes(items(19, card))).toEqual([]);
    expect(codes(items(20, card))).toEqual(['1361']);
    expect(codes([...items(20, card), ...items(2, { ...card, byPayout: false })])).toEqual([]);
    expect(codes([...items(40, card), ...items(2, { ...card, byPayout: false })])).toEqual(['1361']);
    expect(codes([...items(40, card), ...items(60, { byPayout: false })])).toEqual(['1361']);
  });

  test('is a party that always pays so, whatever account its items are on', () => {
    const parties = (settled: readonly SettledItem[]) => [...paidThroughOf(settled).partyKeys];
    const settled = [
      ...items(5, { partyKey: 'by card' }),
      ...items(4, { partyKey: 'too few' }),
      ...items(9, { partyKey: 'both' }),
      ...items(1, { partyKey: 'both', byPayout: false }),
    ];
    expect(parties(settled)).toEqual(['by card']);
  });

  test('is nothing where nothing is settled', () => {
    expect(paidThroughOf([])).toEqual({ controlAccountCodes: new Set(), partyKeys: new Set() });
  });
});
