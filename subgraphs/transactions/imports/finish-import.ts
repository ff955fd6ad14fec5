import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { remedies, type ErrorCode } from '#kernel/errors';
import { id } from '#kernel/input';
import { advanceImport, lockImport, type ImportStatus, type LockedImport } from './import-status.ts';
import { mostProblems, stops } from './stage-import-rows.ts';

const failure = z.object({ code: z.string(), message: z.string() });

/** Ends an import of which nothing is left to do, with the file of its problems. */
export const finishImport = command({
  name: 'finishImport',
  description: 'Ends an import of which nothing is left to do, or whose file cannot be read.',
  scope: 'platform:internal',
  input: z.object({
    importId: id(),
    failure: failure.optional(),
    errorFile: z
      .object({ id: id(), name: z.string(), mediaType: z.string(), size: z.int(), sha256: z.string() })
      .optional(),
  }),
  async run(transaction, { importId, failure: given, errorFile }) {
    const locked = await lockImport(transaction, importId);
    const counts = await transaction.require<{ rows_applied: number; waiting: boolean }>(
      `There is no import ${importId}`,
      `select rows_applied, exists (select 1 from transactions.import_row r
                                     where r.import_id = i.id and r.organisation_id = i.organisation_id) as waiting
         from transactions.import i where id = $1`,
      [importId],
    );
    const why = given ?? whyFailed(locked, counts.rows_applied);
    const atEnd = locked.status === 'APPLYING' && !counts.waiting;
    // Paused or cancelled meanwhile, or another worker ended it.
    if (!['QUEUED', 'READING', 'APPLYING'].includes(locked.status) || !(why || atEnd))
      return { finished: false };
    const status: ImportStatus = why ? 'FAILED' : locked.problem_count > 0 ? 'PARTLY_SUCCEEDED' : 'SUCCEEDED';
    if (errorFile) await storeFile(transaction, errorFile);
    await advanceImport(transaction, locked, status);
    await transaction.query(
      `update transactions.import set error_file_id = $2, problem_code = $3, problem_message = $4 where id = $1`,
      [importId, errorFile?.id ?? null, why?.code ?? null, why?.message ?? null],
    );
    transaction.emit({
      type: 'import.finished',
      subjectId: importId,
      bookId: locked.book_id,
      facts: { status },
    });
    transaction.audit({
      subjectType: 'Import',
      subjectId: importId,
      before: { status: locked.status },
      after: { status, why },
    });
    return { finished: true };
  },
});

function whyFailed(
  locked: LockedImport,
  rowsApplied: number,
): { code: ErrorCode; message: string } | undefined {
  const { problem_count: problems, settings } = locked;
  const message = `${problems} ${problems === 1 ? 'problem was' : 'problems were'} found and nothing was applied`;
  if (locked.status === 'READING' && locked.read_whole && stops(settings.stopOnProblems, problems)) {
    return { code: 'ROWS_REFUSED', message };
  }
  if (locked.status === 'READING' && problems > mostProblems) return { code: 'ROWS_REFUSED', message };
  if (locked.status === 'APPLYING' && problems > 0 && rowsApplied === 0)
    return { code: 'ROWS_REFUSED', message };
  return undefined;
}

/** Whether a code stands in the table of remedies. */
export function remedyOf(code: string): string {
  return Object.hasOwn(remedies, code) ? remedies[code as ErrorCode] : '';
}

async function storeFile(
  transaction: Transaction,
  file: { id: string; name: string; mediaType: string; size: number; sha256: string },
): Promise<void> {
  await transaction.query(
    `insert into transactions.file (organisation_id, id, name, media_type, size, sha256)
     values ($1, $2, $3, $4, $5, $6) on conflict (organisation_id, id) do nothing`,
    [transaction.organisationId, file.id, file.name, file.mediaType, file.size, file.sha256],
  );
}
