import { formatMoney } from '#kernel/money';
import type { ReportTable, TableCell } from '#kernel/report-table';

/** A table as CSV (RFC 4180, UTF-8): a header, then a line for each row; amounts are plain decimals with a point. */
export async function* renderCsv(table: ReportTable): AsyncGenerator<string> {
  yield csvLine(table.columns.map(({ label }) => label));
  for await (const { kind, depth, cells } of table.rows) {
    yield csvLine(
      cells.map((cell, place) => (place === 0 && kind === 'ACCOUNT' ? indented(cell, depth) : plain(cell))),
    );
  }
}

function plain(cell: TableCell): string {
  if (cell === null) return '';
  return typeof cell === 'string' ? cell : formatMoney(cell);
}

function indented(cell: TableCell, depth: number): string {
  return `${'  '.repeat(depth)}${plain(cell)}`;
}

function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** Spreadsheets take a cell that begins with one of these for a formula; numbers may begin with a minus. */
const formula = /^[=+@\t\r]|^-(?!\d+(\.\d+)?$)/;

function csvCell(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
