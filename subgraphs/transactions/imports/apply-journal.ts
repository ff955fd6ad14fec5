import type { Transaction } from '#kernel/command';
import type { ErrorCode } from '#kernel/errors';
import { CrossfootError } from '#kernel/errors';
import { checkLines, type NewEntry, type NewLine } from '../ledger/entry.ts';
import { tryPostEntries } from '../ledger/post-entry.ts';
import type { PostedEntry } from '../ledger/posted-entry.ts';
import type { Applied } from './applied.ts';
import type { LockedImport } from './import-status.ts';
import type { ImportProblem } from './store-problems.ts';
import { takeEntries, type TakenEntry } from './take-rows.ts';

/** An entry as it was read, and as it is to be posted. */
interface Candidate {
  readonly taken: TakenEntry;
  readonly entry: NewEntry;
}

/** Posts the next entries on the stage; what the books refuse is told row by row, and the others are posted. */
export async function applyJournal(transaction: Transaction, locked: LockedImport): Promise<Applied> {
  const taken = await takeEntries(transaction, locked);
  const incomplete = await incompleteEntries(transaction, locked.id, taken);
  const problems: ImportProblem[] = [];
  const candidates: Candidate[] = [];
  for (const one of taken) {
    const lost = incomplete.get(one.entry);
    try {
      if (lost !== undefined)
        throw new CrossfootError(
          'ENTRY_INCOMPLETE',
          `Row ${lost} of this entry was refused, and so is the entry`,
        );
      const entry = newEntry(locked, one);
      checkLines(entry.lines);
      candidates.push({ taken: one, entry });
    } catch (error) {
      if (!(error instanceof CrossfootError)) throw error;
      problems.push(problemOf(one, error));
    }
  }
  const posted: PostedEntry[] = [];
  await post(transaction, candidates, { posted, problems });
  const rows = taken.reduce((sum, one) => sum + one.rows.length, 0);
  const refusedEntries = new Set(problems.map(({ entry }) => entry));
  const refused = taken
    .filter(({ entry }) => refusedEntries.has(entry))
    .reduce((sum, one) => sum + one.rows.length, 0);
  const known = posted.filter(({ earlier }) => earlier).length;
  return {
    entry: taken.at(-1)?.entry ?? locked.last_entry,
    rowsApplied: rows - refused,
    rowsRefused: refused,
    made: posted.length - known,
    known,
    problems,
  };
}

/** Posts all at once; when the books refuse them, halves them until those are found that are refused. */
async function post(
  transaction: Transaction,
  candidates: readonly Candidate[],
  found: { readonly posted: PostedEntry[]; readonly problems: ImportProblem[] },
): Promise<void> {
  const [first] = candidates;
  if (!first) return;
  const outcome = await tryPostEntries(
    transaction,
    candidates.map(({ entry }) => entry),
  );
  if ('posted' in outcome) {
    found.posted.push(...outcome.posted);
  } else if (candidates.length === 1) {
    found.problems.push(problemOf(first.taken, outcome.refused));
  } else {
    const middle = candidates.length >> 1;
    await post(transaction, candidates.slice(0, middle), found);
    await post(transaction, candidates.slice(middle), found);
  }
}

function newEntry(
  { book_id: bookId, id, file_id: fileId, settings, started_by: postedBy }: LockedImport,
  taken: TakenEntry,
): NewEntry {
  const [first] = taken.rows;
  if (!first?.posted_on) throw new Error(`Entry ${taken.entry} of import ${id} has no day`);
  const { posted_on: postedOn, entry_key: key } = first;
  const other = taken.rows.find((row) => row.posted_on !== postedOn);
  if (other) {
    const message = `Row ${other.row_number} of this entry is of ${other.posted_on}, row ${first.row_number} of ${postedOn}`;
    throw new CrossfootError('FIELD_INVALID', message);
  }
  const described = taken.rows.find((row) => row.description !== null)?.description;
  const description = described ?? (key === null ? `Imported entry ${taken.entry}` : `Imported entry ${key}`);
  // Entries that are named keep their name wherever they come from; others are known by their place in their file.
  const name = key === null ? `${fileId} ${taken.entry}` : `${settings.series ?? ''} ${key}`;
  return {
    bookId,
    kind: 'MANUAL',
    postedOn,
    description,
    idempotencyKey: `import ${name}`,
    ...(postedBy === null ? {} : { postedBy }),
    lines: taken.rows.map((row): NewLine => ({
      accountCode: row.account_code,
      side: row.side ?? 'DEBIT',
      money: { minor: row.minor ?? 0n, currency: row.currency ?? '' },
      // What rows say beside the entry is theirs.
      memo: row.memo ?? (row.description === description ? undefined : (row.description ?? undefined)),
      dimensions: row.extra ?? undefined,
    })),
  };
}

async function incompleteEntries(
  transaction: Transaction,
  importId: string,
  taken: readonly TakenEntry[],
): Promise<Map<number, number>> {
  const rows = await transaction.query<{ entry: number; row: number }>(
    `select entry, min(row_number) as row from transactions.import_problem
      where import_id = $1 and entry = any($2::int[]) group by entry`,
    [importId, taken.map(({ entry }) => entry)],
  );
  return new Map(rows.map(({ entry, row }) => [entry, row]));
}

/** A refusal of the books as a problem of the row it is about, or of the first row of the entry. */
function problemOf(
  taken: TakenEntry,
  refusal: { code: string; message: string; path: readonly string[] },
): ImportProblem {
  const place = refusal.path[0] === 'lines' ? Number(refusal.path[1]) : 0;
  const row = taken.rows[Number.isInteger(place) ? place : 0] ?? taken.rows[0];
  return {
    rowNumber: row?.row_number ?? 1,
    entry: taken.entry,
    entryKey: row?.entry_key ?? undefined,
    code: refusal.code as ErrorCode,
    message: refusal.message,
  };
}
