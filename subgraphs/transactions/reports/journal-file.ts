import { calendarDate } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import type { LedgerEntry } from '#connectors/ports';
import type { WrittenJournal } from '#connectors/journal-ports';
import type { RunQuery } from '../rates/rate-for.ts';
import type { ReportAccount, ReportDays } from './account-sums.ts';
import type { ReportBook } from './load-sums.ts';
import { readJournal, type JournalFileEntry, type JournalFileLine } from './read-journal.ts';

/** The journal of some days for the writers of other programs; entries are read while they are written. */
export function writtenJournal(
  run: RunQuery,
  book: ReportBook,
  { from, to, accounts }: ReportDays & { readonly accounts: ReadonlyMap<string, ReportAccount> },
): WrittenJournal {
  return {
    title: book.legalName,
    currency: book.currency,
    accounts: [...accounts.values()],
    firstOn: calendarDate(from),
    entries: batches(run, book, { from, to, accounts }),
  };
}

async function* batches(
  run: RunQuery,
  book: ReportBook,
  { accounts, ...days }: ReportDays & { readonly accounts: ReadonlyMap<string, ReportAccount> },
): AsyncGenerator<LedgerEntry[]> {
  for await (const batch of readJournal(run, book, days))
    yield batch.map((entry) => ledgerEntry(entry, book, accounts));
}

function ledgerEntry(
  { id, number, postedOn, description, fields, lines }: JournalFileEntry,
  book: ReportBook,
  accounts: ReadonlyMap<string, ReportAccount>,
): LedgerEntry {
  return {
    id,
    number,
    postedOn,
    description,
    fields,
    postings: lines.map((line) => ({
      account: accountOfLine(line, accounts).code,
      amount: { minor: signed(line, line.money.minor), currency: line.money.currency },
      ...(line.functional === null || line.money.currency === book.currency
        ? {}
        : { worth: { minor: signed(line, line.functional), currency: book.currency } }),
      ...(line.memo === null ? {} : { memo: line.memo }),
      dimensions: line.dimensions,
    })),
  };
}

/** The account of a line, which is always one of its book. */
export function accountOfLine(
  line: JournalFileLine,
  accounts: ReadonlyMap<string, ReportAccount>,
): ReportAccount {
  const account = accounts.get(line.accountId);
  if (!account)
    throw new CrossfootError('INTERNAL', `The book has no account ${line.accountId}, which a line is on`);
  return account;
}

function signed({ side }: JournalFileLine, minor: bigint): bigint {
  return side === 'DEBIT' ? minor : -minor;
}
