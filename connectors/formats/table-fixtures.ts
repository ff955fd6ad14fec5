import type { OpenTable, TablePlace, TableRow, TableSource } from '#connectors/ports';

/** A content as a file, given out in blocks of so many bytes; for tests. */
export function tableSource(
  content: string | Uint8Array,
  { name = 'file', block = 65_536 } = {},
): TableSource {
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content);
  return {
    name,
    size: bytes.length,
    async *bytes(from = 0, to = bytes.length) {
      for (let at = from; at < to; at += block) yield bytes.subarray(at, Math.min(to, at + block));
    },
  };
}

/** All rows of a table from a place on; for tests. */
export async function rowsOf(table: OpenTable, from?: TablePlace): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  for await (const batch of table.rows(from)) rows.push(...batch.rows);
  return rows;
}

/** The places between which batches of a table end; for tests. */
export async function placesOf(table: OpenTable): Promise<TablePlace[]> {
  const places: TablePlace[] = [];
  for await (const batch of table.rows()) places.push(batch.place);
  return places;
}
