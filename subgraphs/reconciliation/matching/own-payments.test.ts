import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newId } from '#kernel/ids';
import { money } from '#kernel/money';
import {
  matchOwnPayments,
  paymentIdOf,
  paymentIdsIn,
  type OwnPayment,
  type PaymentSighting,
} from './own-payments.ts';
import { keysOfReference, readReferences } from './references.ts';

const eur = (minor: number) => money(BigInt(minor), 'EUR');
const batchId = `${paymentIdOf('P', newId('po'))}-1`;

function payment(name: string, minor: number, more: Partial<OwnPayment> = {}): OwnPayment {
  const endToEndId = paymentIdOf('E', newId('pml'));
  return { endToEndId, batchId, openItemId: name, pays: eur(-minor), settles: eur(-minor), ...more };
}

const line = (id: string, minor: number, ...texts: string[]): PaymentSighting => ({
  id,
  bankAccountId: 'ba',
  amount: eur(minor),
  texts,
});

const found = (lines: PaymentSighting[], payments: OwnPayment[]) =>
  matchOwnPayments(lines, payments).map(({ lineIds, items, difference }) => [
    lineIds.join('+'),
    items.map(({ id, applied }) => `${id}=${applied.minor}`).join(' '),
    difference?.minor,
  ]);

test('an id of ours is found in whatever way a bank writes it down', () => {
  const id = paymentIdOf('E', newId('pml'));
  expect(id).toHaveLength(27);
  const ways = [
    id,
    `EREF+${id}SVWZ+INV-7`,
    `${id.slice(0, 12)}\n${id.slice(12)}`,
    id.toLowerCase(),
    `/EREF/${id}/`,
  ];
  for (const text of ways) expect(paymentIdsIn([text]).map((each) => each.slice(0, 27))).toEqual([id]);
  expect(paymentIdsIn([`Sammler ${batchId}`])).toEqual([batchId]);
  expect(paymentIdsIn(['EREF+NOTPROVIDED INV-2026-0042 DE89370400440532013000'])).toEqual([]);
  expect(readReferences([id]).keys).toContain(keysOfReference(id)[0]);
});

test('a line settles exactly what the payment it names was for, the discount beside it', () => {
  const [a, b] = [payment('a', 10_000), payment('b', 9_800, { settles: eur(-10_000) })];
  expect(found([line('1', -10_000, `x ${a.endToEndId}`), line('2', -9_800, b.endToEndId)], [a, b])).toEqual([
    ['1', 'a=-10000', undefined],
    ['2', 'b=-10000', 200n],
  ]);
});

test('one line for a whole batch settles all of it, named by the batch or by each payment', () => {
  const [a, b] = [payment('a', 10_000), payment('b', 500)];
  const both = [['1', 'a=-10000 b=-500', undefined]];
  expect(found([line('1', -10_500, batchId)], [a, b])).toEqual(both);
  expect(found([line('1', -10_500, b.endToEndId, a.endToEndId, batchId)], [a, b])).toEqual(both);
});

test('a line that names ours and differs in amount, currency or direction is left alone', () => {
  const a = payment('a', 10_000);
  expect(found([line('1', -9_999, a.endToEndId)], [a])).toEqual([]);
  expect(found([line('1', 10_000, a.endToEndId)], [a])).toEqual([]);
  expect(found([{ ...line('1', 0, a.endToEndId), amount: money(-10_000n, 'USD') }], [a])).toEqual([]);
  expect(found([line('1', -10_000, a.endToEndId), line('2', -10_000, a.endToEndId)], [a])).toHaveLength(1);
});

test('of a batch that came back in part, the rest is settled by both lines together', () => {
  const [a, b] = [payment('a', 10_000, { returnedBy: '2' }), payment('b', 500)];
  const lines = [line('1', -10_500, batchId), line('2', 10_000, a.endToEndId)];
  expect(found(lines, [a, b])).toEqual([['1+2', 'b=-500', undefined]]);
  expect(found(lines.slice(0, 1), [a, b])).toEqual([]);
  expect(found(lines, [a])).toEqual([]);
});

test('whatever lines there are, no payment is settled twice and amounts always come out', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ amount: fc.integer({ min: 1, max: 50 }), discount: fc.nat(5) }), {
        minLength: 1,
        maxLength: 6,
      }),
      fc.array(
        fc.record({
          amount: fc.integer({ min: -80, max: 80 }),
          names: fc.array(fc.nat(5)),
          batch: fc.boolean(),
        }),
      ),
      (ordered, seen) => {
        const payments = ordered.map(({ amount, discount }, at) =>
          payment(String(at), amount, { settles: eur(-amount - discount) }),
        );
        const lines = seen.map(({ amount, names, batch }, at) =>
          line(
            String(at),
            amount,
            ...names.map((name) => payments[name]?.endToEndId ?? ''),
            batch ? batchId : '',
          ),
        );
        const matches = matchOwnPayments(lines, payments);
        const items = matches.flatMap((match) => match.items.map(({ id }) => id));
        expect(new Set(items).size).toBe(items.length);
        for (const match of matches) {
          const moved = lines.find(({ id }) => id === match.lineIds[0])?.amount.minor ?? 0n;
          const settled = match.items.reduce((sum, { applied }) => sum + applied.minor, 0n);
          expect(moved - settled).toBe(match.difference?.minor ?? 0n);
        }
      },
    ),
  );
});
