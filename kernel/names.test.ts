import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editDistance, foldName, nameSimilarity, nameTokens, normaliseName } from './names.ts';

describe('spellings of one company have one normalised name', () => {
  test.each([
    ['Karia Logistics GmbH', 'KARIA LOGISTICS G.m.b.H.'],
    ['Karia Media Ltd', 'Karia Media LIMITED'],
    ['Vendor B.V.', 'vendor bv'],
    ['Lumière SARL', 'LUMIERE S.A.R.L.'],
    ['Lumière SAS', 'Lumiere S.A.S.'],
    ['Pohjola Oy', 'POHJOLA OY AB'],
    ['Strömberg AB', 'Stromberg Aktiebolag'],
    ['Meyer & Co. KG', 'Meyer und Co KG'],
    ['Łódź Trans Sp. z o.o.', 'LODZ TRANS SP ZOO'],
    ['SIA Rigas Maize', 'Rigas Maize, SIA'],
    ['Jørgensen A/S', 'Joergensen AS'],
    ['Acme, Inc.', 'ACME INCORPORATED'],
    ["O'Brien LLC", 'OBrien L.L.C.'],
    ['Weiß & Söhne GmbH', 'WEISS SOEHNE GMBH'],
    ['Karia Foods', 'PAYMENT FROM Karia Foods'],
    ['Karia Foods', 'Zahlung Karia Foods'],
  ])('%s and %s', (a, b) => {
    expect(normaliseName(a)).toBe(normaliseName(b));
    expect(nameSimilarity(a, b)).toBe(10_000);
  });
});

test('a name that is only a legal form keeps it', () => {
  expect(nameTokens('AB')).toEqual(['ab']);
  expect(nameTokens('Ltd.')).toEqual(['ltd']);
});

test('a legal form inside a name stays, because it may be a word of it', () => {
  expect(nameTokens('Sa Pobla Vins SL')).toEqual(['sa', 'pobla', 'vins']);
});

describe('similar names', () => {
  test.each([
    ['swapped letters', 'Terven Logistics', 'Terevn Logistics', 8_800],
    ['a name cut by a field width', 'Stratum Construction Ltd', 'Stratum Constr', 8_500],
    ['a name without its second word', 'Pelosan Motors BV', 'Pelosan', 8_300],
    ['words in another order', 'Werner Schmidt', 'SCHMIDT, Werner', 10_000],
  ])('%s keep a high similarity', (_, a, b, least) => {
    expect(nameSimilarity(a, b)).toBeGreaterThanOrEqual(least);
  });
  test.each([
    ['Karia Logistics', 'Karia Textiles'],
    ['Lomi Foods', 'Miven Foods'],
    ['Nordbank', 'Sudbank'],
    ['Foo', ''],
  ])('%s and %s stay below what counts as the same name', (a, b) => {
    expect(nameSimilarity(a, b)).toBeLessThan(8_000);
  });
});

test('swapping two neighbouring letters is one edit', () => {
  expect(editDistance('karia', 'kaira')).toBe(1);
  expect(editDistance('karia', 'karla')).toBe(1);
  expect(editDistance('', 'abc')).toBe(3);
});

test('a distance above the most that is asked for may be told short, but never below it', () => {
  const words = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 });
  fc.assert(
    fc.property(words, words, fc.nat(8), (a, b, most) => {
      const whole = editDistance(a, b);
      const bounded = editDistance(a, b, most);
      expect(whole <= most ? bounded === whole : bounded > most && bounded <= whole).toBe(true);
      expect(editDistance(b, a)).toBe(whole);
    }),
  );
});

test('similarity is symmetric, whole basis points, and full for equal names', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      const score = nameSimilarity(a, b);
      expect(Number.isInteger(score) && score >= 0 && score <= 10_000).toBe(true);
      expect(nameSimilarity(b, a)).toBe(score);
      expect(nameSimilarity(a, a)).toBe(foldName(a) === '' ? 0 : 10_000);
    }),
  );
});

test('folded names hold nothing but letters, digits and single blanks', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(foldName(text)).toMatch(/^([\p{L}\p{N}]+( [\p{L}\p{N}]+)*)?$/u);
    }),
  );
});
