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
/** The reversal of an entry, by the id of the entry. */
export const reversalByEntry = byColumn(JournalEntryEntity, 'reversalOf');
/** The lines of entries, in order. */
export const linesByEntry = byParent(JournalLineEntity, 'journalEntryId', { position: 'asc' });
/** Drafts by id. */
export const draftById = byId(DraftEntity);
/** The draft of a document. */
export const draftByDocument = byColumn(DraftEntity, 'documentId');
/** The lines of drafts, in order. */
export const linesByDraft = byParent(DraftLineEntity, 'draftId', { position: 'asc' });
