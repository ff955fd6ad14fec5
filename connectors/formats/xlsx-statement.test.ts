import { strToU8, zipSync } from 'fflate';
import { writeXlsx } from 'hucre/xlsx';
import { describe, expect, it } from 'vitest';
import { money } from '#kernel/money';
import type { CsvProfile, ReadOptions, StatementFile } from '#connectors/ports';
import { readStatementFile } from './statement-formats.ts';

type Cell = string | number | Date | null;
const eur = (minor: bigint) => money(minor, 'EUR');

async function read(
  sheets: Readonly<Record<string, readonly (readonly Cell[])[]>>,
  options: ReadOptions = {},
): Promise<StatementFile> {
  const rows = Object.entries(sheets).map(([name, cells]) => ({
    name,
    rows: cells.map((row) => [...row]),
  }));
  return readStatementFile(await writeXlsx({ sheets: rows }), 'umsaetze.xlsx', options);
}

const march = (day: number): Date => new Date(Date.UTC(2026, 2, day));
const table = [
  ['Kontoumsätze', null, null],
  [null],
  ['Buchungstag', 'Wertstellung', 'Empfänger', 'Verwendungszweck', 'Betrag (EUR)', 'Saldo'],
  [march(2), march(3), 'Stadtwerke', 'Abschlag März', -1040, 1210],
  [march(1), march(1), 'Ada', 'Rechnung 7', 2250.5, 2250],
];

describe('an XLSX statement', () => {
  it('is read below its titles, numbers as amounts and as days', async () => {
    const file = await read({ Umsätze: table });
    expect(file.format).toBe('XLSX');
    expect(file.statements[0]?.lines).toMatchObject([
      {
        bookedOn: '2026-03-02',
        valueOn: '2026-03-03',
        amount: eur(-104_000n),
        counterparty: { name: 'Stadtwerke' },
        remittance: 'Abschlag März',
        line: 4,
      },
      { bookedOn: '2026-03-01', amount: eur(225_050n) },
    ]);
    expect(file.statements[0]?.lines[0]?.raw).toContain('Stadtwerke');
  });

  it('is read from the first sheet that holds movements, or the one that is named', async () => {
    const sheets = { Deckblatt: [['Sehr geehrte Kundin']], Umsätze: table };
    expect((await read(sheets)).statements[0]?.lines).toHaveLength(2);
    const csv: CsvProfile = {
      columns: { bookedOn: 'Buchungstag', amount: 'Betrag (EUR)' },
      sheet: 'Deckblatt',
    };
    expect((await read(sheets, { csv })).problems).toMatchObject([{ code: 'COLUMN_MISSING' }]);
    const missing = await read(sheets, { csv: { ...csv, sheet: 'Anlage' } });
    expect(missing.problems[0]?.message).toContain('"Anlage"');
  });

  it('is read by a profile, texts in the figures of its nation', async () => {
    const csv: CsvProfile = {
      columns: { bookedOn: 'Wann', debit: 'Weg', credit: 'Her', remittance: '4' },
      dateFormat: 'DD/MM/YYYY',
      decimalSeparator: ',',
      currency: 'EUR',
    };
    const rows = [
      ['Wann', 'Weg', 'Her', 'Wozu'],
      ['03/04/2026', '1.284,5', null, 'A'],
      [march(4), null, 12, 'B'],
    ];
    const { statements, problems } = await read({ Blatt: rows }, { csv });
    expect(problems).toEqual([]);
    expect(statements[0]?.lines).toMatchObject([
      { bookedOn: '2026-04-03', amount: eur(-128_450n), remittance: 'A' },
      { bookedOn: '2026-03-04', amount: eur(1_200n), remittance: 'B' },
    ]);
  });

  it('does not take a number with three decimals for thousands', async () => {
    const rows = [
      ['Datum', 'Betrag', 'Währung'],
      [march(1), 1.284, 'KWD'],
      [march(1), '12,5', 'KWD'],
      [march(1), '13,5', 'KWD'],
    ];
    const [first] = (await read({ Blatt: rows })).statements[0]?.lines ?? [];
    expect(first?.amount).toEqual(money(1_284n, 'KWD'));
  });

  it('takes the currency of the account where the sheet names none', async () => {
    const rows = [
      ['Date', 'Amount', 'Description'],
      [march(1), 5, 'A'],
    ];
    expect((await read({ Sheet: rows })).problems[0]).toMatchObject({ severity: 'refused' });
    const file = await read({ Sheet: rows }, { account: { currency: 'CHF' } });
    expect(file.statements[0]?.lines[0]?.amount).toEqual(money(500n, 'CHF'));
  });

  it('loses the rows it cannot read, with their place', async () => {
    const file = await read({ Umsätze: [...table, ['gestern', null, 'X', 'Y', 5, null]] });
    expect(file.problems.filter(({ severity }) => severity === 'error')).toMatchObject([
      { code: 'DATE_INVALID', line: 6 },
    ]);
    expect(file.statements[0]?.lines).toHaveLength(2);
  });

  it('is refused when it is no spreadsheet, cut off or has no table', async () => {
    const zip = zipSync({ 'a.txt': strToU8('a') });
    expect((await readStatementFile(zip, 'a.zip')).problems).toMatchObject([
      { code: 'FORMAT_UNKNOWN', line: 1 },
    ]);
    const cut = await readStatementFile(zip.subarray(0, 40), 'a.xlsx');
    expect(cut.problems).toMatchObject([{ code: 'FILE_UNREADABLE', line: 1 }]);
    expect((await read({ Blatt: [['Hallo', 'Welt']] })).problems).toMatchObject([{ severity: 'refused' }]);
  });
});
