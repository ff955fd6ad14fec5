import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calendarDate } from '#kernel/calendar';
import { money, type Money } from '#kernel/money';
import { pairPayouts, type ExpectedPayout, type PayoutLine } from './pair-payouts.ts';
import { splitPayout, type SettledMember } from './split-payout.ts';

const eur = (minor: number | bigint): Money => money(BigInt(minor), 'EUR');

function payout(id: string, minor: number, more: Partial<ExpectedPayout> = {}): ExpectedPayout {
  return {
    id,
    provider: 'STRIPE',
    reference: id,
    amount: eur(minor),
    keys: [],
    arrivesOn: calendarDate('2026-03-05'),
    ...more,
  };
}

function line(id: string, minor: number, more: Partial<PayoutLine> = {}): PayoutLine {
  return {
    id,
    bookedOn: calendarDate('2026-03-06'),
    amount: eur(minor),
    references: [],
    text: 'STRIPE PAYOUT',
    ...more,
  };
}

const brief = (pairs: ReturnType<typeof pairPayouts>) =>
  pairs.map(({ payoutId, lineId, certain }) => `${payoutId} ${lineId}${certain ? '' : ' ?'}`);

describe('pairing', () => {
  test('amount, days and the name of the provider make a payout certain', () => {
    expect(brief(pairPayouts([payout('a', 100)], [line('1', 100), line('2', 99)]))).toEqual(['a 1']);
  });

  test('without the name of the provider a person has to agree', () => {
    expect(brief(pairPayouts([payout('a', 100)], [line('1', 100, { text: 'Transfer' })]))).toEqual(['a 1 ?']);
  });

  test.each(['2026-03-02', '2026-03-14'])('a line of %s is too far from the day it was expected', (day) => {
    expect(pairPayouts([payout('a', 100)], [line('1', 100, { bookedOn: calendarDate(day) })])).toEqual([]);
  });

  test('a line that names a payout is it, and another amount is for a person', () => {
    const named = payout('a', 100, { keys: ['TX635094301XT'] });
    const text = 'TX635094301XT batch 380';
    expect(brief(pairPayouts([named, payout('b', 100)], [line('1', 100, { text }), line('2', 100)]))).toEqual(
      ['a 1', 'b 2'],
    );
    const [pair] = pairPayouts([named], [line('1', 98, { text })]);
    expect(pair).toMatchObject({ certain: false, difference: eur(-2) });
  });

  test('equal payouts within the same days are told apart by nobody but a person', () => {
    const pairs = pairPayouts([payout('a', 100), payout('b', 100)], [line('1', 100), line('2', 100)]);
    expect(brief(pairs)).toEqual(['a 1 ?', 'b 2 ?']);
    expect(pairs[0]?.rivals.length).toBeGreaterThan(0);
  });

  test('what was declined does not come back, nor what moves money the other way', () => {
    expect(pairPayouts([payout('a', 100)], [line('1', 100)], new Map([['1', new Set(['a'])]]))).toEqual([]);
    expect(pairPayouts([payout('a', -100)], [line('1', 100)])).toEqual([]);
  });
});

describe('splitting', () => {
  const member = (
    kind: string,
    [gross, fee]: readonly [number, number],
    more: Partial<SettledMember> = {},
  ): SettledMember => ({ kind, gross: eur(gross), fee: eur(fee), fees: [], ...more });
  const told = (members: SettledMember[], open: Record<string, Money> = {}) => {
    const { items, parts } = splitPayout(members, new Map(Object.entries(open)));
    return {
      items: items.map(({ id, applied }) => `${id} ${applied.minor} ${applied.currency}`),
      parts: parts.map(({ kind, amount, count }) => `${kind} ${amount.minor} x${count}`),
    };
  };

  test('what pays an item settles it, the rest is summed up by kind', () => {
    const members = [
      member('CHARGE', [11_900, -199], { openItemId: 'i1' }),
      member('CHARGE', [5_000, -100]),
      member('REFUND', [-1_000, 0]),
      member('FEE', [-247, 0]),
    ];
    expect(told(members, { i1: eur(11_900) })).toEqual({
      items: ['i1 11900 EUR'],
      parts: ['FEE -546 x3', 'CHARGE 5000 x1', 'REFUND -1000 x1'],
    });
  });

  test('an item is paid in part, and never beyond what is open of it', () => {
    expect(told([member('CHARGE', [4_000, 0], { openItemId: 'i1' })], { i1: eur(11_900) }).items).toEqual([
      'i1 4000 EUR',
    ]);
    const twice = [
      member('CHARGE', [8_000, 0], { openItemId: 'i1' }),
      member('CHARGE', [8_000, 0], { openItemId: 'i1' }),
    ];
    expect(told(twice, { i1: eur(11_900) })).toEqual({ items: ['i1 11900 EUR'], parts: ['CHARGE 4100 x1'] });
  });

  test('tax on a fee is told apart from the fee', () => {
    const fees = [{ kind: 'TAX', amount: eur(-38) }];
    expect(told([member('CHARGE', [10_000, -238], { fees })]).parts).toEqual([
      'TAX -38 x1',
      'FEE -200 x1',
      'CHARGE 10000 x1',
    ]);
  });

  test('an item in the currency of the customer is settled in it', () => {
    const original = money(11_000n, 'USD');
    const open = { i1: original };
    expect(told([member('CHARGE', [10_000, -200], { openItemId: 'i1', original })], open)).toEqual({
      items: ['i1 11000 USD'],
      parts: ['FEE -200 x1'],
    });
    const other = { openItemId: 'i1', original: money(10_999n, 'USD') };
    expect(told([member('CHARGE', [10_000, 0], other)], open).items).toEqual([]);
  });

  test('items and parts always add up to the members', () => {
    const kinds = ['CHARGE', 'REFUND', 'FEE', 'CHARGEBACK', 'RESERVE', 'CONVERSION'];
    const amount = fc.integer({ min: -20_000, max: 20_000 });
    const members = fc.array(
      fc.record({
        kind: fc.constantFrom(...kinds),
        gross: amount,
        fee: amount,
        tax: amount,
        item: fc.constantFrom('a', 'b', ''),
      }),
    );
    fc.assert(
      fc.property(members, amount, amount, (list, a, b) => {
        const all = list.map(({ kind, gross, fee, tax, item }) =>
          member(kind, [gross, fee], {
            ...(item === '' ? {} : { openItemId: item }),
            fees: [{ kind: 'TAX', amount: eur(tax) }],
          }),
        );
        const open = new Map([
          ['a', eur(a)],
          ['b', eur(b)],
        ]);
        const { items, parts } = splitPayout(all, open);
        const net = all
          .filter(({ kind }) => kind !== 'CONVERSION')
          .reduce((sum, one) => sum + one.gross.minor + one.fee.minor, 0n);
        const split = [...items.map(({ applied }) => applied), ...parts.map((part) => part.amount)];
        expect(split.reduce((sum, { minor }) => sum + minor, 0n)).toBe(net);
        for (const { id, applied } of items) {
          const whole = open.get(id)?.minor ?? 0n;
          expect(applied.minor > 0n === whole > 0n && applied.minor ** 2n <= whole ** 2n).toBe(true);
        }
      }),
    );
  });
});
