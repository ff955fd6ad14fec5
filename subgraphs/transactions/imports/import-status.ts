import type { Transaction } from '#kernel/command';
import type { TablePlace } from '#connectors/ports';
import { CrossfootError } from '#kernel/errors';
import type { ImportKind, ImportSettings } from './import-kinds.ts';

/** Which status of an import may follow which; those that nothing follows are its ends. */
export const importSteps = {
  QUEUED: ['READING', 'PAUSED', 'FAILED', 'CANCELLED'],
  READING: ['APPLYING', 'PAUSED', 'SUCCEEDED', 'PARTLY_SUCCEEDED', 'FAILED', 'CANCELLED'],
  APPLYING: ['PAUSED', 'SUCCEEDED', 'PARTLY_SUCCEEDED', 'FAILED', 'CANCELLED'],
  PAUSED: ['QUEUED', 'READING', 'APPLYING', 'CANCELLED'],
  SUCCEEDED: [],
  PARTLY_SUCCEEDED: [],
  FAILED: [],
  CANCELLED: [],
} as const satisfies Record<string, readonly string[]>;

/** Where an import stands. */
export type ImportStatus = keyof typeof importSteps;

/** Every status, in the order of an import's life. */
export const importStatuses = Object.keys(importSteps) as ImportStatus[];

/** An import as commands lock it. */
export interface LockedImport {
  readonly id: string;
  readonly book_id: string;
  readonly kind: ImportKind;
  readonly status: ImportStatus;
  readonly settings: ImportSettings;
  readonly place: TablePlace | null;
  readonly read_whole: boolean;
  readonly rows_read: number;
  readonly last_entry: number;
  readonly applied_entry: number;
  readonly problem_count: number;
  readonly file_id: string;
  readonly started_by: string | null;
  readonly told_at: Date;
}

/** Locks an import by its id; throws NOT_FOUND. */
export function lockImport(transaction: Transaction, importId: string): Promise<LockedImport> {
  return transaction.require<LockedImport>(
    `There is no import ${importId}`,
    `select id, book_id, kind, status, settings, place, read_whole, rows_read, last_entry, applied_entry, problem_count,
            file_id, started_by, told_at
       from transactions.import where id = $1 for no key update`,
    [importId],
  );
}

/** Whether nothing follows a status. */
export function isEnd(status: ImportStatus): boolean {
  return importSteps[status].length === 0;
}

/** Moves a locked import to another status; throws STATE_CONFLICT for a step the table above does not have. */
export async function advanceImport(
  transaction: Transaction,
  { id, status }: Pick<LockedImport, 'id' | 'status'>,
  to: ImportStatus,
): Promise<void> {
  if (!(importSteps[status] as readonly ImportStatus[]).includes(to)) {
    throw new CrossfootError('STATE_CONFLICT', `The import is ${status} and cannot become ${to}`, {
      path: ['importId'],
    });
  }
  await transaction.query('update transactions.import set status = $2, finished_at = $3 where id = $1', [
    id,
    to,
    isEnd(to) ? transaction.now : null,
  ]);
}

const pauseBetweenNews = 1000;

/** Tells subscribers of progress, once a second at most. */
export async function tellProgress(transaction: Transaction, locked: LockedImport): Promise<void> {
  if (transaction.now.getTime() - locked.told_at.getTime() < pauseBetweenNews) return;
  await transaction.query('update transactions.import set told_at = $2 where id = $1', [
    locked.id,
    transaction.now,
  ]);
  transaction.emit({ type: 'import.progressed', subjectId: locked.id, bookId: locked.book_id, facts: {} });
}
