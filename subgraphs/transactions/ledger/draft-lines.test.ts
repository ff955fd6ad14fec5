import fc from 'fast-check';
import { expect, test } from 'vitest';
import { money } from '#kernel/money';
import { documentKinds } from '../intake/document.ts';
import { draftLines } from './draft-lines.ts';
import { balances } from './entry.ts';

const eur = (minor: bigint) => money(minor, 'EUR');

test('what lines lack of the net of the whole goes to the account of the largest part', () => {
  const lines = draftLines({
    kind: 'INVOICE',
    amounts: { net: eur(10_000n), tax: eur(0n), total: eur(10_000n) },
    parts: [
      { accountCode: '6815', net: eur(3_000n) },
      { accountCode: '6670', net: eur(6_999n) },
    ],
  });
  expect(lines.map((line) => [line.role, line.accountCode, line.side, line.money.minor])).toEqual([
    ['CONTENT', '6815', 'DEBIT', 3_000n],
    ['CONTENT', '6670', 'DEBIT', 7_000n],
    ['CONTROL', '2000', 'CREDIT', 10_000n],
  ]);
});

test('a discount on an account of its own stands on the other side', () => {
  const lines = draftLines({
    kind: 'INVOICE',
    amounts: { net: eur(900n), tax: eur(0n), total: eur(900n) },
    parts: [
      { accountCode: '6815', net: eur(1_000n) },
      { accountCode: '4730', net: eur(-100n) },
    ],
  });
  expect(lines.map((line) => `${line.side} ${line.accountCode}`)).toEqual([
    'DEBIT 6815',
    'CREDIT 4730',
    'CREDIT 2000',
  ]);
});

test('a rule sends the tax elsewhere', () => {
  const amounts = { net: eur(100n), tax: eur(19n), total: eur(119n) };
  const parts = [{ accountCode: '6815', net: eur(100n) }];
  const [, tax] = draftLines({ kind: 'INVOICE', amounts, parts, taxAccountCode: '1410' });
  expect(tax).toMatchObject({ role: 'TAX', accountCode: '1410', side: 'DEBIT' });
});

test('a document of zero has no lines', () => {
  const amounts = { net: eur(0n), tax: eur(0n), total: eur(0n) };
  expect(draftLines({ kind: 'INVOICE', amounts, parts: [{ accountCode: '6815', net: eur(0n) }] })).toEqual(
    [],
  );
});

test('the lines of any document balance and are positive, whatever its parts add up to', () => {
  const amount = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
  fc.assert(
    fc.property(
      fc.constantFrom(...documentKinds),
      amount,
      amount,
      fc.array(fc.record({ account: fc.constantFrom('6815', '6670', '6837'), net: amount }), {
        minLength: 1,
      }),
      (kind, net, tax, parts) => {
        const lines = draftLines({
          kind,
          amounts: { net: eur(net), tax: eur(tax), total: eur(net + tax) },
          parts: parts.map((part) => ({ accountCode: part.account, net: eur(part.net) })),
        });
        expect([...balances(lines).values()].every((rest) => rest === 0n)).toBe(true);
        expect(lines.every((line) => line.money.minor > 0n)).toBe(true);
        expect(lines.length).not.toBe(1);
      },
    ),
  );
});
