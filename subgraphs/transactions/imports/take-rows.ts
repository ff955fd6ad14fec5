import type { Transaction } from '#kernel/command';
import type { CalendarDate } from '#kernel/calendar';
import type { LockedImport } from './import-status.ts';

/** A row as it left the stage. */
export interface TakenRow {
  readonly entry: number;
  readonly position: number;
  readonly row_number: number;
  readonly entry_key: string | null;
  readonly posted_on: CalendarDate | null;
  readonly account_code: string;
  readonly side: 'DEBIT' | 'CREDIT' | null;
  readonly minor: bigint | null;
  readonly currency: string | null;
  readonly description: string | null;
  readonly memo: string | null;
  readonly extra: Readonly<Record<string, string>> | null;
}

/** An entry with its rows, as they left the stage together. */
export interface TakenEntry {
  readonly entry: number;
  readonly rows: readonly TakenRow[];
}

/** How many rows leave the stage together; an entry that has more of them leaves alone. */
export const rowsAtOnce = 2000;

/**
 * Takes the next entries off the stage, whole ones: they are gone from it when the transaction commits, and with it
 * stands what became of them.
 */
export async function takeEntries(transaction: Transaction, locked: LockedImport): Promise<TakenEntry[]> {
  // Two statements, because only plain bounds let the second one walk along the key instead of through the table.
  const next = await transaction.query<{ entry: number }>(
    `select entry from transactions.import_row
      where organisation_id = $4 and import_id = $1 and entry > $2 order by entry, position limit $3`,
    [locked.id, locked.applied_entry, rowsAtOnce, transaction.organisationId],
  );
  const [first, last] = [next[0]?.entry, next.at(-1)?.entry];
  if (first === undefined || last === undefined) return [];
  // The last entry may go on behind the limit; then it waits, unless it is the only one.
  const reach = next.length < rowsAtOnce || first === last ? last : last - 1;
  const rows = await transaction.query<TakenRow>(
    `with taken as (
       delete from transactions.import_row
        where organisation_id = $4 and import_id = $1 and entry > $2 and entry <= $3
       returning entry, position, row_number, entry_key, posted_on, account_code, side, minor, currency, description,
         memo, extra
     )
     select * from taken order by entry, position`,
    [locked.id, locked.applied_entry, reach, transaction.organisationId],
  );
  const entries: { entry: number; rows: TakenRow[] }[] = [];
  for (const row of rows) {
    const last = entries.at(-1);
    if (last?.entry === row.entry) last.rows.push(row);
    else entries.push({ entry: row.entry, rows: [row] });
  }
  return entries;
}
