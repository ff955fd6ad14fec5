import type { CalendarDate } from '#kernel/calendar';
import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import {
  opposite,
  type LineRate,
  type LineTax,
  type NewEntry,
  type NewLine,
  type RateSource,
  type Side,
} from './entry.ts';

/** An entry as the journal has it, with what its reversal needs. */
export interface StoredEntry {
  readonly id: string;
  readonly number: string;
  readonly bookId: string;
  readonly postedOn: CalendarDate;
  readonly vendorId: string | undefined;
  readonly documentId: string | undefined;
  readonly matchId: string | undefined;
  readonly lines: readonly NewLine[];
}

interface EntryRow {
  readonly id: string;
  readonly number: string;
  readonly book_id: string;
  readonly posted_on: CalendarDate;
  readonly vendor_id: string | null;
  readonly document_id: string | null;
  readonly match_id: string | null;
  readonly reversal_of: string | null;
  readonly reversed_by: string | null;
}

interface LineRow {
  readonly code: string;
  readonly side: Side;
  readonly minor: bigint;
  readonly currency: string;
  readonly memo: string | null;
  readonly functional_minor: bigint | null;
  readonly rate: string | null;
  readonly rate_source: RateSource | null;
  readonly rate_on: CalendarDate | null;
  readonly rate_path: string | null;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly tax_code: string | null;
  readonly tax_role: LineTax['role'] | null;
}

/** Loads an entry that is to be reversed. Throws NOT_FOUND, ALREADY_REVERSED, and STATE_CONFLICT for a reversal. */
export async function loadEntry(transaction: Transaction, id: string): Promise<StoredEntry> {
  const path = ['journalEntryId'];
  // Nobody may lock a row of the journal, so two reversals of one entry wait for each other here.
  await transaction.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`reversal of ${id}`]);
  const row = await transaction.maybe<EntryRow>(
    `select e.id, e.number, e.book_id, e.posted_on, e.vendor_id, e.document_id, e.match_id, e.reversal_of,
            r.number as reversed_by
       from transactions.journal_entry e
       left join transactions.journal_entry r on r.organisation_id = e.organisation_id and r.reversal_of = e.id
      where e.id = $1`,
    [id],
  );
  if (!row) throw new CrossfootError('NOT_FOUND', `There is no journal entry ${id}`, { path });
  if (row.reversed_by !== null) {
    throw new CrossfootError('ALREADY_REVERSED', `${row.number} was reversed by ${row.reversed_by}`, {
      path,
    });
  }
  if (row.reversal_of !== null) {
    const message = `${row.number} is a reversal; a reversal is not reversed, post the entry anew`;
    throw new CrossfootError('STATE_CONFLICT', message, { path });
  }
  const lines = await transaction.query<LineRow>(
    `select a.code, l.side, l.minor, l.currency, l.memo, l.functional_minor, l.rate::text as rate, l.rate_source,
            l.rate_on, l.rate_path, l.dimensions, l.tax_code, l.tax_role
       from transactions.journal_line l
       join transactions.account a on a.organisation_id = l.organisation_id and a.id = l.account_id
      where l.journal_entry_id = $1 order by l.position`,
    [id],
  );
  return {
    id: row.id,
    number: row.number,
    bookId: row.book_id,
    postedOn: row.posted_on,
    vendorId: row.vendor_id ?? undefined,
    documentId: row.document_id ?? undefined,
    matchId: row.match_id ?? undefined,
    lines: lines.map(newLine),
  };
}

/** A line as it stands, to be posted once more; worth and rate are those it was posted with. */
function newLine(row: LineRow): NewLine {
  const { code, side, minor, currency, memo, dimensions } = row;
  return {
    accountCode: code,
    side,
    money: { minor, currency },
    functional: row.functional_minor ?? undefined,
    rate: rateOf(row),
    memo: memo ?? undefined,
    dimensions: Object.keys(dimensions).length > 0 ? dimensions : undefined,
    tax:
      row.tax_code !== null && row.tax_role !== null ? { code: row.tax_code, role: row.tax_role } : undefined,
  };
}

function rateOf({ rate, rate_source, rate_on, rate_path }: LineRow): LineRate | undefined {
  if (rate === null || rate_source === null || rate_on === null || rate_path === null) return undefined;
  return { rate, source: rate_source, on: rate_on, path: rate_path };
}

/** The entry that takes another back: its lines with debit and credit exchanged. */
export function reversalOf(
  original: StoredEntry,
  { postedOn, reason }: { postedOn: CalendarDate; reason: string },
): NewEntry {
  return {
    bookId: original.bookId,
    kind: 'REVERSAL',
    postedOn,
    description: `Reversal of ${original.number}: ${reason}`,
    lines: original.lines.map((line) => ({ ...line, side: opposite(line.side) })),
    vendorId: original.vendorId,
    documentId: original.documentId,
    reversalOf: original.id,
    cause: original.matchId === undefined ? undefined : { matchId: original.matchId },
  };
}
