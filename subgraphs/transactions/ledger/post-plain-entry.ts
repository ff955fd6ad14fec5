import type { Transaction } from '#kernel/command';
import type { NewEntry } from './entry.ts';

/** What the statement answers: the number of the entry, and the names of its accounts by code. */
export interface PlainPosting {
  readonly number: string;
  readonly names: Readonly<Record<string, string>>;
}

/** Accounts are looked up by the statement itself; it posts nothing unless all of them take the lines as they are. */
const plainStatement = `
  with line as materialized (
    select l.*, a.id as account_id, a.name
      from jsonb_to_recordset($14::jsonb) as l (position int, code text, side text, minor bigint, memo text,
           tax_code text, tax_role text)
      left join lateral (select c.id, c.name from transactions.account c
                          where c.book_id = $2 and c.code = l.code and c.active
                            and (c.currency is null or c.currency = $15) and c.required_dimensions = '{}' offset 0) a on true
  ), fit as (
    select jsonb_object_agg(code, name) as names from line
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
  )
  insert into transactions.journal_entry
    (organisation_id, id, book_id, sequence, kind, posted_on, description, vendor_id, document_id, draft_id, match_id,
     statement_line_id, posted_by, posted_at)
  select $1, $3, $2, last, $4, $5::date, $6, $7, $8, $9, $10, $11, $12, $13::timestamptz
    from counter
  returning number, (select names from fit) as names`;

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
 * when it is none or an account does not take it, and then nothing was posted. Lines are checked before.
 */
export async function postPlainEntry(
  transaction: Transaction,
  entry: NewEntry & { readonly id: string },
): Promise<PlainPosting | undefined> {
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
  return transaction.maybe<PlainPosting>(plainStatement, [
    transaction.organisationId,
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
    entry.postedBy ?? transaction.actor.memberId ?? null,
    transaction.now,
    JSON.stringify(lines),
    entry.lines[0]?.money.currency,
  ]);
}
