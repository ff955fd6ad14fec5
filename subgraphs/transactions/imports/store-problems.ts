import type { Transaction } from '#kernel/command';
import type { LockedImport } from './import-status.ts';
import type { RowProblem } from './read-row.ts';

/** What is wrong with a row of an import. */
export interface ImportProblem extends RowProblem {
  readonly rowNumber: number;
  readonly entry?: number | undefined;
  readonly entryKey?: string | undefined;
}

/** Keeps problems behind those an import has and answers how many it has then. */
export async function storeProblems(
  transaction: Transaction,
  locked: Pick<LockedImport, 'id' | 'problem_count'>,
  problems: readonly ImportProblem[],
): Promise<number> {
  const count = locked.problem_count + problems.length;
  if (problems.length === 0) return count;
  await transaction.query(
    `insert into transactions.import_problem
       (organisation_id, import_id, ordinal, row_number, entry, entry_key, column_name, code, message)
     select $1, $2, $3 + place, row_number, entry, entry_key, column_name, code, message
       from unnest($4::int[], $5::int[], $6::text[], $7::text[], $8::text[], $9::text[]) with ordinality
         as p (row_number, entry, entry_key, column_name, code, message, place)`,
    [
      transaction.organisationId,
      locked.id,
      locked.problem_count,
      problems.map((problem) => problem.rowNumber),
      problems.map((problem) => problem.entry ?? null),
      problems.map((problem) => problem.entryKey ?? null),
      problems.map((problem) => problem.column ?? null),
      problems.map((problem) => problem.code),
      problems.map((problem) => problem.message),
    ],
  );
  await transaction.query('update transactions.import set problem_count = $2 where id = $1', [
    locked.id,
    count,
  ]);
  return count;
}
