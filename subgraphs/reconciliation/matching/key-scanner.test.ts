import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dateOrder } from './date-order.ts';
import { hashOfKey } from './key-hash.ts';
import { KeyScanner } from './key-scanner.ts';
import { keysOfReference, readReferences } from './references.ts';

/** The rules of keys in plain patterns, as slow as that is. */
const plainly = {
  words: (text: string): string[] =>
    text
      .normalize('NFKD')
      .toUpperCase()
      .match(/[0-9A-Z]+/g) ?? [],
  repaired: (word: string): string =>
    /^[\dOIL]*$/.test(word) && /\d.*\d/.test(word) ? word.replace(/O/g, '0').replace(/[IL]/g, '1') : word,
  bare: (word: string): string => word.replace(/(?<!\d)0+(?=\d)/g, ''),
  runs(words: readonly string[]): string[] {
    return words.flatMap((_word, from) =>
      words.slice(from, from + 8).flatMap((_last, more) => {
        const run = words.slice(from, from + more + 1);
        const whole = run.join('');
        const before = run.slice(0, -1).join('').length;
        if (before >= 30 || whole.length < 4 || whole.length > 35 || !/\d/.test(whole)) return [];
        return [whole, run.map(plainly.bare).join('')];
      }),
    );
  },
  keys(texts: readonly string[]): Set<string> {
    const found = texts.flatMap((text) => {
      const words = plainly.words(text);
      return [...plainly.runs(words.map(plainly.repaired)), ...plainly.runs(words)];
    });
    return new Set(found);
  },
  numbers(texts: readonly string[]): Set<string> {
    const runs = texts.flatMap((text) =>
      plainly.words(text).flatMap((word) => plainly.repaired(word).match(/\d{4,}/g) ?? []),
    );
    const told = runs.filter((run) => !/^20[0-4]\d$/.test(run)).map((run) => run.replace(/^0+/, ''));
    return new Set(told.filter((number) => number.length >= 4));
  },
};

const word = fc.constantFrom(
  'INV',
  'po_6o5993771',
  '2O26',
  '0042',
  '000',
  '1OO42O',
  'RF18',
  'ä',
  'ﬁ½',
  'O0',
  '7',
);
const text = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .array(fc.tuple(fc.oneof(word, fc.nat().map(String)), fc.constantFrom('', ' ', '-', '/')), {
      maxLength: 14,
    })
    .map((parts) => parts.flat().join('')),
);

test('the keys and numbers of texts are those the plain rules give', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 3 }), (texts) => {
      const { keys, numbers } = readReferences(texts);
      expect(new Set(keys)).toEqual(plainly.keys(texts));
      expect(new Set(numbers)).toEqual(plainly.numbers(texts));
      expect(numbers).toHaveLength(new Set(numbers).size);
    }),
    { numRuns: 500 },
  );
});

test('the keys of a reference are the whole as meant, bare, as written, and its digits, none of them a year', () => {
  fc.assert(
    fc.property(text, (reference) => {
      const written = plainly.words(reference);
      const meant = written.map(plainly.repaired);
      const digits = meant.join('').replace(/\D/g, '');
      const all = [meant.join(''), meant.map(plainly.bare).join(''), written.join('')];
      if (digits.length >= 6) all.push(digits);
      const named = all.filter((key) => key.length >= 4 && /\d/.test(key) && !/^20[0-4]\d$/.test(key));
      expect(keysOfReference(reference)).toEqual([...new Set(named)]);
    }),
    { numRuns: 500 },
  );
});

test('a key is told with the hash its text has', () => {
  const scanner = new KeyScanner();
  fc.assert(
    fc.property(text, (read) => {
      scanner.read(read);
      scanner.keys((low, high) => {
        expect({ low, high }).toEqual(hashOfKey(scanner.key()));
      });
    }),
  );
});

test('a text far longer than any before is read whole', () => {
  const long = `${'x '.repeat(70_000)}INV-2026-100420`;
  expect(readReferences([long]).keys).toContain('INV2026100420');
  expect(keysOfReference('9'.repeat(200_000))).toEqual(['9'.repeat(200_000)]);
});

test('places are in order of day and id, whether they were given by id or not', () => {
  const row = fc.record({ day: fc.integer({ min: -3, max: 3 }), id: fc.string({ maxLength: 2 }) });
  const rows = fc.uniqueArray(row, { selector: ({ id }) => id, maxLength: 30 });
  fc.assert(
    fc.property(rows, fc.boolean(), (given, isById) => {
      const list = isById ? given.toSorted((a, b) => (a.id < b.id ? -1 : 1)) : given;
      const order = dateOrder(
        Int32Array.from(list, ({ day }) => day),
        (place) => list[place]!.id,
      );
      const sorted = list.toSorted((a, b) => a.day - b.day || (a.id < b.id ? -1 : 1));
      expect(Array.from(order, (place) => list[place])).toEqual(sorted);
    }),
  );
});
