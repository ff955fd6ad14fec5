import { CrossfootError } from '#kernel/errors';
import type { OpenTable, TableFormat, TableSettings, TableSource } from '#connectors/ports';
import { openCsv } from './table-csv.ts';
import { openJson } from './table-json.ts';
import { headOf } from './table-text.ts';
import { openXlsx } from './table-xlsx.ts';

const openers: Readonly<
  Record<TableFormat, (source: TableSource, settings: TableSettings) => Promise<OpenTable>>
> = {
  CSV: openCsv,
  XLSX: openXlsx,
  JSON: openJson,
  NDJSON: openJson,
};

/**
 * Opens a file of rows, told by its content: delimited text, a spreadsheet, a list of JSON objects or one a line.
 * Throws FORMAT_UNSUPPORTED, FILE_UNREADABLE, FILE_TOO_LARGE or FIELD_INVALID.
 */
export async function openTable(source: TableSource, settings: TableSettings): Promise<OpenTable> {
  const format = settings.format ?? recognised(await headOf(source));
  // What opens like JSON may be one object a line, which the reader of JSON tells apart.
  return openers[format](source, settings);
}

function recognised(head: Buffer): TableFormat {
  if (head.length === 0) throw new CrossfootError('FILE_UNREADABLE', 'The file is empty');
  if (head.subarray(0, 4).toString('hex') === '504b0304') return 'XLSX';
  if (head.subarray(0, 4).toString('hex') === 'd0cf11e0') {
    throw new CrossfootError(
      'FORMAT_UNSUPPORTED',
      'This is a spreadsheet of the old kind or one with a password; save it as XLSX or CSV',
    );
  }
  if (head.subarray(0, 5).toString('latin1') === '%PDF-') {
    throw new CrossfootError('FORMAT_UNSUPPORTED', 'This is a PDF; rows are read from CSV, XLSX and JSON');
  }
  return /^\uFEFF?\s*[[{]/.test(head.subarray(0, 4096).toString('utf8')) ? 'JSON' : 'CSV';
}
