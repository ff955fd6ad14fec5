import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellHabits, readAmount, readDay } from './csv-expenses-cells.ts';
import { csvRows } from './csv-expenses-rows.ts';

const point = { decimalSeparator: '.' } as const;
const comma = { decimalSeparator: ',' } as const;

describe('an amount in a cell', () => {
  it.each([
    ['12', '12'],
    ['12.5', '12.5'],
    ['12,5', '12.5'],
    ['.5', '0.5'],
    ['1,234.56', '1234.56'],
    ['1.234,56', '1234.56'],
    ['1.234.567', '1234567'],
    ["1'234.50", '1234.50'],
    ['1 234,50', '1234.50'],
    ['12,34,567.00', '1234567.00'],
    ['-3.10', '-3.10'],
    ['−3.10', '-3.10'],
    ['3.10-', '-3.10'],
    ['(3.10)', '-3.10'],
    ['-€3.10', '-3.10'],
    ['€ -3.10', '-3.10'],
    ['+3.10', '3.10'],
  ])('%s is %s whatever the file does elsewhere', (text, decimal) => {
    expect(readAmount(text, point)?.decimal).toBe(decimal);
    expect(readAmount(text, comma)?.decimal).toBe(decimal);
  });

  it('with one separator before three digits follows the file', () => {
    expect(readAmount('1,234', point)?.decimal).toBe('1234');
    expect(readAmount('1,234', comma)?.decimal).toBe('1.234');
    expect(readAmount('1.234', comma)?.decimal).toBe('1234');
  });

  it.each([
    ['EUR 5', 'EUR'],
    ['5 €', 'EUR'],
    ['5zł', 'PLN'],
    ['CHF 1’000.00', 'CHF'],
    ['$5', undefined],
    ['US$5', undefined],
  ])('%s is in %s', (text, currency) => {
    expect(readAmount(text, point)).toMatchObject({ currency });
  });

  it.each([
    '',
    'abc',
    '1,2,3',
    '1.2.3',
    '12,34.5,6',
    '1e5',
    '--5',
    '(-)',
    '5%%',
    '1-2',
    '12 34',
    'NaN',
    '12345678 EUR USD',
  ])('%j is none', (text) => {
    expect(readAmount(text, point)).toBeUndefined();
  });

  it('comes back exactly as it was written, in either habit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.boolean(), (minor, german) => {
        const size = (minor < 0n ? -minor : minor).toString().padStart(3, '0');
        const whole = size.slice(0, -2).replace(/\B(?=(?:\d{3})+$)/g, german ? '.' : ',');
        const text = `${minor < 0n ? '-' : ''}${whole}${german ? ',' : '.'}${size.slice(-2)}`;
        const decimal = `${minor < 0n ? '-' : ''}${size.slice(0, -2)}.${size.slice(-2)}`;
        expect(readAmount(text, german ? point : comma)?.decimal).toBe(decimal);
      }),
    );
  });
});

describe('the habits of a file', () => {
  it('come from its unmistakable amounts, then from its delimiter', () => {
    expect(cellHabits(['1.234', '12,50'], [], ',').decimalSeparator).toBe(',');
    expect(cellHabits(['1,234', '12.50'], [], ';').decimalSeparator).toBe('.');
    expect(cellHabits(['1,234'], [], ';').decimalSeparator).toBe(',');
    expect(cellHabits(['1,234'], [], ',').decimalSeparator).toBe('.');
  });

  it('do not include an order of day and month that the file contradicts', () => {
    expect(cellHabits([], ['13/01/2026', '01/02/2026'], ',').dayFirst).toBe(true);
    expect(cellHabits([], ['01/13/2026 10:00'], ',').dayFirst).toBe(false);
    expect(cellHabits([], ['13/01/2026', '01/13/2026'], ',').dayFirst).toBeUndefined();
    expect(cellHabits([], ['01/02/2026'], ',').dayFirst).toBeUndefined();
  });
});

describe('a day in a cell', () => {
  it.each([
    ['2026-3-4', '2026-03-04'],
    ['20260304', '2026-03-04'],
    ['4.3.2026', '2026-03-04'],
    ['04.03.26', '2026-03-04'],
    ['2026-03-04 23:59:59', '2026-03-04'],
    ['2026-03-04T10:00:00+02:00', '2026-03-04'],
    ['25/03/2026', '2026-03-25'],
    ['03-25-2026', '2026-03-25'],
    ['4 March 2026', '2026-03-04'],
    ['04-Mar-2026', '2026-03-04'],
    ['Mar 4, 2026', '2026-03-04'],
  ])('%s is %s', (text, day) => {
    expect(readDay(text, point)).toBe(day);
  });

  it.each(['', '31.02.2026', '2026-13-01', '03/04/2026', 'yesterday', '4 Foo 2026', '1/2'])(
    '%j is none',
    (text) => {
      expect(readDay(text, point)).toBeUndefined();
    },
  );
});

describe('the rows of a delimited file', () => {
  it('come back as they were written, with their lines, whatever their cells hold', () => {
    const cell = fc
      .string({ unit: fc.constantFrom('a', ' ', ',', '"', '\n', '\r\n', 'é', ';') })
      .map((text) => text.trim());
    const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(table, (rows) => {
        const filled = rows.map((row) => [...row, 'end']);
        const written = filled.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(','));
        let line = 1;
        const expected = filled.map((cells, index) => {
          const raw = written[index] ?? '';
          const at = line;
          line += raw.split(/\r\n|\r|\n/).length;
          return { cells, raw, line: at };
        });
        expect([...csvRows(written.join('\r\n'), ',')]).toEqual(expected);
      }),
    );
  });

  it('never lose a line: every text that is not blank is in exactly one row', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ',', '"', '\n', '\r') });
    fc.assert(
      fc.property(text, (soup) => {
        const joined = [...csvRows(soup, ',')].map(({ raw }) => raw).join('\n');
        expect(joined.replace(/\s/g, '')).toBe(soup.replace(/\s/g, ''));
      }),
    );
  });
});
