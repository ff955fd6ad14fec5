import { byBatch, byId } from '#kernel/loaders';
import { ImportEntity } from './entities.ts';

/** Imports by id. */
export const importById = byId(ImportEntity);

/** What was wrong with a row. */
export interface ProblemRow {
  readonly importId: string;
  readonly row: number;
  readonly column: string | null;
  readonly entry: string | null;
  readonly code: string;
  readonly message: string;
}

/** How many problems of an import are shown; all of them stand in the file of its errors. */
export const problemsShown = 100;

/** The first problems of imports, in the order of the file. */
export const problemsByImport = byBatch<ProblemRow[]>(async (ids, context) => {
  const rows = await context.sql<ProblemRow>(
    `select import_id as "importId", row_number as "row", column_name as "column", entry_key as "entry", code, message
       from transactions.import_problem where import_id = any($1) and ordinal <= ${problemsShown}
      order by import_id, ordinal`,
    [[...ids]],
  );
  const found = Map.groupBy(rows, ({ importId }) => importId);
  return ids.map((id) => found.get(id) ?? []);
});
