import type { Transaction } from '#kernel/command';
import { failureOf, isTransient } from '#kernel/database-errors';
import { CrossfootError, type UserError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { toWire } from '#kernel/wire-money';
import { checkLines, type NewEntry, type NewLine } from './entry.ts';
import { requireBook } from './require-book.ts';

/** An entry that stands in the books. */
export interface PostedEntry {
  readonly id: string;
  readonly number: string;
}

interface Account {
  readonly id: string;
  readonly book_id: string;
  readonly code: string;
  readonly name: string;
  readonly active: boolean;
  readonly currency: string | null;
}

/**
 * The statement that posts: numbers, entries and lines at once, however many. Numbers are given per book and year from
 * a counter row that stays locked to the commit; books are taken in one order, so that two postings never wait in a circle.
 */
const postStatement = `
  with given as (
    select *, extract(year from posted_on)::int as year from unnest(
      $1::text[], $2::text[], $3::text[], $4::date[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
      $10::text[], $11::text[], $12::text[]) with ordinality
      as g (id, book_id, kind, posted_on, description, vendor_id, document_id, draft_id, match_id,
            statement_line_id, reversal_of, posted_by, place)
  ), counted as (
    select book_id, year, count(*) as entries from given group by book_id, year
  ), counter as (
    insert into transactions.entry_counter as c (organisation_id, book_id, year, last)
    select $13, book_id, year, entries from counted order by book_id, year
    on conflict (organisation_id, book_id, year) do update set last = c.last + excluded.last
    returning book_id, year, last
  ), line as (
    insert into transactions.journal_line
      (organisation_id, journal_entry_id, position, account_id, side, minor, currency, memo)
    select $13, * from unnest($15::text[], $16::int[], $17::text[], $18::text[], $19::bigint[], $20::text[], $21::text[])
  )
  insert into transactions.journal_entry
    (organisation_id, id, book_id, sequence, kind, posted_on, description, vendor_id, document_id, draft_id, match_id,
     statement_line_id, reversal_of, posted_by, posted_at)
  select $13, id, book_id,
         last - entries + row_number() over (partition by book_id, year order by place),
         kind, posted_on, description, vendor_id, document_id, draft_id, match_id,
         statement_line_id, reversal_of, posted_by, $14::timestamptz
    from given join counted using (book_id, year) join counter using (book_id, year)
   order by place
  returning id, number`;

/**
 * Posts entries, all or none, and tells of each. The one way into the journal: every command that posts calls it.
 * Throws ENTRY_TOO_SMALL, ENTRY_UNBALANCED, ACCOUNT_UNKNOWN, ACCOUNT_INACTIVE, CURRENCY_MISMATCH; the database
 * refuses the same once more, and PERIOD_CLOSED. NOT_FOUND when there is no such book.
 */
export async function postEntries(
  transaction: Transaction,
  entries: readonly NewEntry[],
): Promise<PostedEntry[]> {
  if (entries.length === 0) return [];
  for (const entry of entries) checkLines(entry.lines);
  let accounts = await loadAccounts(transaction, entries);
  if (accounts.size === 0) {
    // Not even one account: the book may be so new that it is not known here yet.
    await requireBook(transaction, entries[0]?.bookId ?? '');
    accounts = await loadAccounts(transaction, entries);
  }
  const withIds = entries.map((entry) => ({ ...entry, id: newId('je') }));
  const lines = withIds.flatMap((entry) =>
    entry.lines.map((line, index) => ({
      ...line,
      entryId: entry.id,
      position: index + 1,
      account: accountFor(accounts, entry, { line, index }),
    })),
  );
  const posted = await transaction.query<PostedEntry>(postStatement, [
    withIds.map((entry) => entry.id),
    withIds.map((entry) => entry.bookId),
    withIds.map((entry) => entry.kind),
    withIds.map((entry) => entry.postedOn),
    withIds.map((entry) => entry.description),
    withIds.map((entry) => entry.vendorId ?? null),
    withIds.map((entry) => entry.documentId ?? null),
    withIds.map((entry) => entry.cause?.draftId ?? null),
    withIds.map((entry) => entry.cause?.matchId ?? null),
    withIds.map((entry) => entry.cause?.statementLineId ?? null),
    withIds.map((entry) => entry.reversalOf ?? null),
    withIds.map((entry) => entry.postedBy ?? transaction.actor.memberId ?? null),
    transaction.organisationId,
    transaction.now,
    lines.map((line) => line.entryId),
    lines.map((line) => line.position),
    lines.map((line) => line.account.id),
    lines.map((line) => line.side),
    lines.map((line) => line.money.minor),
    lines.map((line) => line.money.currency),
    lines.map((line) => line.memo ?? null),
  ]);
  const numbers = new Map(posted.map((row) => [row.id, row.number]));
  return withIds.map((entry) => {
    const number = numbers.get(entry.id) ?? '';
    tell(transaction, accounts, { entry, number });
    return { id: entry.id, number };
  });
}

/**
 * Posts entries for a reaction to an event: what the books refuse is undone and answered, so that the reaction can
 * record it; other failures are thrown.
 */
export async function tryPostEntries(
  transaction: Transaction,
  entries: readonly NewEntry[],
): Promise<{ readonly posted: readonly PostedEntry[] } | { readonly refused: UserError }> {
  await transaction.query('savepoint posting');
  try {
    return { posted: await postEntries(transaction, entries) };
  } catch (error) {
    const [refused] = isTransient(error) ? [] : (failureOf(error) ?? []);
    if (!refused) throw error;
    await transaction.query('rollback to savepoint posting');
    return { refused };
  }
}

const accountKey = (bookId: string, code: string): string => `${bookId} ${code}`;

async function loadAccounts(
  transaction: Transaction,
  entries: readonly NewEntry[],
): Promise<Map<string, Account>> {
  const wanted = new Map<string, { bookId: string; code: string }>();
  for (const { bookId, lines } of entries)
    for (const { accountCode: code } of lines) wanted.set(accountKey(bookId, code), { bookId, code });
  const found = await transaction.query<Account>(
    `select a.id, a.book_id, a.code, a.name, a.active, a.currency
       from transactions.account a join unnest($1::text[], $2::text[]) as w (book_id, code) using (book_id, code)`,
    [[...wanted.values()].map((one) => one.bookId), [...wanted.values()].map((one) => one.code)],
  );
  return new Map(found.map((account) => [accountKey(account.book_id, account.code), account]));
}

function accountFor(
  accounts: ReadonlyMap<string, Account>,
  entry: NewEntry,
  { line, index }: { line: NewLine; index: number },
): Account {
  const path = ['lines', String(index), 'accountCode'];
  const account = accounts.get(accountKey(entry.bookId, line.accountCode));
  if (!account) {
    throw new CrossfootError('ACCOUNT_UNKNOWN', `The book has no account ${line.accountCode}`, { path });
  }
  if (!account.active && entry.kind !== 'REVERSAL') {
    throw new CrossfootError('ACCOUNT_INACTIVE', `Account ${account.code} ${account.name} is not active`, {
      path,
    });
  }
  if (account.currency && account.currency !== line.money.currency) {
    const message = `Account ${account.code} ${account.name} takes ${account.currency} only, not ${line.money.currency}`;
    throw new CrossfootError('CURRENCY_MISMATCH', message, { path: ['lines', String(index), 'currency'] });
  }
  return account;
}

function tell(
  transaction: Transaction,
  accounts: ReadonlyMap<string, Account>,
  { entry, number }: { entry: NewEntry & { readonly id: string }; number: string },
): void {
  transaction.emit({
    type: 'journalEntry.posted',
    subjectId: entry.id,
    bookId: entry.bookId,
    facts: {
      number,
      kind: entry.kind,
      postedOn: entry.postedOn,
      description: entry.description,
      lines: entry.lines.map(({ accountCode, side, money, memo }) => ({
        accountCode,
        accountName: accounts.get(accountKey(entry.bookId, accountCode))?.name ?? accountCode,
        side,
        money: toWire(money),
        memo,
      })),
      documentId: entry.documentId,
      vendorId: entry.vendorId,
      reversalOf: entry.reversalOf,
      openItem: entry.openItem,
      cause: entry.cause,
    },
  });
  if (entry.reversalOf !== undefined) {
    transaction.emit({
      type: 'journalEntry.reversed',
      subjectId: entry.reversalOf,
      bookId: entry.bookId,
      facts: { reversedBy: entry.id },
    });
  }
}
