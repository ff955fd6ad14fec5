import type { OpenTable, TableRow } from '#connectors/ports';
import { sampleSize } from './examine-file.ts';

/** The first rows of a table. */
export async function loadSample(table: OpenTable): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  for await (const batch of table.rows()) {
    rows.push(...batch.rows.slice(0, sampleSize - rows.length));
    if (rows.length >= sampleSize) break;
  }
  return rows;
}
