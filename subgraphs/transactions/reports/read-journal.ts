import { calendarDate, type CalendarDate } from '#kernel/calendar';
import type { Money } from '#kernel/money';
import type { RunQuery } from '../rates/rate-for.ts';
import type { Side } from '../ledger/entry.ts';
import type { ReportDays } from './account-sums.ts';
import type { ReportBook } from './load-sums.ts';

/** A line of an entry as files of the journal take it. */
export interface JournalFileLine {
  readonly position: number;
  readonly accountId: string;
  readonly side: Side;
  readonly money: Money;
  /** In the base currency, positive; null for foreign lines of a time before there were rates. */
  readonly functional: bigint | null;
  /** Units of the base currency for one of the line's; null for lines in the base currency. */
  readonly rate: string | null;
  readonly memo: string | null;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly taxCode: string | null;
  readonly taxRole: 'BASE' | 'TAX' | null;
}

/** An entry as files of the journal take it. */
export interface JournalFileEntry {
  readonly id: string;
  readonly number: string;
  readonly kind: string;
  readonly postedOn: CalendarDate;
  readonly enteredOn: string;
  readonly description: string;
  readonly vendorId: string | null;
  readonly documentId: string | null;
  readonly fields: Readonly<Record<string, string>>;
  readonly lines: readonly JournalFileLine[];
}

interface EntryRow {
  readonly id: string;
  readonly number: string;
  readonly sequence: string;
  readonly kind: string;
  readonly posted_on: string;
  readonly entered_on: string;
  readonly description: string;
  readonly vendor_id: string | null;
  readonly document_id: string | null;
  readonly fields: Record<string, string>;
}

interface LineRow {
  readonly journal_entry_id: string;
  readonly position: number;
  readonly account_id: string;
  readonly side: Side;
  readonly minor: string;
  readonly currency: string;
  readonly functional: string | null;
  readonly rate: string | null;
  readonly memo: string | null;
  readonly dimensions: Record<string, string>;
  readonly tax_code: string | null;
  readonly tax_role: 'BASE' | 'TAX' | null;
}

const batchSize = 1000;
const entriesText = `
  select e.id, e.number, e.sequence::text as sequence, e.kind, e.posted_on::text as posted_on,
         e.posted_at::date::text as entered_on, e.description, e.vendor_id, e.document_id, e.fields
    from transactions.journal_entry e
   where e.book_id = $1 and e.posted_on between $2 and $3 and (e.posted_on, e.sequence) > ($2, $4::bigint)
   order by e.posted_on, e.sequence limit ${batchSize}`;
const linesText = `
  select journal_entry_id, position, account_id, side, minor::text as minor, currency,
         functional_minor::text as functional, rate::text as rate, memo, dimensions, tax_code, tax_role
    from transactions.journal_line where journal_entry_id = any ($1::text[])
   order by journal_entry_id, position`;

/** All entries of a book on some days, by day and number, in batches, so that any journal fits into memory. */
export async function* readJournal(
  run: RunQuery,
  book: ReportBook,
  { from, to }: ReportDays,
): AsyncGenerator<JournalFileEntry[]> {
  for (let place = { day: from, sequence: '0' }; ;) {
    const rows = await run<EntryRow>(entriesText, [book.id, place.day, to, place.sequence]);
    const last = rows.at(-1);
    if (!last) return;
    place = { day: last.posted_on, sequence: last.sequence };
    const lines = await run<LineRow>(linesText, [rows.map(({ id }) => id)]);
    const ofEntry = Map.groupBy(lines, (line) => line.journal_entry_id);
    yield rows.map((row) => entryOf(row, ofEntry.get(row.id) ?? []));
    if (rows.length < batchSize) return;
  }
}

function entryOf(row: EntryRow, lines: readonly LineRow[]): JournalFileEntry {
  return {
    id: row.id,
    number: row.number,
    kind: row.kind,
    postedOn: calendarDate(row.posted_on),
    enteredOn: row.entered_on,
    description: row.description,
    vendorId: row.vendor_id,
    documentId: row.document_id,
    fields: row.fields,
    lines: lines.map((line) => ({
      position: line.position,
      accountId: line.account_id,
      side: line.side,
      money: { minor: BigInt(line.minor), currency: line.currency },
      functional: line.functional === null ? null : BigInt(line.functional),
      rate: line.rate,
      memo: line.memo,
      dimensions: line.dimensions,
      taxCode: line.tax_code,
      taxRole: line.tax_role,
    })),
  };
}
