import type { CalendarDate } from '#kernel/calendar';
import { portKey } from '#kernel/ports';
import type { LedgerEntry } from './ports.ts';

/** An account of a journal that is written for another program. */
export interface JournalAccount {
  readonly code: string;
  readonly name: string;
  readonly type: 'ASSET' | 'LIABILITY' | 'EQUITY' | 'INCOME' | 'EXPENSE';
}

/** A journal to be written: its postings name accounts by code, entries come in batches in the order of their days. */
export interface WrittenJournal {
  readonly title: string;
  /** The base currency of the book. */
  readonly currency: string;
  readonly accounts: readonly JournalAccount[];
  /** The day of the first entry; any day when there is none. */
  readonly firstOn: CalendarDate;
  readonly entries: AsyncIterable<readonly LedgerEntry[]>;
}

/** Writes whole journals in the language of another program. */
export interface JournalWriter {
  readonly mediaType: string;
  /** The ending of its files, without a point. */
  readonly extension: string;
  /** The text piece by piece; throws SYNC_REFUSED for an entry the language cannot hold. */
  write(journal: WrittenJournal): AsyncIterable<string>;
}

/** The languages journals can be written in. */
export interface JournalWriters {
  readonly hledger: JournalWriter;
  readonly beancount: JournalWriter;
}

/** Where subgraphs find the writers of journals. */
export const journalWriters = portKey<JournalWriters>('journalWriters');
