import type { RaisedEvent } from '#kernel/command';
import { toWire } from '#kernel/wire-money';
import type { NewEntry, NewLine } from './entry.ts';
import type { ValuedEntry } from './value-entries.ts';

/** An entry as it stands in the books, with the base currency its lines are valued in. */
export type ToldEntry = ValuedEntry & { readonly id: string; readonly base: string };

/** An entry in the base currency of its book: each line is worth its own amount. */
export function worthItself(entry: NewEntry & { readonly id: string }): ToldEntry {
  return {
    ...entry,
    base: entry.lines[0]?.money.currency ?? '',
    lines: entry.lines.map((line) => ({ ...line, functional: line.money.minor })),
  };
}

/** The events that tell of a posted entry, and of the entry it takes back. */
export function postedEvents(
  entry: ToldEntry,
  {
    number,
    nameOf,
  }: { readonly number: string; readonly nameOf: (line: NewLine, index: number) => string | undefined },
): RaisedEvent<'journalEntry.posted' | 'journalEntry.reversed'>[] {
  const posted: RaisedEvent<'journalEntry.posted'> = {
    type: 'journalEntry.posted',
    subjectId: entry.id,
    bookId: entry.bookId,
    facts: {
      number,
      kind: entry.kind,
      postedOn: entry.postedOn,
      description: entry.description,
      lines: entry.lines.map((line, index) => ({
        accountCode: line.accountCode,
        accountName: nameOf(line, index) ?? line.accountCode,
        side: line.side,
        money: toWire(line.money),
        functional: { minor: String(line.functional), currency: entry.base },
        memo: line.memo,
        dimensions: line.dimensions,
        tax: line.tax,
      })),
      documentId: entry.documentId,
      vendorId: entry.vendorId,
      reversalOf: entry.reversalOf,
      openItem: entry.openItem,
      cause: entry.cause,
      fields: entry.fields,
    },
  };
  if (entry.reversalOf === undefined) return [posted];
  const reversed: RaisedEvent<'journalEntry.reversed'> = {
    type: 'journalEntry.reversed',
    subjectId: entry.reversalOf,
    bookId: entry.bookId,
    facts: { reversedBy: entry.id },
  };
  return [posted, reversed];
}
