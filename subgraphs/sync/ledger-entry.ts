import type { CalendarDate } from '#kernel/calendar';
import type { PostedLine } from '#kernel/events';
import { money } from '#kernel/money';
import type { LedgerEntry } from '#connectors/ports';

/** A posted entry as it is kept here. */
export interface StoredEntry {
  readonly entry_id: string;
  readonly number: string;
  readonly posted_on: CalendarDate;
  readonly description: string;
  readonly lines: readonly PostedLine[];
  readonly fields: Readonly<Record<string, string>>;
}

/** The entry as accounting systems take it: accounts by code and name, debits positive. */
export function ledgerEntryOf(row: StoredEntry): LedgerEntry {
  return {
    id: row.entry_id,
    number: row.number,
    postedOn: row.posted_on,
    description: row.description,
    postings: row.lines.map((line) => {
      const minor = BigInt(line.money.minor);
      return {
        account: accountOf(line),
        amount: money(line.side === 'DEBIT' ? minor : -minor, line.money.currency),
        memo: line.memo,
        dimensions: line.dimensions,
      };
    }),
    fields: row.fields,
  };
}

/** Colons part levels of accounts in the target; one inside a name is no level. */
function accountOf({ accountCode, accountName }: PostedLine): string {
  const name = accountName.replace(/\s*:\s*/g, ' - ').trim();
  return name ? `${accountCode}:${name}` : accountCode;
}
