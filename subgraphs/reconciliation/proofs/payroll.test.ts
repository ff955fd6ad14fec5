import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calendarDate } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import { comparePayroll, type OutgoingLine, type PayrollEntry } from './compare-payroll.ts';
import { readPayroll, type PayrollTable } from './read-payroll.ts';

const payOn = calendarDate('2026-10-28');
const entry = (position: number, employee: string, minor: bigint): PayrollEntry => ({
  position,
  employee,
  accountIndex: undefined,
  minor,
  payOn,
});
const line = (id: string, [name, text = '']: [string?, string?], minor: bigint): OutgoingLine => ({
  id,
  day: payOn,
  minor,
  name,
  accountIndex: undefined,
  text,
});
const shown = (rows: ReturnType<typeof comparePayroll>) =>
  rows.map(({ state, employee, expected, paid, lineIds }) =>
    [state, employee, `${expected} ${paid}`, lineIds.join('+')].join(', '),
  );

describe('a payroll against the bank', () => {
  const staff = [
    entry(1, 'Ana Ruiz', 210_000n),
    entry(2, 'Ravi Patel', 250_000n),
    entry(3, 'Kim Lee', 199_950n),
  ];

  test('finds single payments by name, payments in parts, and says what differs, is missing or too much', () => {
    const lines = [
      line('l1', ['RUIZ, ANA'], 210_000n),
      line('l2', ['Ravi Patel'], 200_000n),
      line('l3', ['Ravi Patel'], 50_000n),
      line('l4', ['Ana Ruiz'], 210_000n),
      line('l5', ['Some Supplier GmbH'], 4_000n),
      line('l6', ['Agency', 'Salary October'], 70_000n),
    ];
    expect(shown(comparePayroll(staff, lines))).toEqual([
      'PAID, Ana Ruiz, 210000 210000, l1',
      'PAID, Ravi Patel, 250000 250000, l2+l3',
      'MISSING, Kim Lee, 199950 0, ',
      'UNEXPECTED, Ana Ruiz, 0 210000, l4',
      'UNEXPECTED, Agency, 0 70000, l6',
    ]);
    const less = comparePayroll(staff.slice(1, 2), [line('l2', ['Ravi Patel'], 249_999n)]);
    expect(shown(less)).toEqual(['DIFFERS, Ravi Patel, 250000 249999, l2']);
  });

  test('takes one payment for all who are left, and only at exactly their sum', () => {
    const batch = line('b1', [undefined, 'SEPA batch'], 449_950n);
    const paid = comparePayroll(staff, [line('l1', ['Ana Ruiz'], 210_000n), batch]);
    expect(paid.map(({ state }) => state)).toEqual(['PAID', 'PAID_IN_BATCH', 'PAID_IN_BATCH']);
    const off = comparePayroll(staff, [line('l1', ['Ana Ruiz'], 210_000n), { ...batch, minor: 449_951n }]);
    expect(off.map(({ state }) => state)).toEqual(['PAID', 'MISSING', 'MISSING']);
  });

  test('uses no payment twice, whatever was paid, but for one that pays many', () => {
    const names = ['Ana Ruiz', 'Ravi Patel', 'Kim Lee'];
    const amount = fc.constantFrom(100n, 200n, 300n);
    const some = <Row>(make: (name: string, minor: bigint, at: number) => Row) =>
      fc
        .array(fc.tuple(fc.constantFrom(...names), amount), { maxLength: 6 })
        .map((rows) => rows.map(([name, minor], at) => make(name, minor, at)));
    fc.assert(
      fc.property(
        some((name, minor, at) => entry(at, name, minor)),
        some((name, minor, at) => line(`l${at}`, [name], minor)),
        (entries, lines) => {
          const rows = comparePayroll(entries, lines);
          expect(rows.filter(({ state }) => state !== 'UNEXPECTED')).toHaveLength(entries.length);
          const used = rows
            .filter(({ state }) => state !== 'PAID_IN_BATCH')
            .flatMap(({ lineIds }) => lineIds);
          expect(new Set(used).size).toBe(used.length);
          const paid = rows.reduce((sum, row) => sum + row.paid, 0n);
          const known = new Set(entries.map(({ employee }) => employee));
          const theirs = lines.filter(({ name }) => name !== undefined && known.has(name));
          expect(paid).toBeGreaterThanOrEqual(theirs.reduce((sum, row) => sum + row.minor, 0n));
        },
      ),
    );
  });
});

describe('the table of a payroll', () => {
  const table = (header: string[], ...rows: string[][]): PayrollTable => ({
    header,
    rows: rows.map((cells, place) => ({ number: place + 2, cells })),
  });
  const read = (given: PayrollTable, columns = {}) =>
    readPayroll(given, { columns, currency: 'EUR', payOn: undefined });

  test('is read by the usual headings, with the marks its amounts show', () => {
    const german = table(
      ['Mitarbeiter', 'Auszahlungsbetrag', 'Zahldatum', 'IBAN'],
      ['Ana Ruiz', '2.100', '28.10.2026', ''],
      ['Ravi Patel', '2.500,50 €', '28.10.2026', 'DE89 3704'],
      ['', '', '', ''],
      ['Summe', '4.600,50', '', ''],
    );
    expect(read(german)).toEqual([
      { employee: 'Ana Ruiz', minor: 210_000n, payOn, account: undefined },
      { employee: 'Ravi Patel', minor: 250_050n, payOn, account: 'DE89 3704' },
    ]);
    const sheet = {
      ...table(['Name', 'Net pay', 'Date'], ['Kim Lee', '1999.5', '46323']),
      dayZero: '1899-12-30',
    };
    expect(read(sheet)).toMatchObject([{ minor: 199_950n, payOn: '2026-10-28' }]);
  });

  test('is refused whole, with the row or the headings, where something cannot be read', () => {
    const codeOf = (given: PayrollTable, columns = {}) => {
      try {
        read(given, columns);
        return 'read';
      } catch (error) {
        return error instanceof CrossfootError ? `${error.code}: ${error.message}` : String(error);
      }
    };
    const header = ['Employee', 'Net pay', 'Date'];
    expect(codeOf(table(header, ['Ana', '12.00', '2026-10-28'], ['Ravi', 'much', '2026-10-28']))).toBe(
      'LINE_MALFORMED: Row 3: "much" is not an amount in EUR',
    );
    expect(codeOf(table(header, ['Ana', '12.00', 'soon']))).toContain('Row 2: "soon" is not a day');
    expect(codeOf(table(header, ['Ana', '-12.00', '2026-10-28']))).toContain('negative');
    expect(codeOf(table(['Who', 'Net pay', 'Date'], []))).toContain('COLUMN_MISSING');
    expect(
      codeOf(table(['Who', 'Net pay', 'Date'], ['Ana', '1.00', '2026-10-28']), { employee: 'Who' }),
    ).toBe('read');
  });
});
