import { writeXlsx, type Cell, type CellStyle, type CellValue } from 'hucre/xlsx';
import { CrossfootError } from '#kernel/errors';
import { currencyDigits, formatMoney, type Money } from '#kernel/money';
import type { ReportTable, TableCell, TableRow } from '#kernel/report-table';

/** What a sheet is built of in memory; more rows belong into a CSV file. */
const mostRows = 100_000;
/** Sheets keep 15 digits of a number; longer amounts are kept as text rather than changed. */
const exactNumber = 10n ** 15n;
const headerRows = 4;

const ink = { rgb: '171A21' };
const faint = { rgb: '566072' };
const soft = { type: 'pattern', pattern: 'solid', fgColor: { rgb: 'EAF1FE' } } as const;
const rule = { style: 'thin', color: { rgb: '171A21' } } as const;

/** A table as a sheet; amounts are numbers with the decimals of their currency. Throws REPORT_UNSUITABLE. */
export async function renderXlsx(table: ReportTable): Promise<Uint8Array> {
  const rows: CellValue[][] = [
    [table.owner],
    [table.title],
    [table.subtitle],
    table.columns.map(({ label }) => label),
  ];
  const cells = new Map<string, Partial<Cell>>([
    ['0,0', { style: { font: { bold: true, color: faint } } }],
    ['1,0', { style: { font: { bold: true, size: 16, color: ink } } }],
    ['2,0', { style: { font: { color: faint } } }],
    ...table.columns.map(({ kind }, column): [string, Partial<Cell>] => [
      `${headerRows - 1},${column}`,
      {
        style: {
          font: { bold: true },
          fill: soft,
          alignment: { horizontal: kind === 'MONEY' ? 'right' : 'left', wrapText: true },
        },
      },
    ]),
  ]);
  for await (const row of table.rows) {
    if (rows.length >= mostRows) {
      throw new CrossfootError(
        'REPORT_UNSUITABLE',
        `A sheet takes ${mostRows} rows of this report; export it as CSV`,
      );
    }
    row.cells.forEach((cell, column) => {
      cells.set(`${rows.length},${column}`, { style: styleOf(row, cell, column) });
    });
    rows.push(row.cells.map(valueOf));
  }
  for (const note of table.notes) rows.push([note]);
  return writeXlsx({
    sheets: [
      {
        name: table.title.slice(0, 31),
        columns: table.columns.map(({ share }) => ({ width: Math.max(9, share * 5) })),
        rows,
        cells,
        freezePane: { rows: headerRows },
        pageSetup: { orientation: table.columns.length > 5 ? 'landscape' : 'portrait' },
      },
    ],
  });
}

function valueOf(cell: TableCell): CellValue {
  if (cell === null || typeof cell === 'string') return cell;
  return fits(cell) ? Number(formatMoney(cell)) : formatMoney(cell);
}

function fits({ minor }: Money): boolean {
  return minor < exactNumber && minor > -exactNumber;
}

function styleOf({ kind, depth }: TableRow, cell: TableCell, column: number): CellStyle {
  const strong = kind === 'TOTAL' || kind === 'HEADING';
  const isMoney = cell !== null && typeof cell !== 'string';
  return {
    font: { bold: strong, color: kind === 'ACCOUNT' ? faint : ink },
    ...(kind === 'TOTAL' ? { border: { top: rule } } : {}),
    alignment: isMoney ? { horizontal: 'right' } : { indent: column === 0 ? depth : 0 },
    ...(isMoney ? { numFmt: formatOf(cell.currency) } : {}),
  };
}

function formatOf(currency: string): string {
  const digits = currencyDigits(currency);
  return digits === 0 ? '#,##0' : `#,##0.${'0'.repeat(digits)}`;
}
