import { expect, test } from 'vitest';
import { compactNumber, isIban } from './account-number.ts';

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
