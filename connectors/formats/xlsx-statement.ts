import { addDays, calendarDate } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import type { ReadOptions, StatementFile, TableSource } from '#connectors/ports';
import { findLayoutIn } from './csv-statement-columns.ts';
import type { CsvLayout, NoLayout } from './csv-statement-columns.ts';
import type { CsvRow } from './csv-expenses-rows.ts';
import { readTable, refusedTable } from './csv-statement.ts';
import { quoted, refusedFile } from './statement-values.ts';
import type { SheetRow } from './table-xlsx-sheet.ts';
import { xlsxSheets } from './table-xlsx.ts';

const FORMAT = 'XLSX';
const MOST_ROWS = 500_000;
/** In UTF-16 units, all cells together. */
const MOST_TEXT = 64 * 1024 * 1024;
/** Numbers of days from 1970 to 2099; other numbers in a column of days are no days. */
const [FIRST_DAY, LAST_DAY] = [24_000, 73_500];

/** Whether the bytes begin as a ZIP archive does, which every XLSX file is. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/**
 * Reads a bank's XLSX by a column mapping, or without one by well-known headings, from the sheet that is named or else
 * the first that has such a table. Numbers are amounts and days as the sheet holds them; texts are read as in CSV.
 */
export async function readXlsxStatement(
  bytes: Uint8Array,
  name: string,
  options: ReadOptions,
): Promise<StatementFile> {
  try {
    const found = await findTable(bytes, name, options);
    return 'columns' in found ? readTable(FORMAT, found, options) : refusedTable(FORMAT, found);
  } catch (error) {
    if (!(error instanceof CrossfootError)) throw error;
    return refusedFile(FORMAT, { code: error.code, message: error.message });
  }
}

async function findTable(
  bytes: Uint8Array,
  name: string,
  { csv: profile }: ReadOptions,
): Promise<CsvLayout | NoLayout> {
  const { sheets, dayZero } = await xlsxSheets(sourceOf(bytes, name));
  const wanted =
    profile?.sheet === undefined ? sheets : sheets.filter((sheet) => sheet.name === profile.sheet);
  let failure: NoLayout = {
    code: 'FORMAT_UNKNOWN',
    message:
      profile?.sheet === undefined
        ? 'The spreadsheet has no sheet with rows.'
        : `The spreadsheet has no sheet ${quoted(profile.sheet)}; it has ${sheets.map((sheet) => quoted(sheet.name)).join(', ')}.`,
  };
  for (const sheet of wanted) {
    const rows = await rowsOf(sheet.rows());
    const layout = findLayoutIn(rows.map(rowAsText), profile);
    if ('columns' in layout) return { ...layout, rows: daysAsText(layout, rows, dayZero) };
    if (failure.code === 'FORMAT_UNKNOWN') failure = layout;
  }
  return failure;
}

function sourceOf(bytes: Uint8Array, name: string): TableSource {
  return {
    name,
    size: bytes.length,
    async *bytes(from, to) {
      await Promise.resolve();
      yield bytes.subarray(from, to);
    },
  };
}

async function rowsOf(read: AsyncIterable<readonly SheetRow[]>): Promise<SheetRow[]> {
  const rows: SheetRow[] = [];
  let length = 0;
  for await (const some of read) {
    for (const row of some) {
      rows.push(row);
      length += row.cells.reduce((sum, cell) => sum + cell.length + 1, 0);
    }
    if (rows.length > MOST_ROWS || length > MOST_TEXT) {
      const message = `The sheet has more than ${MOST_ROWS} rows, or ${MOST_TEXT} characters.`;
      throw new CrossfootError('FILE_TOO_LARGE', message);
    }
  }
  return rows;
}

function rowAsText({ number, cells, numbers }: SheetRow): CsvRow {
  const numeric = new Set(numbers);
  const texts = cells.map((cell, place) => (numeric.has(place) ? unmistakable(cell) : cell.trim()));
  return { cells: texts, raw: cells.join('\t'), line: number };
}

/** A number of a sheet has a decimal point; with three decimals a reader of national figures could take it for grouping. */
function unmistakable(number: string): string {
  return /^-?\d{1,3}\.\d{3}$/.test(number) ? `${number}0` : number;
}

/** The rows of the table, the numbers in its columns of days written as days. */
function daysAsText({ rows, columns }: CsvLayout, sheet: readonly SheetRow[], dayZero: string): CsvRow[] {
  const places = [columns.bookedOn, columns.valueOn].filter((place) => place !== undefined);
  const read = new Map(sheet.map((row) => [row.number, row]));
  return rows.map((row) => {
    const numbers = read.get(row.line)?.numbers ?? [];
    const days = places.filter((place) => numbers.includes(place));
    if (days.length === 0) return row;
    const cells = row.cells?.map((cell, place) => (days.includes(place) ? dayOf(cell, dayZero) : cell));
    return { ...row, cells };
  });
}

/** The time of day stands behind the point. */
function dayOf(cell: string, dayZero: string): string {
  const day = Number(/^\d{1,6}(?=\.|$)/.exec(cell)?.[0] ?? '0');
  return day >= FIRST_DAY && day <= LAST_DAY ? addDays(calendarDate(dayZero), day) : cell;
}
