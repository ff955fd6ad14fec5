import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ImportKind, ImportSettings } from './import-kinds.ts';
import { entryGroups, entryWindow } from './group-entries.ts';
import { readChunks } from './read-chunks.ts';
import { rowReader } from './read-row.ts';
import { dateStylesOf, dayReader, detectDecimalMark, plainAmount } from './read-values.ts';
import { headerSignature, missingFields, suggestMapping } from './suggest-mapping.ts';

describe('an amount', () => {
  test.each([
    ['1234.5', 'POINT', '1234.5'],
    ['1.234,50', 'COMMA', '1234.50'],
    ['1,234.50', 'POINT', '1234.50'],
    ["1'234.50", 'POINT', '1234.50'],
    ['1 234,50', 'COMMA', '1234.50'],
    ['1\u00a0234\u00a0567,50', 'COMMA', '1234567.50'],
    ['-5', 'POINT', '-5'],
    ['5,00-', 'COMMA', '-5.00'],
    ['(5.00)', 'POINT', '-5.00'],
    ['€ 5,00', 'COMMA', '5.00'],
    ['5.00 USD', 'POINT', '5.00'],
    ['\u22125,00', 'COMMA', '-5.00'],
    [',50', 'COMMA', '0.50'],
  ] as const)('%s with a decimal %s is %s', (text, mark, plain) => {
    expect(plainAmount(text, mark)).toBe(plain);
  });

  test.each([
    ['1.234,50', 'POINT'],
    ['1,234.50', 'COMMA'],
    ['12.34,50', 'COMMA'],
    ['1,23,456.00', 'POINT'],
    ['1.2.3', 'POINT'],
    ['--5', 'POINT'],
    ['-(5)', 'POINT'],
    ['(5', 'POINT'],
    ['five', 'POINT'],
    ['#REF!', 'POINT'],
    ['1e5', 'POINT'],
  ] as const)('%s with a decimal %s is none', (text, mark) => {
    expect(plainAmount(text, mark)).toBeUndefined();
  });

  test('is read back however it is grouped and marked', () => {
    const digits = fc.bigInt({ min: 0n, max: 10n ** 15n });
    fc.assert(
      fc.property(
        digits,
        fc.constantFrom('POINT', 'COMMA'),
        fc.constantFrom('', ' ', "'", 'other'),
        fc.boolean(),
        (whole, mark, group, minus) => {
          const separator = group === 'other' ? (mark === 'POINT' ? ',' : '.') : group;
          const grouped = String(whole).replaceAll(/\B(?=(\d{3})+$)/g, separator);
          const written = `${minus ? '-' : ''}${grouped}${mark === 'POINT' ? '.' : ','}25`;
          expect(plainAmount(written, mark as 'POINT' | 'COMMA')).toBe(`${minus ? '-' : ''}${whole}.25`);
        },
      ),
    );
  });

  test.each([
    [['1.234,50', '7'], 'COMMA'],
    [['1,234.50', '1,000'], 'POINT'],
    [['0,5'], 'COMMA'],
    [['1.000.000'], 'COMMA'],
    [['12,345', '1,000'], 'undecided'],
    [['1,50', '1.50'], 'mixed'],
    [['5', '7'], 'POINT'],
  ] as const)('%j show the mark %s', (samples, mark) => {
    expect(detectDecimalMark(samples)).toBe(mark);
  });
});

describe('a day', () => {
  test.each([
    [['2026-01-31', '2026-02-01T10:00:00'], ['YEAR_MONTH_DAY']],
    [['31.01.2026', '1.2.2026'], ['DAY_MONTH_YEAR_DOTS']],
    [['20260131'], ['COMPACT']],
    [['31/01/2026', '01/02/2026'], ['DAY_MONTH_YEAR']],
    [['01/31/2026', '01/02/2026'], ['MONTH_DAY_YEAR']],
    [['01/02/2026'], ['DAY_MONTH_YEAR', 'MONTH_DAY_YEAR']],
    [['soon'], []],
  ] as const)('%j are in the styles %j', (samples, styles) => {
    expect(dateStylesOf(samples)).toEqual(styles);
  });

  test('of a sheet is a number of days', () => {
    const day = dayReader(undefined, '1899-12-30');
    expect([day('46053'), day('46053.75'), day('2026-01-31'), day('0'), day('31.01.2026')]).toEqual([
      '2026-01-31',
      '2026-01-31',
      '2026-01-31',
      undefined,
      undefined,
    ]);
  });
});

describe('headings', () => {
  test.each([
    [
      ['Entry', 'Date', 'Account', 'Debit', 'Credit', 'Description'],
      {
        ENTRY: 'Entry',
        DATE: 'Date',
        ACCOUNT: 'Account',
        DEBIT: 'Debit',
        CREDIT: 'Credit',
        DESCRIPTION: 'Description',
      },
    ],
    [
      [
        'Umsatz (ohne Soll/Haben-Kz)',
        'Soll/Haben-Kennzeichen',
        'Konto',
        'Gegenkonto (ohne BU-Schlüssel)',
        'Belegdatum',
        'Buchungstext',
        'KOST1',
      ],
      {
        AMOUNT: 'Umsatz (ohne Soll/Haben-Kz)',
        SIDE: 'Soll/Haben-Kennzeichen',
        ACCOUNT: 'Konto',
        CONTRA_ACCOUNT: 'Gegenkonto (ohne BU-Schlüssel)',
        DATE: 'Belegdatum',
        DESCRIPTION: 'Buchungstext',
        COST_CENTRE: 'KOST1',
      },
    ],
    [
      ['EcritureNum', 'EcritureDate', 'CompteNum', 'EcritureLib', 'Debit', 'Credit'],
      {
        ENTRY: 'EcritureNum',
        DATE: 'EcritureDate',
        ACCOUNT: 'CompteNum',
        DESCRIPTION: 'EcritureLib',
        DEBIT: 'Debit',
        CREDIT: 'Credit',
      },
    ],
  ])('%j say what their columns hold', (header, mapping) => {
    expect(suggestMapping('JOURNAL', header)).toEqual(mapping);
  });

  test('that lack something say what', () => {
    expect(missingFields('JOURNAL', { DATE: 'Date' })).toEqual(['ACCOUNT', 'AMOUNT or DEBIT or CREDIT']);
    expect(headerSignature(['Date ', 'ACCOUNT'])).toBe(headerSignature(['date', 'Account']));
  });
});

const settings: ImportSettings = {
  format: 'CSV',
  decimalMark: 'COMMA',
  dateStyle: 'DAY_MONTH_YEAR_DOTS',
  mapping: {},
  currency: 'EUR',
  stopOnProblems: false,
};

function read(kind: ImportKind, header: readonly string[], cells: readonly string[]) {
  const reader = rowReader(kind, { header }, { ...settings, mapping: suggestMapping(kind, header) });
  return reader({ number: 2, cells });
}

describe('a row of a journal', () => {
  const sided = ['Date', 'Account', 'Debit', 'Credit', 'Currency'];

  test.each([
    [
      ['31.01.2026', '1000', '5,00', '', ''],
      ['DEBIT', '500', 'EUR'],
    ],
    [
      ['31.01.2026', '1000', '', '5,00', 'usd'],
      ['CREDIT', '500', 'USD'],
    ],
    [
      ['31.01.2026', '1000', '-5,00', '', 'JPY'],
      ['CREDIT', '5', 'JPY'],
    ],
    [
      ['31.01.2026', '1000', '0,00', '5,000', 'KWD'],
      ['CREDIT', '5000', 'KWD'],
    ],
  ] as const)('%j has the side and the amount %j', (cells, [side, minor, currency]) => {
    expect(read('JOURNAL', sided, cells).rows).toMatchObject([
      { accountCode: '1000', side, minor: BigInt(minor), currency },
    ]);
  });

  test.each([
    [['', '1000', '5,00', '', ''], 'Date', 'FIELD_MISSING'],
    [['31.04.2026', '1000', '5,00', '', ''], 'Date', 'DATE_INVALID'],
    [['31.01.2026', '', '5,00', '', ''], 'Account', 'FIELD_MISSING'],
    [['31.01.2026', '10 00', '5,00', '', ''], 'Account', 'ACCOUNT_UNKNOWN'],
    [['31.01.2026', '1000', '', '', ''], 'Debit', 'FIELD_MISSING'],
    [['31.01.2026', '1000', '5,00', '5,00', ''], 'Debit', 'FIELD_INVALID'],
    [['31.01.2026', '1000', 'x', '', ''], 'Debit', 'AMOUNT_INVALID'],
    [['31.01.2026', '1000', '5,001', '', ''], 'Debit', 'AMOUNT_TOO_PRECISE'],
    [['31.01.2026', '1000', '5,00', '', 'XYZ'], 'Currency', 'CURRENCY_UNKNOWN'],
    [['31.01.2026', '1000', '0,00', '', ''], undefined, 'ENTRY_TOO_SMALL'],
  ] as const)('%j is wrong in %s: %s', (cells, column, code) => {
    const { rows, problems } = read('JOURNAL', sided, cells);
    expect(rows).toEqual([]);
    expect(problems.map((problem) => [problem.column, problem.code])).toEqual([[column, code]]);
  });

  test('that names both accounts is two lines', () => {
    const { rows } = read(
      'JOURNAL',
      ['Datum', 'Konto', 'Gegenkonto', 'Betrag', 'S/H'],
      ['31.01.2026', '6850', '1000', '5,00', 'H'],
    );
    expect(rows).toMatchObject([
      { accountCode: '6850', side: 'CREDIT', minor: 500n },
      { accountCode: '1000', side: 'DEBIT', minor: 500n },
    ]);
  });
});

describe('rows of entries', () => {
  const row = (entryKey: string) => ({ entryKey, rows: [], problems: [] });

  test('belong together as long as no more than a thousand others began between them', () => {
    const groups = entryGroups({ byKey: true, pairs: false }, 0, []);
    expect([groups.entryOf(row('a')), groups.entryOf(row('b')), groups.entryOf(row('a'))]).toEqual([1, 2, 1]);
    for (let other = 0; other < entryWindow; other += 1) groups.entryOf(row(`other ${other}`));
    expect(groups.entryOf(row('a'))).toBe(2 + entryWindow + 1);
  });

  test('of files that name no entries are neighbours with the same day and text', () => {
    const groups = entryGroups({ byKey: false, pairs: false }, 0, []);
    const of = (description: string) =>
      groups.entryOf({ rows: [{ accountCode: '1', postedOn: '2026-01-01', description }], problems: [] });
    expect([of('x'), of('x'), of('y'), of('x')]).toEqual([1, 1, 2, 3]);
  });

  test('read on from any place, as after a kill, are what they are when read at once', async () => {
    const header = ['Entry', 'Date', 'Account', 'Amount'];
    const rows = Array.from({ length: 60 }, (_, index) => ({
      number: index + 2,
      cells: [`E${(index * 7) % 13}`, '31.01.2026', '1000', index % 11 === 0 ? 'wrong' : '5,00'],
    }));
    const table = {
      format: 'CSV' as const,
      header,
      async *rows(from?: { rows: number }) {
        for (let at = from?.rows ?? 0; at < rows.length; at += 1)
          yield { rows: rows.slice(at, at + 1), place: { rows: at + 1, number: at + 2, byte: 0 } };
      },
    };
    const file = { table, settings: { ...settings, mapping: suggestMapping('JOURNAL', header) } };
    const all = async (beginning: Parameters<typeof readChunks>[2]) => {
      const found = [];
      for await (const chunk of readChunks('JOURNAL', file, beginning))
        found.push(...chunk.rows.map((one) => [one.entryKey, one.entry, one.position]));
      return found;
    };
    const whole = await all({ place: null, lastEntry: 0, open: [] });
    expect(whole).toHaveLength(54);
    const open = new Map<string, number>();
    for (const { cells } of rows.slice(0, 30)) {
      const [key = ''] = cells;
      if (!open.has(key)) open.set(key, open.size + 1);
    }
    const begun = [...open].map(([key, entry]) => ({ key, entry }));
    const rest = await all({ place: { rows: 30, number: 31, byte: 0 }, lastEntry: open.size, open: begun });
    expect(rest).toEqual(whole.filter(([, , position]) => Number(position) > 60));
  });
});
