import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { id } from '#kernel/input';
import type { TablePlace } from '#connectors/ports';
import { arrayLiteral } from './array-literal.ts';
import { advanceImport, lockImport, tellProgress } from './import-status.ts';
import type { ReadRow } from './read-row.ts';
import { storeProblems, type ImportProblem } from './store-problems.ts';

/** A row on its way to the stage. */
export interface StagedRow extends ReadRow {
  readonly entry: number;
  readonly position: number;
  readonly rowNumber: number;
}

/** Rows that were read together, what was wrong with others of them, and the place behind them. */
export interface StagedChunk {
  readonly rows: readonly StagedRow[];
  readonly problems: readonly ImportProblem[];
  /** Rows of the file that were wrong. */
  readonly refused: number;
  readonly place: TablePlace;
  readonly lastEntry: number;
  /** Whether the file ends here. */
  readonly last: boolean;
}

/** More problems than these are no matter of rows: the mapping is wrong, or the file. */
export const mostProblems = 100_000;

/**
 * The command that stages a chunk. The rows stand beside its input, because the memory of commands, which keeps every
 * input's hash for ever, has no use for them; the place they begin at says which they are. Who comes too late, because
 * the import was paused or another worker staged the rows, stages nothing.
 */
export function stageImportRows(chunk: StagedChunk) {
  return command({
    name: 'stageImportRows',
    description: 'Stages the next rows of a file together with the place behind them.',
    scope: 'platform:internal',
    input: z.object({ importId: id(), from: z.int() }),
    async run(transaction, { importId, from }) {
      const locked = await lockImport(transaction, importId);
      const working = locked.status === 'QUEUED' || locked.status === 'READING';
      if (!working || locked.read_whole || (locked.place?.rows ?? 0) !== from) return { staged: false };
      if (locked.status === 'QUEUED') await advanceImport(transaction, locked, 'READING');
      await transaction.query(
        `update transactions.import
            set place = $2, bytes_read = $3, rows_read = $4, last_entry = $5, rows_refused = rows_refused + $6, read_whole = $7
          where id = $1`,
        [
          importId,
          JSON.stringify(chunk.place),
          chunk.place.byte,
          chunk.place.rows,
          chunk.lastEntry,
          chunk.refused,
          chunk.last,
        ],
      );
      await storeRows(transaction, importId, chunk.rows);
      const problems = await storeProblems(transaction, locked, chunk.problems);
      await tellProgress(transaction, locked);
      transaction.audit({
        subjectType: 'Import',
        subjectId: importId,
        after: { place: chunk.place, staged: chunk.rows.length, refused: chunk.refused },
      });
      if (chunk.last && !stops(locked.settings.stopOnProblems, problems)) {
        await advanceImport(transaction, { id: importId, status: 'READING' }, 'APPLYING');
      }
      return { staged: true, problems };
    },
  });
}

/** Whether problems found while reading keep everything from being applied. */
export function stops(stopOnProblems: boolean, problems: number): boolean {
  return problems > mostProblems || (stopOnProblems && problems > 0);
}

async function storeRows(
  transaction: Transaction,
  importId: string,
  rows: readonly StagedRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await transaction.query(
    `insert into transactions.import_row
       (organisation_id, import_id, entry, position, row_number, entry_key, posted_on, account_code, side, minor, currency,
        description, memo, extra)
     select $1, $2, * from unnest($3::int[], $4::int[], $5::int[], $6::text[], $7::date[], $8::text[], $9::text[],
       $10::bigint[], $11::text[], $12::text[], $13::text[], $14::jsonb[])`,
    [
      transaction.organisationId,
      importId,
      `{${rows.map((row) => row.entry).join(',')}}`,
      `{${rows.map((row) => row.position).join(',')}}`,
      `{${rows.map((row) => row.rowNumber).join(',')}}`,
      arrayLiteral(rows.map((row) => row.entryKey)),
      arrayLiteral(rows.map((row) => row.postedOn)),
      arrayLiteral(rows.map((row) => row.accountCode)),
      arrayLiteral(rows.map((row) => row.side)),
      arrayLiteral(rows.map((row) => row.minor?.toString())),
      arrayLiteral(rows.map((row) => row.currency)),
      arrayLiteral(rows.map((row) => row.description)),
      arrayLiteral(rows.map((row) => row.memo)),
      arrayLiteral(rows.map((row) => row.extra && JSON.stringify(row.extra))),
    ],
  );
}
