import type { Context } from '#kernel/context';
import { byColumn, byId, byParent } from '#kernel/loaders';
import {
  AccountEntity,
  DraftEntity,
  DraftLineEntity,
  JournalEntryEntity,
  JournalLineEntity,
  PeriodEntity,
  type Account,
  type JournalEntry,
  type JournalLine,
} from './entities.ts';

/** Accounts by id. */
export const accountById = byId(AccountEntity);
/** The account a line refers to, which is always there. */
export async function requireAccount(context: Context, id: string): Promise<Account> {
  const account = await accountById(context).load(id);
  if (!account) throw new Error(`Account ${id} of a line is not there`);
  return account;
}
/** The chart of accounts of books, in the order of the codes. */
export const accountsByBook = byParent(AccountEntity, 'bookId', { code: 'asc' });
/** Periods by id. */
export const periodById = byId(PeriodEntity);
/** The periods of books, newest first. */
export const periodsByBook = byParent(PeriodEntity, 'bookId', { startsOn: 'desc' });
/** Journal entries by id. */
export const entryById = byId(JournalEntryEntity);
/** An entry that is known to be there, such as that of a line. */
export async function requireEntry(context: Context, id: string): Promise<JournalEntry> {
  const entry = await entryById(context).load(id);
  if (!entry) throw new Error(`Entry ${id} of a line is not there`);
  return entry;
}
/** The reversal of an entry, by the id of the entry. */
export const reversalByEntry = byColumn(JournalEntryEntity, 'reversalOf');
/** The lines of entries, in order. */
export const linesByEntry = byParent(JournalLineEntity, 'journalEntryId', { position: 'asc' });
/** A line that is known to be there, by its entry and position. */
export async function requireLine(context: Context, entryId: string, position: number): Promise<JournalLine> {
  const line = (await linesByEntry(context).load(entryId)).find((one) => one.position === position);
  if (!line) throw new Error(`Entry ${entryId} has no line ${position}`);
  return line;
}
/** Drafts by id. */
export const draftById = byId(DraftEntity);
/** The draft of a document. */
export const draftByDocument = byColumn(DraftEntity, 'documentId');
/** The lines of drafts, in order. */
export const linesByDraft = byParent(DraftLineEntity, 'draftId', { position: 'asc' });
