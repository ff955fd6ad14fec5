import type { Transaction } from '#kernel/command';
import { failureOf, isTransient } from '#kernel/database-errors';
import { CrossfootError, type UserError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { earlierPostings, hashOf } from './earlier-postings.ts';
import { completeDimensions } from './complete-dimensions.ts';
import { checkLines, type NewEntry, type NewLine } from './entry.ts';
import { mayBePlain, postPlainEntry } from './post-plain-entry.ts';
import { requireBook } from './require-book.ts';
import type { PostedEntry } from './posted-entry.ts';
import { postedEvents } from './posted-events.ts';
import { valueEntries, type ValuedEntry } from './value-entries.ts';

type NumberedEntry = ValuedEntry & { readonly id: string; readonly inputHash: string | undefined };

interface Account {
  readonly id: string;
  readonly book_id: string;
  readonly code: string;
  readonly name: string;
  readonly active: boolean;
  readonly currency: string | null;
  readonly base_currency: string;
  readonly required_dimensions: Readonly<Record<string, string | null>>;
  /** Whether the book has custom fields that entries must have. */
  readonly asks_fields: boolean;
}

/**
 * The statement that posts: numbers, entries and lines at once, however many. Numbers are given per book and year from
 * a counter row that stays locked to the commit; books are taken in one order, so that two postings never wait in a
 * circle. Columns that say the same for all rows come with one value.
 */
const postStatement = `
  with counter as (
    insert into transactions.entry_counter as c (organisation_id, book_id, year, last)
    select $16, book_id, year, entries
      from unnest($35::text[], $36::int[], $37::int[]) as n (book_id, year, entries) order by book_id, year
    on conflict (organisation_id, book_id, year) do update set last = c.last + excluded.last
    returning book_id, year, last
  ), line as (
    insert into transactions.journal_line
      (organisation_id, journal_entry_id, position, account_id, side, minor, currency, memo, posted_on,
       functional_minor, rate, rate_source, rate_on, rate_path, dimensions, tax_code, tax_role)
    select $16, journal_entry_id, position, account_id, side, minor, coalesce(currency, ($23::text[])[1]), memo,
           coalesce(posted_on, ($25::date[])[1]), coalesce(functional_minor, minor),
           rate, rate_source, rate_on, rate_path, coalesce(dimensions, '{}'), tax_code, tax_role
      from unnest($18::text[], $19::int[], $20::text[], $21::text[], $22::bigint[], $23::text[],
      $24::text[], $25::date[], $26::bigint[], $27::numeric[], $28::text[], $29::date[], $30::text[], $31::jsonb[],
      $32::text[], $33::text[])
      as l (journal_entry_id, position, account_id, side, minor, currency, memo, posted_on,
            functional_minor, rate, rate_source, rate_on, rate_path, dimensions, tax_code, tax_role)
  ), given as (
    select id, coalesce(book_id, ($2::text[])[1]) as book_id, coalesce(kind, ($3::text[])[1]) as kind,
           coalesce(posted_on, ($4::date[])[1]) as posted_on, description, vendor_id, document_id, draft_id, match_id,
           statement_line_id, reversal_of, posted_by, idempotency_key, input_hash, fields, after
      from unnest(
      $1::text[], $2::text[], $3::text[], $4::date[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
      $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::jsonb[], $34::int[])
      as g (id, book_id, kind, posted_on, description, vendor_id, document_id, draft_id, match_id,
            statement_line_id, reversal_of, posted_by, idempotency_key, input_hash, fields, after)
  )
  insert into transactions.journal_entry
    (organisation_id, id, book_id, sequence, kind, posted_on, description, vendor_id, document_id, draft_id, match_id,
     statement_line_id, reversal_of, posted_by, idempotency_key, input_hash, fields, posted_at)
  select $16, id, book_id, last - after,
         kind, posted_on, description, vendor_id, document_id, draft_id, match_id,
         statement_line_id, reversal_of, posted_by, idempotency_key, input_hash, coalesce(fields, '{}'), $17::timestamptz
    from given join counter using (book_id) where counter.year = extract(year from posted_on)
  returning id, number`;

/**
 * Posts entries, all or none, and tells of each. The one way into the journal: every command that posts calls it.
 * Entries whose key was posted before are answered as they stand. Throws ENTRY_TOO_SMALL, ENTRY_UNBALANCED,
 * ACCOUNT_UNKNOWN, ACCOUNT_INACTIVE, CURRENCY_MISMATCH, RATE_MISSING, IDEMPOTENCY_CONFLICT and what completeDimensions
 * throws; the database refuses the same once more, and PERIOD_CLOSED. NOT_FOUND when there is no such book.
 */
export async function postEntries(
  transaction: Transaction,
  entries: readonly NewEntry[],
): Promise<PostedEntry[]> {
  if (entries.length === 0) return [];
  for (const entry of entries) checkLines(entry.lines);
  const earlier = await earlierPostings(transaction, entries);
  const fresh = entries.filter((_, place) => !earlier.has(place));
  const posted = fresh.length > 0 ? await postFresh(transaction, fresh) : [];
  let next = 0;
  return entries.map((_, place): PostedEntry => {
    const known = earlier.get(place);
    return known ? { ...known, earlier: true } : (posted[next++] as PostedEntry);
  });
}

async function postFresh(transaction: Transaction, entries: readonly NewEntry[]): Promise<PostedEntry[]> {
  const [only] = entries;
  if (only && entries.length === 1 && mayBePlain(only)) {
    const posted = await postPlainEntry(transaction, { ...only, id: newId('je') });
    if (posted) return [posted];
  }
  return postAny(transaction, entries);
}

/** Posts entries of any kind; says of what cannot be posted which line it is. */
async function postAny(transaction: Transaction, entries: readonly NewEntry[]): Promise<PostedEntry[]> {
  let known = await loadAccounts(transaction, entries);
  if (known.size === 0) {
    // Not even one account: the book may be so new that it is not known here yet.
    await requireBook(transaction, entries[0]?.bookId ?? '');
    known = await loadAccounts(transaction, entries);
  }
  const accounts = entries.map((entry) =>
    entry.lines.map((line, index) => accountOf(known, entry, { line, index })),
  );
  const complete = await completeDimensions(transaction, entries, {
    dimensions: (place, index) => accounts[place]?.[index]?.required_dimensions ?? {},
    fields: (place) => accounts[place]?.[0]?.asks_fields ?? false,
  });
  const bases = new Map([...known].map(([bookId, ofBook]) => [bookId, ofBook.base]));
  const valued = await valueEntries(transaction, complete, bases);
  // A key remembers what was sent, not what was made of it.
  const withIds = valued.map((entry, place): NumberedEntry => {
    const sent = entries[place] as NewEntry;
    return {
      ...entry,
      id: newId('je'),
      inputHash: sent.idempotencyKey === undefined ? undefined : hashOf(sent),
    };
  });
  const posting = transaction.query<PostedEntry>(postStatement, [
    ...entryColumns(transaction, withIds),
    transaction.organisationId,
    transaction.now,
    ...lineColumns(withIds, accounts),
    ...placeColumns(withIds),
  ]);
  // While the server posts, all that is told but the numbers is made ready.
  const [telling, posted] = await Promise.allSettled([
    sent().then(() =>
      withIds.map((entry, place) =>
        postedEvents(
          { ...entry, base: bases.get(entry.bookId) ?? '' },
          (_, index) => accounts[place]?.[index]?.name,
        ),
      ),
    ),
    posting,
  ]);
  if (posted.status === 'rejected') throw posted.reason;
  if (telling.status === 'rejected') throw telling.reason;
  const numbers = new Map(posted.value.map((row) => [row.id, row.number]));
  return withIds.map(({ id }, place) => {
    const number = numbers.get(id) ?? '';
    for (const event of telling.value[place]?.(number) ?? []) transaction.emit(event);
    return { id, number };
  });
}

/** When what was written before has gone out. */
const sent = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The first fifteen parameters of the statement: a list for each column of the entries. */
function entryColumns(transaction: Transaction, entries: readonly NumberedEntry[]): unknown[] {
  return [
    entries.map((entry) => entry.id),
    even(entries, (entry) => entry.bookId),
    even(entries, (entry) => entry.kind),
    even(entries, (entry) => entry.postedOn),
    entries.map((entry) => entry.description),
    sparse(entries, (entry) => entry.vendorId),
    sparse(entries, (entry) => entry.documentId),
    sparse(entries, (entry) => entry.cause?.draftId),
    sparse(entries, (entry) => entry.cause?.matchId),
    sparse(entries, (entry) => entry.cause?.statementLineId),
    sparse(entries, (entry) => entry.reversalOf),
    entries.map((entry) => entry.postedBy ?? transaction.actor.memberId ?? null),
    sparse(entries, (entry) => entry.idempotencyKey),
    sparse(entries, (entry) => entry.inputHash),
    sparse(entries, (entry) => jsonText(entry.fields)),
  ];
}

/** The last parameters: a list for each column of the lines. */
function lineColumns(
  entries: readonly NumberedEntry[],
  accounts: readonly (readonly Account[])[],
): unknown[] {
  const lines = entries.flatMap((entry, place) =>
    entry.lines.map((line, index) => ({
      line,
      entry,
      position: index + 1,
      account: accounts[place]?.[index],
    })),
  );
  return [
    lines.map(({ entry }) => entry.id),
    lines.map(({ position }) => position),
    lines.map(({ account }) => account?.id),
    lines.map(({ line }) => line.side),
    lines.map(({ line }) => line.money.minor),
    even(lines, ({ line }) => line.money.currency),
    sparse(lines, ({ line }) => line.memo),
    even(lines, ({ entry }) => entry.postedOn),
    lines.some(({ line }) => line.functional !== line.money.minor)
      ? lines.map(({ line }) => line.functional)
      : null,
    sparse(lines, ({ line }) => line.rate?.rate),
    sparse(lines, ({ line }) => line.rate?.source),
    sparse(lines, ({ line }) => line.rate?.on),
    sparse(lines, ({ line }) => line.rate?.path),
    sparse(lines, ({ line }) => jsonText(line.dimensions)),
    sparse(lines, ({ line }) => line.tax?.code),
    sparse(lines, ({ line }) => line.tax?.role),
  ];
}

/** How many entries of the same book and year come after each, so that they are numbered in their order; and how many
 * there are of each book and year. */
function placeColumns(
  entries: readonly NumberedEntry[],
): [after: number[], books: string[], years: string[], entries: number[]] {
  const counts = new Map<string, { readonly bookId: string; readonly year: string; entries: number }>();
  const after = entries.map(() => 0);
  entries.toReversed().forEach(({ bookId, postedOn }, fromEnd) => {
    const year = postedOn.slice(0, 4);
    const key = `${bookId} ${year}`;
    const count = counts.get(key) ?? { bookId, year, entries: 0 };
    after[entries.length - 1 - fromEnd] = count.entries;
    count.entries += 1;
    counts.set(key, count);
  });
  const all = [...counts.values()];
  return [after, all.map((one) => one.bookId), all.map((one) => one.year), all.map((one) => one.entries)];
}

const jsonText = (values: Readonly<Record<string, string>> | undefined): string | undefined =>
  values === undefined ? undefined : JSON.stringify(values);

/** A column most entries leave empty; without any value it is sent as nothing at all, and `unnest` fills it up. */
function sparse<Row>(rows: readonly Row[], valueOf: (row: Row) => string | undefined): unknown[] | null {
  return rows.some((row) => valueOf(row) !== undefined) ? rows.map((row) => valueOf(row) ?? null) : null;
}

/** A column that every row fills: one value where all rows say the same. */
function even<Row>(rows: readonly Row[], valueOf: (row: Row) => string): string[] {
  const values = rows.map(valueOf);
  return values.every((value) => value === values[0]) ? values.slice(0, 1) : values;
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

/** The accounts of a book by code, and the currency it is kept in. */
interface BookAccounts {
  readonly base: string;
  readonly byCode: Map<string, Account>;
}

async function loadAccounts(
  transaction: Transaction,
  entries: readonly NewEntry[],
): Promise<Map<string, BookAccounts>> {
  const wanted = new Map<string, Set<string>>();
  for (const { bookId, lines } of entries) {
    let codes = wanted.get(bookId);
    if (!codes) wanted.set(bookId, (codes = new Set()));
    for (const line of lines) codes.add(line.accountCode);
  }
  const pairs = [...wanted].flatMap(([bookId, codes]) => Array.from(codes, (code) => ({ bookId, code })));
  const found = await transaction.query<Account>(
    `select a.id, a.book_id, a.code, a.name, a.active, a.currency, b.base_currency, a.required_dimensions,
            exists (select 1 from transactions.custom_field f where f.book_id = b.id and f.level = 'ENTRY' and f.required
                                                                and f.retired_at is null) as asks_fields
       from transactions.account a join unnest($1::text[], $2::text[]) as w (book_id, code) using (book_id, code)
       join transactions.book b on b.organisation_id = a.organisation_id and b.id = a.book_id`,
    [pairs.map(({ bookId }) => bookId), pairs.map(({ code }) => code)],
  );
  const books = new Map<string, BookAccounts>();
  for (const account of found) {
    const book = books.get(account.book_id) ?? { base: account.base_currency, byCode: new Map() };
    book.byCode.set(account.code, account);
    books.set(account.book_id, book);
  }
  return books;
}

function accountOf(
  known: ReadonlyMap<string, BookAccounts>,
  entry: NewEntry,
  { line, index }: { line: NewLine; index: number },
): Account {
  const account = known.get(entry.bookId)?.byCode.get(line.accountCode);
  const path = () => ['lines', String(index), 'accountCode'];
  if (!account) {
    throw new CrossfootError('ACCOUNT_UNKNOWN', `The book has no account ${line.accountCode}`, {
      path: path(),
    });
  }
  if (!account.active && entry.kind !== 'REVERSAL') {
    throw new CrossfootError('ACCOUNT_INACTIVE', `Account ${account.code} ${account.name} is not active`, {
      path: path(),
    });
  }
  if (account.currency && account.currency !== line.money.currency) {
    const message = `Account ${account.code} ${account.name} takes ${account.currency} only, not ${line.money.currency}`;
    throw new CrossfootError('CURRENCY_MISMATCH', message, { path: ['lines', String(index), 'currency'] });
  }
  return account;
}
