import type { Transaction } from '#kernel/command';
import { lockBook } from '../lock-book.ts';

/** A match as the commands that decide on it need it. */
export interface LockedMatch {
  readonly id: string;
  readonly bookId: string;
  readonly status: string;
  readonly method: string;
  readonly automatic: boolean;
  readonly rawConfidence: number;
  readonly journalEntryId: string | undefined;
  readonly lineIds: readonly string[];
}

/** Loads a match and keeps everybody else from changing it; throws NOT_FOUND. */
export async function lockMatch(transaction: Transaction, matchId: string): Promise<LockedMatch> {
  const missing = `There is no match ${matchId}`;
  const { book_id: bookId } = await transaction.require<{ book_id: string }>(
    missing,
    'select book_id from reconciliation.match where id = $1',
    [matchId],
  );
  await lockBook(transaction, bookId);
  const row = await transaction.require<{
    status: string;
    method: string;
    automatic: boolean;
    raw: number;
    journal_entry_id: string | null;
    lines: string[];
  }>(
    missing,
    `select m.status, m.method, m.automatic, coalesce(m.raw_confidence, m.confidence) as raw, m.journal_entry_id, 
            array_remove(array_agg(l.line_id), null) as lines
       from reconciliation.match m left join reconciliation.match_line l on l.match_id = m.id
      where m.id = $1 group by m.organisation_id, m.id`,
    [matchId],
  );
  return {
    id: matchId,
    bookId,
    status: row.status,
    method: row.method,
    automatic: row.automatic,
    rawConfidence: row.raw,
    journalEntryId: row.journal_entry_id ?? undefined,
    lineIds: row.lines,
  };
}
