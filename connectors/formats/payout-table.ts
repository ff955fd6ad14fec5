import { CrossfootError } from '#kernel/errors';
import type { PayoutReportFile } from '#connectors/payout-ports';
import type { FileSample, OpenTable, TableRow } from '#connectors/ports';
import { recordOf, type PayoutGatherer } from './payout-values.ts';

/** A report that is a table of rows, read as a stream. */
export interface PayoutTable {
  /** Whether the headings, in lower case, are those of this report. */
  recognises(header: ReadonlySet<string>): boolean;
  read(table: OpenTable, sample: FileSample): Promise<PayoutReportFile>;
}

/** One row by its headings in lower case. */
export interface ReportRow {
  readonly line: number;
  readonly record: Readonly<Record<string, string>>;
  /** The cell under the first of the headings that is not empty, blanks trimmed. */
  cell(...names: readonly string[]): string | undefined;
}

/** Headings as they are compared: lower case, single blanks. */
export function headingsOf(header: readonly string[]): string[] {
  return header.map((name) => name.trim().toLowerCase().replace(/\s+/g, ' '));
}

/** Gives each row to a function; rows that could not be split are told to `lost`. */
export async function eachRow(
  table: OpenTable,
  take: (row: ReportRow) => void,
  lost: (row: TableRow) => void,
): Promise<void> {
  const headings = headingsOf(table.header);
  const places = new Map<string, number>();
  headings.forEach((name, at) => {
    if (!places.has(name)) places.set(name, at);
  });
  for await (const batch of table.rows()) {
    for (const row of batch.rows) {
      if (row.problem) lost(row);
      else take(reportRow(row, table.header, places));
    }
  }
}

/** Takes every row of a report into its payouts; a row that cannot be read costs itself. */
export async function gatherRows(
  table: OpenTable,
  gatherer: PayoutGatherer,
  take: (gatherer: PayoutGatherer, row: ReportRow) => void,
): Promise<PayoutReportFile> {
  await eachRow(
    table,
    (row) => gatherer.attempt(row.line, () => take(gatherer, row)),
    ({ number, problem }) =>
      problem && gatherer.problems.push({ severity: 'error', line: number, ...problem }),
  );
  return gatherer.finish();
}

function reportRow(row: TableRow, header: readonly string[], places: ReadonlyMap<string, number>): ReportRow {
  return {
    line: row.number,
    get record() {
      return recordOf(header, row.cells);
    },
    cell(...names) {
      for (const name of names) {
        const text = row.cells[places.get(name) ?? -1]?.trim();
        if (text) return text;
      }
      return undefined;
    },
  };
}

/** The cell under one of the headings; throws FIELD_MISSING. */
export function required(row: ReportRow, ...names: readonly string[]): string {
  const text = row.cell(...names);
  if (text === undefined) {
    throw new CrossfootError('FIELD_MISSING', `The row has no ${names[0] ?? 'value'}.`, {
      path: [names[0] ?? ''],
    });
  }
  return text;
}
