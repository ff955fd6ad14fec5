import type { RaisedEvent } from '#kernel/command';
import { writeFacts } from '#kernel/written-facts';
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

/**
 * The events that tell of a posted entry, and of the entry it takes back, made ready for the number that the entry is
 * given when it is posted.
 */
export function postedEvents(
  entry: ToldEntry,
  nameOf: (line: NewLine, index: number) => string | undefined,
): (number: string) => RaisedEvent<'journalEntry.posted' | 'journalEntry.reversed'>[] {
  const { id, bookId, kind, postedOn, description, reversalOf } = entry;
  const lines = entry.lines.map((line, index) => ({
    accountCode: line.accountCode,
    accountName: nameOf(line, index) ?? line.accountCode,
    side: line.side,
    money: toWire(line.money),
    functional: { minor: String(line.functional), currency: entry.base },
    memo: line.memo,
    dimensions: line.dimensions,
    tax: line.tax,
  }));
  const { documentId, vendorId, openItem, cause, fields } = entry;
  const more = { documentId, vendorId, reversalOf, openItem, cause, fields };
  const factsWith = writeFacts<'journalEntry.posted', 'number'>({
    kind,
    postedOn,
    description,
    lines,
    ...more,
  });
  return (number) => {
    const facts = factsWith({ number });
    const posted: RaisedEvent<'journalEntry.posted'> = {
      type: 'journalEntry.posted',
      subjectId: id,
      bookId,
      facts,
    };
    if (reversalOf === undefined) return [posted];
    const reversed: RaisedEvent<'journalEntry.reversed'> = {
      type: 'journalEntry.reversed',
      subjectId: reversalOf,
      bookId,
      facts: { reversedBy: id },
    };
    return [posted, reversed];
  };
}
