import { describe, expect, it } from 'vitest';
import { money } from '#kernel/money';
import type { BankLine, CsvProfile, StatementFile } from '#connectors/ports';
import { csvStatement } from './csv-statement.ts';
import { readStatementFile } from './statement-formats.ts';
import { CSV } from './statement-fixtures.ts';

const read = (text: string, csv?: CsvProfile): StatementFile =>
  csvStatement.read(new TextEncoder().encode(text), { csv });
const lines = (text: string, csv?: CsvProfile): readonly BankLine[] =>
  read(text, csv).statements.flatMap((each) => each.lines);
const eur = (minor: bigint): ReturnType<typeof money> => money(minor, 'EUR');

describe('a bank’s CSV without a mapping', () => {
  it('is read by its headings, which a warning names', () => {
    const { statements, problems } = read(CSV);
    expect(problems).toMatchObject([{ severity: 'warning', code: 'COLUMN_MISSING' }]);
    expect(problems[0]?.message).toContain(
      'bookedOn = "Buchungstag", valueOn = "Wertstellung", amount = "Betrag (EUR)"',
    );
    expect(problems[0]?.message).toContain('decimal comma');
    expect(statements).toHaveLength(1);
    expect(statements[0]).toMatchObject({
      currency: 'EUR',
      from: '2026-03-01',
      to: '2026-03-02',
      account: {},
    });
    expect(statements[0]?.lines[0]).toEqual({
      bookedOn: '2026-03-02',
      valueOn: '2026-03-03',
      amount: eur(-104000n),
      status: 'booked',
      reversal: false,
      counterparty: { iban: 'DE02120300000000202051', name: 'Stadtwerke' },
      remittance: 'Abschlag; März',
      details: [],
      raw: '"02.03.2026";"03.03.2026";"Stadtwerke";"Abschlag; März";"DE02120300000000202051";"-1.040,00";"1.210,00"',
      line: 4,
    });
  });

  it('gets its balances from a column that runs with the rows, whichever end comes first', () => {
    const [statement] = read(CSV).statements;
    expect(statement).toMatchObject({ opening: { amount: eur(0n) }, closing: { amount: eur(121000n) } });
    const turned = CSV.split('\n');
    const swapped = [...turned.slice(0, 3), turned[4], turned[3]].join('\n');
    expect(read(swapped).statements[0]).toMatchObject({
      opening: { amount: eur(0n) },
      closing: { amount: eur(121000n) },
    });
  });

  it('says when the balance column is no running total', () => {
    const { statements, problems } = read(CSV.replace('"1.210,00"', '"1.211,00"'));
    expect(statements[0]).toMatchObject({ opening: undefined, closing: undefined });
    expect(problems[1]).toMatchObject({ severity: 'warning', code: 'STATEMENT_UNBALANCED' });
  });

  it.each([
    ['Booking Date,Description,Amount,Currency\n2026-03-02,Rent,"-1,200.00",EUR', -120000n],
    ['Date opération;Libellé;Débit;Crédit;Devise\n02/03/2026;Loyer;1234,56;;EUR', -123456n],
    ['Date;Label;Debit;Credit;Currency\n2026-03-02;Fee;-5,00;0,00;EUR', -500n],
    ['Boekdatum;Naam tegenpartij;Bedrag;Munt\n02-03-2026;Jansen;1.000,5;EUR', 100050n],
    ['Datum;Naam / Omschrijving;Af Bij;Bedrag (EUR)\n20260302;Jansen;Af;12,34', -1234n],
    ['Fecha;Concepto;Importe;Moneda\n02/03/2026;Alquiler;-1.234,56;EUR', -123456n],
    ['Buchung;Umsatz in EUR\n02.03.26;12,34 S', -1234n],
    ['Date\tAmount (€)\n2026-03-02\t(7.50)', -750n],
    ["Datum;Betrag;Währung\n02.03.2026;1'234.50;EUR", 123450n],
    ['Date,Amount,Currency\n2026-03-02,−3.00,EUR', -300n],
  ])('reads %j', (text, minor) => {
    expect(lines(text)).toMatchObject([{ bookedOn: '2026-03-02', amount: eur(minor) }]);
  });

  it('makes one statement for each account and currency', () => {
    const text =
      'Date,Account,Amount,Currency,Counterparty IBAN\n2026-03-01,A1,1.00,EUR,X\n2026-03-01,A1,2.00,USD,Y\n2026-03-02,A2,3.00,EUR,Z';
    expect(
      read(text).statements.map(({ account, currency, lines: found }) => [
        account.accountNumber,
        currency,
        found.length,
      ]),
    ).toEqual([
      ['A1', 'EUR', 1],
      ['A1', 'USD', 1],
      ['A2', 'EUR', 1],
    ]);
  });

  it('takes an account column that changes from row to row for the other side', () => {
    const text =
      'Date,IBAN,Amount,Currency\n2026-03-01,NL91ABNA0417164300,1.00,EUR\n2026-03-01,DE89370400440532013000,2.00,EUR';
    const { statements } = read(text);
    expect(statements.map(({ account }) => account)).toEqual([{}]);
    expect(statements[0]?.lines.map(({ counterparty }) => counterparty.iban)).toEqual([
      'NL91ABNA0417164300',
      'DE89370400440532013000',
    ]);
  });

  it('learns the order of day and month from other rows, or from the direction in which they run', () => {
    const days = (...written: readonly string[]): string[] =>
      lines(`Date,Amount,Currency\n${written.map((day) => `${day},1.00,EUR`).join('\n')}`).map(
        ({ bookedOn }) => bookedOn,
      );
    expect(days('3/4/2026', '3/14/2026')).toEqual(['2026-03-04', '2026-03-14']);
    expect(days('3/4/2026', '14/4/2026')).toEqual(['2026-04-03', '2026-04-14']);
    expect(days('01/12/2026', '02/01/2026', '02/11/2026')).toEqual([
      '2026-01-12',
      '2026-02-01',
      '2026-02-11',
    ]);
  });

  it('is refused with COLUMN_MISSING when no heading tells day, amount or currency', () => {
    expect(read('Date,Description\n2026-03-02,Rent').problems).toMatchObject([
      { severity: 'refused', code: 'COLUMN_MISSING', line: 1 },
    ]);
    expect(read('Amount,Currency\n1.00,EUR').problems[0]?.message).toContain('the booking date');
    expect(read('Date,Amount\n2026-03-02,1.00').problems[0]).toMatchObject({
      severity: 'refused',
      code: 'COLUMN_MISSING',
      line: 2,
    });
  });
});

describe('a bank’s CSV with a mapping', () => {
  const columns = { bookedOn: 'Tag', amount: 'Wert' };

  it('is read by the headings it names, without guesses', () => {
    const text = 'Konto Export\n\nTag|Wert|Wer|IBAN|Nr|Text\n1/2/26|1.500|Ada|NL91ABNA0417164300|R1|Rechnung';
    const profile: CsvProfile = {
      columns: {
        ...columns,
        counterpartyName: 'wer',
        counterpartyAccount: 'IBAN',
        reference: 'Nr',
        remittance: 'Text',
      },
      delimiter: '|',
      decimalSeparator: ',',
      currency: 'EUR',
      account: { iban: 'DE89370400440532013000' },
    };
    expect(read(text, profile)).toMatchObject({
      problems: [],
      statements: [
        {
          account: { iban: 'DE89370400440532013000' },
          lines: [
            {
              bookedOn: '2026-02-01',
              amount: eur(150000n),
              bankReference: 'R1',
              counterparty: { name: 'Ada', iban: 'NL91ABNA0417164300' },
              line: 4,
            },
          ],
        },
      ],
    });
  });

  it('follows its date format where the dates could be read two ways', () => {
    const text = 'Tag;Wert\n03/04/2026;1,00';
    expect(lines(text, { columns, currency: 'EUR', dateFormat: 'MM/DD/YYYY' })).toMatchObject([
      { bookedOn: '2026-03-04' },
    ]);
    expect(lines(text, { columns, currency: 'EUR', dateFormat: 'DD/MM/YYYY' })).toMatchObject([
      { bookedOn: '2026-04-03' },
    ]);
    expect(read(text, { columns, dateFormat: 'D.M.' }).problems).toMatchObject([
      { severity: 'refused', code: 'FIELD_INVALID' },
    ]);
  });

  it('is read by numbers of columns, with a row of headings or without', () => {
    const numbers: CsvProfile = { columns: { bookedOn: '1', debit: '3', credit: '4' }, currency: 'EUR' };
    expect(lines('2026-03-01,a,5.00,\n2026-03-02,b,,7.00', numbers)).toMatchObject([
      { amount: eur(-500n) },
      { amount: eur(700n) },
    ]);
    expect(lines('X,Y,Z,W\n2026-03-01,a,5.00,', numbers)).toMatchObject([{ amount: eur(-500n), line: 2 }]);
  });

  it('is refused when a column it names is not there, or it names too few', () => {
    const [problem] = read('Tag;Betrag\n2026-03-01;1,00', { columns, currency: 'EUR' }).problems;
    expect(problem).toMatchObject({ severity: 'refused', code: 'COLUMN_MISSING', line: 1 });
    expect(problem?.message).toContain('"Wert"');
    expect(read('Tag\n2026-03-01', { columns: { bookedOn: 'Tag' } }).problems).toMatchObject([
      { severity: 'refused', code: 'COLUMN_MISSING' },
    ]);
  });

  it('is decoded as it says', () => {
    const bytes = Uint8Array.from('Tag;Wert;Wer\n2026-03-01;1,00;P\xB3a'.split(''), (sign) =>
      sign.charCodeAt(0),
    );
    const csv: CsvProfile = {
      columns: { ...columns, counterpartyName: 'Wer' },
      currency: 'PLN',
      encoding: 'iso-8859-2',
    };
    expect(csvStatement.read(bytes, { csv }).statements[0]?.lines[0]?.counterparty.name).toBe('Pła');
  });
});

describe('rows of a CSV with faults', () => {
  const table = (...rows: readonly string[]): string =>
    ['Date,Description,Amount,Currency', '2026-03-01,ok,1.00,EUR', ...rows].join('\n');

  it.each([
    ['2026-03-02,garbled,12..34,EUR', 'AMOUNT_INVALID'],
    ['2026-02-30,no day,1.00,EUR', 'DATE_INVALID'],
    ['2026-03-02,precise,1.005,EUR', 'AMOUNT_TOO_PRECISE'],
    ['2026-03-02,odd,1.00,XYZ', 'CURRENCY_UNKNOWN'],
    ['2026-03-02,"open,1.00,EUR', 'LINE_MALFORMED'],
  ])('lose only themselves: %s', (row, code) => {
    const { statements, problems } = read(table(row, '2026-03-03,ok,2.00,EUR'));
    expect(statements[0]?.lines).toHaveLength(2);
    expect(problems.filter(({ severity }) => severity === 'error')).toMatchObject([{ code, line: 3 }]);
  });

  it('without day and amount are titles or sums and no loss', () => {
    const { statements, problems } = read(table(',,,', ',Total,,'));
    expect(statements[0]?.lines).toHaveLength(1);
    expect(problems).toHaveLength(1);
  });

  it('say when a direction is neither in nor out', () => {
    expect(read('Date,Amount,Currency,Debit/Credit\n2026-03-01,1.00,EUR,maybe').problems[0]).toMatchObject({
      severity: 'refused',
      code: 'FIELD_INVALID',
      line: 2,
    });
  });
});

describe('a table of something else', () => {
  it('is refused as the report of a payment provider, with the operation that takes it', async () => {
    const report = 'Company Account,Psp Reference,Creation Date,Net Credit (NC)\nF,1,2026-03-01,5.00\n';
    const file = await readStatementFile(new TextEncoder().encode(report), 'report.txt');
    expect(file).toMatchObject({ problems: [{ severity: 'refused', code: 'FORMAT_WRONG', line: 1 }] });
    expect(file.problems[0]?.message).toContain('importPayoutReport');
  });

  it('is refused when it is of securities, for its amounts move no bank account', () => {
    const trades = 'Date,Fund,Price,Amount,Shares,Currency\n2026-03-01,ACME,10.00,300.00,30,USD\n';
    expect(read(trades)).toMatchObject({
      statements: [],
      problems: [{ severity: 'refused', code: 'FORMAT_UNSUPPORTED', line: 1 }],
    });
  });
});
