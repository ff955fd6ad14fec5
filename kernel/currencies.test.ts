import { describe, expect, test } from 'vitest';
import { calendarDate } from './calendar.ts';
import { currencies, currencyOf, isCurrencyInForce } from './currencies.ts';

const words = (text: string): string[] => text.trim().split(/\s+/);
const inForce = currencies.filter(({ validTo }) => validTo === undefined);
const codesWith = (digits: number | undefined): string[] =>
  inForce.filter((currency) => currency.digits === digits).map(({ code }) => code);
const day = calendarDate;

function intlDigits(code: string): number | undefined {
  return new Intl.NumberFormat('en', { style: 'currency', currency: code }).resolvedOptions()
    .maximumFractionDigits;
}

describe('the table of ISO 4217', () => {
  test('has the 178 codes in force, each once, in order', () => {
    const codes = inForce.map(({ code }) => code);
    expect(codes).toHaveLength(178);
    expect(new Set(currencies.map(({ code }) => code)).size).toBe(currencies.length);
    expect(codes).toEqual(codes.toSorted());
  });

  test('has well-formed codes, and no two in force share a number', () => {
    for (const { code, numeric } of currencies) {
      expect(code).toMatch(/^[A-Z]{3}$/);
      expect(numeric).toMatch(/^\d{3}$/);
    }
    expect(new Set(inForce.map(({ numeric }) => numeric)).size).toBe(inForce.length);
  });

  test('has the decimals that the standard lays down', () => {
    expect(codesWith(0)).toEqual(
      words('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'),
    );
    expect(codesWith(3)).toEqual(words('BHD IQD JOD KWD LYD OMR TND'));
    expect(codesWith(4)).toEqual(words('CLF UYW'));
    expect(codesWith(undefined)).toEqual(words('XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX'));
    expect(codesWith(2)).toHaveLength(178 - 17 - 7 - 2 - 13);
  });

  test('never ends a code before it began, and ends every withdrawn one', () => {
    const backwards = currencies.filter(
      ({ validFrom, validTo }) => validFrom && validTo && validFrom > validTo,
    );
    expect(backwards).toEqual([]);
    expect(currencies.length - inForce.length).toBeGreaterThan(90);
  });

  test.each([
    ['EUR', '1998-12-31', false],
    ['EUR', '1999-01-01', true],
    ['DEM', '1980-06-01', true],
    ['DEM', '2002-02-28', true],
    ['DEM', '2002-03-01', false],
    ['HRK', '2023-01-14', true],
    ['HRK', '2023-01-15', false],
    ['BGN', '2026-01-31', true],
    ['BGN', '2026-02-01', false],
    ['XCG', '2025-03-30', false],
    ['XCG', '2025-03-31', true],
    ['ANG', '2025-06-30', true],
    ['ANG', '2025-07-01', false],
    ['USD', '1978-01-01', true],
    ['XAU', '2026-01-01', false],
    ['XYZ', '2026-01-01', false],
  ])('says whether %s is in force on %s: %s', (code, on, expected) => {
    expect(isCurrencyInForce(code, day(on))).toBe(expected);
  });

  test('leaves no gap where one currency replaced another', () => {
    for (const [old, next] of [
      ['ANG', 'XCG'],
      ['HRK', 'EUR'],
      ['BGL', 'BGN'],
      ['BGN', 'EUR'],
      ['ROL', 'RON'],
      ['TRL', 'TRY'],
      ['BYB', 'BYR'],
      ['BYR', 'BYN'],
      ['VEB', 'VEF'],
      ['VEF', 'VES'],
      ['ZWD', 'ZWR'],
      ['ZWR', 'ZWL'],
      ['ZWL', 'ZWG'],
      ['BRC', 'BRN'],
      ['BRN', 'BRE'],
      ['BRE', 'BRR'],
      ['BRR', 'BRL'],
      ['YUM', 'CSD'],
      ['CSD', 'RSD'],
    ] as const) {
      const end = currencyOf(old)?.validTo ?? day('0001-01-01');
      const nextDay = new Date(`${end}T00:00:00Z`);
      nextDay.setUTCDate(nextDay.getUTCDate() + 1);
      expect([old, next, isCurrencyInForce(next, day(nextDay.toISOString().slice(0, 10)))]).toEqual([
        old,
        next,
        true,
      ]);
    }
  });

  test('looks codes up exactly', () => {
    expect(currencyOf('EUR')?.numeric).toBe('978');
    expect(currencyOf('eur')).toBeUndefined();
    expect(currencyOf('constructor')).toBeUndefined();
  });
});

/** Where the platform's own data differs is listed, so that a new version of it cannot differ unseen. */
describe('the table beside Intl', () => {
  const supported = Intl.supportedValuesOf('currency');

  test('has every code that Intl has', () => {
    expect(supported.filter((code) => currencyOf(code) === undefined)).toEqual([]);
  });

  test('has ended these that Intl still lists', () => {
    const ended = supported.filter((code) => currencyOf(code)?.validTo !== undefined);
    expect(ended).toEqual(words('ANG BGN CUC HRK SLL ZWL'));
  });

  test('has these in force that Intl does not list', () => {
    const missing = inForce.map(({ code }) => code).filter((code) => !supported.includes(code));
    expect(missing).toEqual(
      words(`BOV CHE CHW CLF COU MXV USN UYI UYW VED XAD XAG XAU XBA XBB XBC XBD XPD XPT XTS XUA XXX`),
    );
  });

  test('has decimals where Intl shows none for these sixteen in force', () => {
    const different = inForce.filter(
      ({ code, digits }) => digits !== undefined && digits !== intlDigits(code),
    );
    expect(different.map(({ code }) => code)).toEqual(
      words('AFN ALL COP HUF IDR IQD IRR KPW LAK LBP MGA MMK PKR SOS SYP YER'),
    );
    expect(different.map(({ code }) => intlDigits(code))).toEqual(different.map(() => 0));
  });
});
