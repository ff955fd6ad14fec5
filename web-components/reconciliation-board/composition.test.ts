import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimalOf, minorOf } from '../base/amounts.ts';
import type { BoardItem, BoardLine } from './board.operations.ts';
import { balanceOf, paymentOf, shareOut, type Composition } from './composition.ts';

const euro = (minor: bigint) => ({ amount: decimalOf(minor, 2), currency: 'EUR' });

function lineOf(minor: bigint): BoardLine {
  return {
    id: `sl_${minor}`,
    bookedOn: '2026-11-03',
    counterpartyName: null,
    reference: null,
    remittance: '',
    status: 'UNMATCHED',
    amount: euro(minor),
    match: null,
    exception: null,
  };
}

function itemOf(id: string, minor: bigint): BoardItem {
  return {
    id,
    kind: 'PAYABLE',
    label: id,
    reference: id,
    counterpartyName: null,
    dueOn: null,
    amount: euro(minor),
    open: euro(minor),
  };
}

function composed(lines: readonly bigint[], items: readonly bigint[]): Composition {
  const start: Composition = { lines: lines.map(lineOf), shares: [], search: '', account: '' };
  return items.reduce((sum, minor, at) => shareOut(sum, itemOf(`oi_${at}`, minor)), start);
}

function typed(composition: Composition, at: number, text: string): Composition {
  const shares = composition.shares.map((share, index) => (index === at ? { ...share, typed: text } : share));
  return { ...composition, shares };
}

const cents = fc.bigInt({ min: 1n, max: 10n ** 9n });

test('whatever is taken, no share is more than is open, and together they are never more than the line', () => {
  fc.assert(
    fc.property(cents, fc.array(cents, { minLength: 1, maxLength: 8 }), fc.boolean(), (total, opens, out) => {
      const sign = out ? -1n : 1n;
      const composition = composed(
        [total * sign],
        opens.map((open) => open * sign),
      );
      const { rest, exceeded, faults } = balanceOf(composition);
      expect(exceeded).toBe(false);
      expect([...faults.values()].filter((fault) => fault === 'too much')).toEqual([]);
      const sum = opens.reduce((all, open) => all + open, 0n);
      expect(rest * sign).toBe(sum >= total ? 0n : total - sum);
    }),
  );
});

test('what is sent is the line to the cent, when nothing is left', () => {
  fc.assert(
    fc.property(cents, fc.array(cents, { minLength: 1, maxLength: 8 }), (total, opens) => {
      const composition = composed([total], opens);
      if (!balanceOf(composition).ready) return;
      const { applied, differenceAccountCode } = paymentOf(composition);
      expect(applied.reduce((sum, { amount }) => sum + minorOf(amount), 0n)).toBe(total);
      expect(differenceAccountCode).toBeUndefined();
    }),
  );
});

test('a credit note is taken in full and leaves more to be shared', () => {
  const composition = composed([8000n], [-2000n, 10_000n]);
  expect(balanceOf(composition).ready).toBe(true);
  expect(paymentOf(composition).applied.map(({ amount }) => amount.amount)).toEqual(['-20.00', '100.00']);
});

test('an amount is a size, with the sign of its item', () => {
  const composition = typed(composed([-9000n], [-4000n, -5000n]), 0, '40');
  expect(paymentOf(composition).applied[0]?.amount.amount).toBe('-40.00');
  expect(balanceOf(typed(composition, 0, '-40')).faults.get('oi_0')).toBe('no amount');
});

test('more than is open of an item, nothing, or what is no amount is a fault', () => {
  const composition = composed([9000n], [4000n, 5000n]);
  expect(balanceOf(typed(composition, 0, '40.01')).faults.get('oi_0')).toBe('too much');
  expect(balanceOf(typed(composition, 0, '0')).faults.get('oi_0')).toBe('no amount');
  expect(balanceOf(typed(composition, 0, 'forty')).faults.get('oi_0')).toBe('no amount');
});

test('shares that come to more than the line are told apart from what is left', () => {
  const composition = typed(composed([5000n], [4000n, 5000n]), 1, '50');
  expect(balanceOf(composition)).toMatchObject({ rest: -4000n, exceeded: true, ready: false });
  expect(balanceOf(composed([9000n], [4000n]))).toMatchObject({ rest: 5000n, exceeded: false, ready: false });
});

test('with an account for it, lines and shares may differ', () => {
  const composition = { ...typed(composed([58_800n], [60_000n]), 0, '600'), account: '4730' };
  expect(balanceOf(composition)).toMatchObject({ rest: -1200n, ready: true });
  expect(paymentOf(composition).differenceAccountCode).toBe('4730');
});

test('several lines are shared as one sum', () => {
  const composition = composed([50_000n, 70_000n], [120_000n]);
  expect(balanceOf(composition)).toMatchObject({ total: 120_000n, rest: 0n, ready: true });
});
