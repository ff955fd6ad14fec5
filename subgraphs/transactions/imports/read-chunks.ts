import type { OpenTable, TablePlace, TableRow } from '#connectors/ports';
import { entryGroups, type OpenEntry } from './group-entries.ts';
import type { ImportKind, ImportSettings } from './import-kinds.ts';
import { rowReader } from './read-row.ts';
import type { StagedChunk, StagedRow } from './stage-import-rows.ts';
import type { ImportProblem } from './store-problems.ts';

/** Rows that are staged together at least; whole batches of the reader are. */
export const rowsInChunk = 10_000;

/** Where reading begins. */
export interface Beginning {
  readonly place: TablePlace | null;
  readonly lastEntry: number;
  readonly open: readonly OpenEntry[];
}

/** Reads a table from a place on, chunk by chunk; the last one may be empty. */
export async function* readChunks(
  kind: ImportKind,
  { table, settings }: { readonly table: OpenTable; readonly settings: ImportSettings },
  beginning: Beginning,
): AsyncGenerator<StagedChunk> {
  const read = rowReader(kind, table, settings);
  const { mapping } = settings;
  const single = kind !== 'JOURNAL';
  const grouping = {
    byKey: mapping.ENTRY !== undefined,
    pairs: mapping.CONTRA_ACCOUNT !== undefined || single,
  };
  const groups = entryGroups(grouping, beginning.lastEntry, beginning.open);
  let place = beginning.place ?? { rows: 0, number: 0, byte: 0 };
  let chunk = emptyChunk();
  const take = (row: TableRow, nth: number): void => {
    const reading = read(row);
    const entry = single && reading.rows.length === 0 ? undefined : groups.entryOf(reading);
    // A row makes two lines at most, when it names both accounts.
    reading.rows.forEach((line, index) => {
      chunk.rows.push({ ...line, entry: entry ?? 0, position: 2 * nth + index - 1, rowNumber: row.number });
    });
    for (const problem of reading.problems) {
      chunk.problems.push({ ...problem, rowNumber: row.number, entry, entryKey: reading.entryKey });
    }
    if (reading.problems.length > 0) chunk.refused += 1;
  };
  for await (const batch of table.rows(beginning.place ?? undefined)) {
    const before = batch.place.rows - batch.rows.length;
    batch.rows.forEach((row, index) => take(row, before + index + 1));
    ({ place } = batch);
    if (chunk.rows.length + chunk.problems.length < rowsInChunk) continue;
    yield { ...chunk, place, lastEntry: groups.last, last: false };
    chunk = emptyChunk();
  }
  yield { ...chunk, place, lastEntry: groups.last, last: true };
}

function emptyChunk(): { rows: StagedRow[]; problems: ImportProblem[]; refused: number } {
  return { rows: [], problems: [], refused: 0 };
}
