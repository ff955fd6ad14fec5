import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isBelgianReference,
  isCreditorReference,
  isFinnishReference,
  isNorwegianReference,
  isSwissReference,
  keysOfReference,
  nearSerial,
  readReferences,
  referenceScheme,
  serialOf,
} from './references.ts';

describe('published examples of checked references hold', () => {
  test.each([
    ['ISO 11649', 'RF18 5390 0754 7034', isCreditorReference],
    ['ISO 11649', 'RF712348231', isCreditorReference],
    ['QRR', '21 00000 00003 13947 14300 09017', isSwissReference],
    ['Belgian', '+++090/9337/55493+++', isBelgianReference],
    ['Belgian', '010806817183', isBelgianReference],
    ['Finnish', '1234561', isFinnishReference],
    ['KID', '1234567897', isNorwegianReference],
    ['KID', '12345678903', isNorwegianReference],
  ] as const)('%s %s', (scheme, text, check) => {
    expect(check(text)).toBe(true);
    expect([scheme, 'Finnish']).toContain(referenceScheme(text));
  });
});

const digits = (minLength: number, maxLength: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength, maxLength }).map((list) => list.join(''));

describe('one wrong digit breaks a checked reference', () => {
  const schemes = [
    ['ISO 11649', isCreditorReference, 'RF18539007547034', 4],
    ['QRR', isSwissReference, '210000000003139471430009017', 0],
    ['Belgian', isBelgianReference, '090933755493', 0],
    ['Finnish', isFinnishReference, '1234561', 0],
  ] as const;
  test.each(schemes)('%s', (_, check, good, from) => {
    fc.assert(
      fc.property(
        fc.integer({ min: from, max: good.length - 1 }),
        fc.integer({ min: 1, max: 9 }),
        (at, step) => {
          const wrong = `${good.slice(0, at)}${(Number(good[at]) + step) % 10}${good.slice(at + 1)}`;
          expect(check(wrong)).toBe(false);
        },
      ),
    );
  });
});

test('for every body there is exactly one Finnish check digit and one Swiss one', () => {
  const count = (check: (text: string) => boolean, body: string) =>
    Array.from({ length: 10 }, (_, digit) => `${body}${digit}`).filter(check).length;
  fc.assert(
    fc.property(digits(3, 18), digits(25, 25), (finnish, swiss) => {
      expect(count(isFinnishReference, `1${finnish}`)).toBe(1);
      expect(count(isSwissReference, `1${swiss}`)).toBe(1);
    }),
  );
});

test('a Belgian remainder of zero is written as 97', () => {
  expect(isBelgianReference('000000009797')).toBe(true);
  expect(isBelgianReference('000000009700')).toBe(false);
});

test('a Norwegian reference may end in a dash that stands for ten', () => {
  const withDash = Array.from({ length: 100 }, (_, index) => `${1000 + index}-`).filter(isNorwegianReference);
  expect(withDash.length).toBeGreaterThan(0);
  expect(isNorwegianReference('12-4')).toBe(false);
});

describe('an invoice number is found', () => {
  const finds = (number: string, text: string) => {
    const read = readReferences([text]);
    return keysOfReference(number).some((key) => read.keys.includes(key));
  };
  test.each([
    ['as written', 'INV-2026-000042', 'INV-2026-000042'],
    ['in another case with other separators', 'INV-2026-000042', 'pmt inv/2026/000042, thank you'],
    ['written together', 'INV-2026-000042', 'INV2026000042'],
    ['without its leading zeros', 'INV-2026-000042', 'Rechnung INV 2026 42'],
    ['with a letter O for a zero', 'INV-2026-100420', 'INV 2O26 1OO42O'],
    ['as digits only', 'INV-2026-100420', '2026100420'],
    ['with a separator moved', 'INV-2026-100420', 'INV2-026-100420'],
    ['in groups of four', 'RF18539007547034', 'RF18 5390 0754 7034'],
    ['between other words', 'F 2026/0815', 'Facture F-2026-0815 du 3 mars'],
  ])('%s', (_, number, text) => {
    expect(finds(number, text)).toBe(true);
  });
  test('but not in a longer number that contains it', () => {
    expect(finds('BILL-100123', 'BILL-1001234')).toBe(false);
    expect(finds('4711', '547110')).toBe(false);
  });
  test('and a bare year or a short number names nothing', () => {
    expect(readReferences(['order 2026']).numbers).toEqual([]);
    expect(keysOfReference('17')).toEqual([]);
    expect(keysOfReference('2026')).toEqual([]);
  });
});

test('the serial is the last digit run that is no year, without leading zeros', () => {
  expect(serialOf('INV-2026-000123')).toBeUndefined();
  expect(serialOf('INV-2026-100123')).toBe('100123');
  expect(serialOf('100123/2026')).toBe('100123');
  expect(serialOf('ABC')).toBeUndefined();
});

test('a serial cut at the end or with one typing error is near, another serial is not', () => {
  expect(nearSerial('1001', '100123')).toBe('cut');
  expect(nearSerial('100132', '100123')).toBe('mistyped');
  expect(nearSerial('100923', '100123')).toBe('mistyped');
  expect(nearSerial('100987', '100123')).toBeUndefined();
  expect(nearSerial('100123', '100123')).toBeUndefined();
});

test('letters that look like digits are read both ways, because some ids are written so', () => {
  const { keys } = readReferences(['STRIPE PAYOUT po_6o5993771', 'bill 4O0128']);
  expect(keys).toEqual(expect.arrayContaining(['PO6O5993771', 'PO605993771', '400128', '4O0128']));
});
