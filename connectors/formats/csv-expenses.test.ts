import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DocumentRecord } from '#connectors/ports';
import { BANK_HEADINGS, HEADINGS } from './csv-expenses-headings.ts';
import { csvExpenses, isBankCsv } from './csv-expenses.ts';

const bytes = readFileSync(join(import.meta.dirname, 'fixtures', 'expenses.csv'));

function read(...lines: string[]): readonly DocumentRecord[] {
  const file = csvExpenses.read(Buffer.from(lines.join('\n')));
  expect(file.problems).toEqual([]);
  return file.records;
}

const brief = (record: DocumentRecord | undefined) =>
  record?.problems.map(({ code, path }) => [code, path?.join('.')]);
const amounts = (record: DocumentRecord | undefined) => {
  const { net, tax, gross } = record?.document ?? {};
  return [net?.minor, tax?.minor, gross?.minor];
};
const recognises = (head: string) => csvExpenses.recognises({ name: 'x.csv', head });

describe('a CSV of expenses', () => {
  const { records, problems } = csvExpenses.read(bytes);

  it('is read row by row, the good ones beside the bad ones', () => {
    expect(problems).toEqual([]);
    expect(
      records.map(({ line, document, problems: found }) => [
        line,
        document?.number,
        found.map(({ code }) => code).join(),
      ]),
    ).toEqual([
      [2, 'B-1', ''],
      [4, 'B-2', ''],
      [5, undefined, 'DATE_INVALID'],
      [6, undefined, 'AMOUNT_INVALID'],
      [7, undefined, 'CURRENCY_UNKNOWN'],
      [8, undefined, 'LINE_MALFORMED'],
      [9, 'B-7', 'FIELD_MISSING'],
      [10, 'B-8', ''],
      [11, undefined, 'LINE_MALFORMED'],
      [13, 'B-10', ''],
    ]);
  });

  it('fills every field of an expense, quotes and line ends inside cells included', () => {
    expect(records[0]?.document).toEqual({
      kind: 'expense',
      number: 'B-1',
      issuedOn: '2026-03-02',
      currency: 'EUR',
      seller: { name: 'Café "Zoë"; Köln' },
      lines: [
        {
          description: 'Abendessen\r\nmit Kunden',
          net: { minor: 107941n, currency: 'EUR' },
          tax: { minor: 20509n, currency: 'EUR' },
          taxRate: '19',
          category: 'Bewirtung',
        },
      ],
      net: { minor: 107941n, currency: 'EUR' },
      tax: { minor: 20509n, currency: 'EUR' },
      gross: { minor: 128450n, currency: 'EUR' },
      payable: { minor: 128450n, currency: 'EUR' },
      employee: 'Ada Lind',
      note: 'Abendessen\r\nmit Kunden',
      line: 2,
    });
  });

  it('takes the tax out of the amount by its rate, and keeps refunds negative', () => {
    expect(amounts(records[1])).toEqual([5000n, 350n, 5350n]);
    expect(amounts(records[9])).toEqual([-500n, -35n, -535n]);
  });

  it('reads a lone group as thousands where the file writes decimal commas', () => {
    expect(amounts(records[7])).toEqual([123400n, 0n, 123400n]);
  });

  it('keeps every row as it stood in the file', () => {
    const text = bytes.toString('utf8');
    for (const { raw } of records) expect(text).toContain(raw);
    expect(records[5]?.raw).toBe('06.03.2026;"Hotel Adler;80,00;EUR;7;;Reise;Bo Berg;;B-6');
  });

  it('is also read in windows-1252', () => {
    const old = Buffer.from(bytes.toString('utf8'), 'latin1');
    expect(csvExpenses.read(old).records[0]?.document?.seller.name).toBe('Café "Zoë"; Köln');
  });
});

describe('the columns of an expense export', () => {
  it.each([
    [',', 'Date,Merchant,Amount,Currency', '2026-03-04,Shop,"1,234.50",EUR'],
    [';', 'Expense Date;VENDOR NAME;Total Amount;Ccy', '04.03.2026;Shop;1.234,50;eur'],
    ['\t', 'date\tsupplier\tamount (EUR)', '2026/03/04\tShop\t1 234,50'],
    ['|', 'Fecha|Proveedor|Importe|Moneda', '04.03.26|Shop|1234,5|€'],
    [',', '"Date d\'achat",Fournisseur,Montant TTC,Devise', '"4 Mar 2026",Shop,€1234.50,EUR'],
    [',', 'Timestamp,Shop,Gross', '2026-03-04T10:11:12Z,Shop,EUR 1234.50'],
  ])('are known with the delimiter %j under %s', (_delimiter, header, row) => {
    expect(recognises(header)).toBe(true);
    const [record] = read(header, row);
    expect(record?.problems).toEqual([]);
    expect(record?.document).toMatchObject({
      issuedOn: '2026-03-04',
      seller: { name: 'Shop' },
      gross: { minor: 123450n, currency: 'EUR' },
    });
  });

  it('may state net and tax beside the total, which then have to add up', () => {
    const header = 'Date,Vendor,Net,VAT,Total,Currency';
    expect(amounts(read(header, '2026-03-04,Shop,100,19,119,EUR')[0])).toEqual([10000n, 1900n, 11900n]);
    expect(amounts(read(header, '2026-03-04,Shop,100,,119,EUR')[0])).toEqual([10000n, 1900n, 11900n]);
    expect(brief(read(header, '2026-03-04,Shop,100,18,119,EUR')[0])).toEqual([
      ['DOCUMENT_TOTALS_DIFFER', 'gross'],
    ]);
    expect(amounts(read('Date,Vendor,Net,VAT,Currency', '2026-03-04,Shop,100,19,EUR')[0])).toEqual([
      10000n,
      1900n,
      11900n,
    ]);
  });

  it('called only "amount" hold the net amount when tax and rate say so', () => {
    const header = 'Date,Vendor,Amount,VAT,VAT rate,Currency';
    expect(amounts(read(header, '2026-03-04,Shop,100,19,19,EUR')[0])).toEqual([10000n, 1900n, 11900n]);
    expect(amounts(read(header, '2026-03-04,Shop,119,19,19,EUR')[0])).toEqual([10000n, 1900n, 11900n]);
  });

  it('of an export without its own currency fall back on the amount of the receipt', () => {
    const [record] = read(
      'Timestamp,Merchant,Amount,Original Currency,Original Amount,Receipt',
      '2026-03-04 00:00:00,Shop,10.00,USD,11.20,https://x.test/1',
    );
    expect(record?.document).toMatchObject({ currency: 'USD', gross: { minor: 1120n } });
    expect(record?.document?.number).toBeUndefined();
    expect(brief(read('Date,Merchant,Amount', '2026-03-04,Shop,10.00')[0])).toEqual([
      ['FIELD_MISSING', 'currency'],
    ]);
  });

  it('are told from those of a bank statement', () => {
    expect(recognises('Date,Payee,Category,Amount,Balance')).toBe(false);
    expect(isBankCsv('Buchungstag;Verwendungszweck;Betrag;Saldo')).toBe(true);
    expect(isBankCsv('Date,Merchant,Amount,Currency')).toBe(false);
    expect(recognises('Date,Amount')).toBe(false);
    expect(recognises('Date,Fund,Category,Description,Amount,Shares')).toBe(false);
    expect(recognises('Date,Category,Amount,VAT')).toBe(true);
    expect(recognises('Dear all,')).toBe(false);
  });

  it('have each heading once', () => {
    const all = [...Object.values(HEADINGS).flat(), ...BANK_HEADINGS];
    expect(new Set(all).size).toBe(all.length);
    for (const heading of all) expect(heading).toMatch(/^[a-z0-9]+(?: [a-z0-9]+)*$/);
  });
});

describe('a row of an expense export', () => {
  const header = 'Date,Vendor,Amount,Currency,VAT rate,Note';

  it.each([
    ['2026-03-04,Shop,,EUR,,', [['FIELD_MISSING', 'gross']]],
    [',Shop,1.00,EUR,,', [['FIELD_MISSING', 'issuedOn']]],
    ['2026-03-04,Shop,1.005,EUR,,', [['AMOUNT_TOO_PRECISE', 'amount']]],
    ['2026-03-04,Shop,1.00,,,', [['FIELD_MISSING', 'currency']]],
    ['2026-03-04,Shop,$1.00,EUR,,', undefined],
    ['2026-03-04,Shop,£1.00,EUR,,', [['CURRENCY_MISMATCH', 'amount']]],
    ['2026-03-04,Shop,1.00,EUR,190,', [['FIELD_INVALID', 'taxRate']]],
    ['2026-03-04,Shop,1.00,EUR,0.19,', [['FIELD_INVALID', 'taxRate']]],
    ['2026-03-04,Shop,1.00', [['LINE_MALFORMED', '']]],
    ['2026-03-04,Shop,1.00,EUR,,a,b', [['LINE_MALFORMED', '']]],
    ['2026-03-04,Shop,1.00,EUR,,a,,', undefined],
    ['2026-03-04,Shop,1.00,EUR,,"a"b', [['LINE_MALFORMED', '']]],
  ])('%s has %j', (row, expected) => {
    const [record, next, ...rest] = read(header, row, '2026-03-05,Next,2.50,EUR,,');
    expect(brief(record)).toEqual(expected ?? []);
    expect(record?.line).toBe(2);
    expect(next?.document?.gross.minor).toBe(250n);
    expect(rest).toEqual([]);
  });

  it('whose day and month cannot be told apart waits for a row that tells', () => {
    const days = (...rows: string[]) =>
      read(header, ...rows.map((day) => `${day},Shop,1.00,EUR,,`)).map(({ document }) => document?.issuedOn);
    expect(days('03/04/2026', '05/05/2026')).toEqual([undefined, '2026-05-05']);
    expect(days('03/04/2026', '25/04/2026')).toEqual(['2026-04-03', '2026-04-25']);
    expect(days('03/04/2026', '04/25/2026')).toEqual(['2026-03-04', '2026-04-25']);
    expect(days('03/04/2026', '04/25/2026', '25/04/2026')).toEqual([undefined, '2026-04-25', '2026-04-25']);
  });

  it('with a stray quote costs only its own line', () => {
    const records = read(
      header,
      '2026-03-04,"Shop,1.00,EUR,,',
      '2026-03-05,"Next",2.50,EUR,,',
      '2026-03-06,5" pipe,3.00,EUR,,',
    );
    expect(records.map((record) => [record.line, record.document?.seller.name])).toEqual([
      [2, undefined],
      [3, 'Next'],
      [4, '5" pipe'],
    ]);
  });

  it('is one of at most fifty thousand', () => {
    const file = csvExpenses.read(Buffer.from(`${header}\n${'2026-03-04,Shop,1.00,EUR,,\n'.repeat(50_001)}`));
    expect(file.records).toEqual([]);
    expect(file.problems).toMatchObject([{ severity: 'refused', code: 'FILE_TOO_LARGE' }]);
  });
});
