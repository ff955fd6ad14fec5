import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { compactNumber, isIban, maskAccounts } from './account-number.ts';

test('an IBAN is known by its country, length and check digits, however it is grouped', () => {
  expect(isIban('GB82 WEST 1234 5698 7654 32')).toBe(true);
  expect(isIban('gb82-west-1234-5698-7654-32')).toBe(true);
  expect(isIban('GB83 WEST 1234 5698 7654 32')).toBe(false);
  expect(isIban('GB82 WEST 1234 5698 7654 3')).toBe(false);
});

test('a creditor reference is no IBAN, though its check digits fit', () => {
  expect(isIban('RF18 5390 0754 7034')).toBe(false);
});

test('a compact number keeps only letters and digits', () => {
  expect(compactNumber(' nl91 abna/0417.1643-00 ')).toBe('NL91ABNA0417164300');
});

test('accounts in a text are shortened, references and words stay', () => {
  expect(maskAccounts('to NL91 ABNA 0417 1643 00 REF 12, RF18539007547034')).toBe(
    'to …4300 REF 12, RF18539007547034',
  );
  expect(maskAccounts('AB12 DE89370400440532013000, be68 5390 0754 7034')).toBe('AB12 …3000, …7034');
  expect(maskAccounts('RE12 RECHNUNG 2026 VOM MAERZ, DE12 ODER SO')).toBe(
    'RE12 RECHNUNG 2026 VOM MAERZ, DE12 ODER SO',
  );
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      const iban = 'DE89370400440532013000';
      expect(compactNumber(maskAccounts(`${before} ${iban} ${after}`))).not.toContain(iban);
    }),
  );
});

test('an account that is known to be meant is shortened whatever it is, amounts and longer numbers stay', () => {
  expect(maskAccounts('70-998877-6655 or 709988776655.', '70998877-6655')).toBe('…6655 or …6655.');
  expect(maskAccounts('1709988776655, x709988776655', '709988776655')).toBe('1709988776655, x709988776655');
  expect(maskAccounts('119.00 of 11900', '11900')).toBe('119.00 of …1900');
  expect(maskAccounts('to 1234', '1234')).toBe('to 1234');
});
