import type { AtOnce, AtOnceContext, AtOnceLeft, CommandResult, Transaction } from '#kernel/command';
import type { NewEntry } from './entry.ts';
import type { PostedEntry } from './posted-entry.ts';
import { postedEvents, worthItself } from './posted-events.ts';

/**
 * Accounts are looked up by the statement itself; it posts nothing unless all of them take the lines as they are. It
 * tells the number of the entry and the names of its accounts, line by line.
 */
const plainParts = `
  with line as materialized (
    select l.*, a.id as account_id, a.name
      from jsonb_to_recordset($14::jsonb) as l (position int, code text, side text, minor bigint, memo text,
           tax_code text, tax_role text)
      left join lateral (select c.id, c.name from transactions.account c
                          where c.book_id = $2 and c.code = l.code and c.active
                            and (c.currency is null or c.currency = $15) and c.required_dimensions = '{}' offset 0) a on true
  ), fit as (
    select array_agg(name order by position) as names from line
    having count(*) = count(account_id)
       and (select base_currency from transactions.book where id = $2) = $15
       and not exists (select 1 from transactions.custom_field f
                        where f.book_id = $2 and f.level = 'ENTRY' and f.required and f.retired_at is null)
  ), counter as (
    insert into transactions.entry_counter as c (organisation_id, book_id, year, last)
    select $1, $2, extract(year from $5::date)::int, 1 from fit
    on conflict (organisation_id, book_id, year) do update set last = c.last + 1 returning last
  ), posted as (
    insert into transactions.journal_line
      (organisation_id, journal_entry_id, position, account_id, side, minor, currency, memo, posted_on,
       functional_minor, tax_code, tax_role)
    select $1, $3, position, account_id, side, minor, $15, memo, $5::date, minor, tax_code, tax_role
      from line cross join fit
  ), answer as (
    insert into transactions.journal_entry
      (organisation_id, id, book_id, sequence, kind, posted_on, description, vendor_id, document_id, draft_id, match_id,
       statement_line_id, posted_by, posted_at)
    select $1, $3, $2, last, $4, $5::date, $6, $7, $8, $9, $10, $11, $12, $13::timestamptz
      from counter
    returning number || (select names from fit) as told
  )`;

const plainStatement = `${plainParts} select told from answer`;

/** An entry with its own id; its lines are checked, and `mayBePlain` said yes. */
export type PlainEntry = NewEntry & { readonly id: string };

/** Who posts, for whom and when. */
type Poster = Pick<AtOnceContext, 'actor' | 'organisationId' | 'now'>;

/** Whether an entry may be plain: in one currency, and nothing said of it that has to be looked up or compared. */
export function mayBePlain(entry: NewEntry): boolean {
  const currency = entry.lines[0]?.money.currency;
  return (
    entry.idempotencyKey === undefined &&
    entry.reversalOf === undefined &&
    entry.fields === undefined &&
    entry.lines.every(
      (line) =>
        line.money.currency === currency &&
        line.functional === undefined &&
        line.rate === undefined &&
        line.dimensions === undefined,
    )
  );
}

/**
 * Posts a plain entry in the base currency of its book in one statement, looking up its accounts on the way; undefined
 * when it is none or an account does not take it, and then nothing was posted.
 */
export async function postPlainEntry(
  transaction: Transaction,
  entry: PlainEntry,
): Promise<PostedEntry | undefined> {
  const row = await transaction.maybe<{ told: string[] }>(plainStatement, plainValues(transaction, entry));
  if (!row) return undefined;
  const { posted, events } = plainlyPosted(entry, row.told);
  for (const event of events) transaction.emit(event);
  return posted;
}

/** The same as a whole call: what it answers and notes of the posted entry is said by `leave`. */
export function plainEntryAtOnce<Result extends CommandResult>(
  poster: Poster,
  entry: PlainEntry,
  leave: (posted: PostedEntry) => Pick<AtOnceLeft<Result>, 'result' | 'note'>,
): AtOnce<Result> {
  return {
    parts: plainParts,
    values: plainValues(poster, entry),
    tells: 1 + entry.lines.length,
    leave: (told) => {
      const { posted, events } = plainlyPosted(entry, told);
      return { ...leave(posted), events };
    },
  };
}

function plainlyPosted(entry: PlainEntry, [number = '', ...names]: readonly string[]) {
  const events = postedEvents(worthItself(entry), (_, index) => names[index])(number);
  return { posted: { id: entry.id, number }, events };
}

function plainValues({ actor, organisationId, now }: Poster, entry: PlainEntry): unknown[] {
  const { id, bookId, kind, postedOn, description, vendorId, documentId, cause } = entry;
  const lines = entry.lines.map(({ accountCode, side, money, memo, tax }, index) => ({
    position: index + 1,
    code: accountCode,
    side,
    minor: String(money.minor),
    memo,
    tax_code: tax?.code,
    tax_role: tax?.role,
  }));
  return [
    organisationId,
    bookId,
    id,
    kind,
    postedOn,
    description,
    vendorId ?? null,
    documentId ?? null,
    cause?.draftId ?? null,
    cause?.matchId ?? null,
    cause?.statementLineId ?? null,
    entry.postedBy ?? actor.memberId ?? null,
    now,
    JSON.stringify(lines),
    entry.lines[0]?.money.currency,
  ];
}
