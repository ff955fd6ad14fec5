import type { CalendarDate } from '#kernel/calendar';
import type { Ask } from '../matches/find-concerned.ts';
import { broughtForward } from './brought-forward.ts';
import type { BookSide, ProofGroup, ProofLine, ProofPosting } from './prove.ts';
import { bankDay, bookedStates } from './line-days.ts';

/** Of what a proof is made: the accounts of the bank, and the account of the ledger that stands for them. */
export interface ProofScope {
  readonly bookId: string;
  readonly code: string;
  readonly asOf: CalendarDate;
  readonly accounts: readonly { readonly id: string; readonly soundThrough: CalendarDate | undefined }[];
  readonly firstDay: CalendarDate | undefined;
  readonly currency: string;
  /** What the bank had before its first line. */
  readonly opening: bigint;
}

/** Every line with what it belongs to: the entry it is posted by, or itself. */
const lineRows = `
  select case l.status when 'BOOKED' then l.journal_entry_id when 'MATCHED' then m.journal_entry_id end as entry,
         l.id, l.currency, l.minor, l.status, l.held, (${bankDay})::date as day, l.counterparty_name, l.remittance,
         coalesce(l.refs[1], l.bank_reference) as reference
    from unnest($1::text[], $2::text[]) as a (id, sound)
    join reconciliation.statement_line l on l.bank_account_id = a.id
    join reconciliation.bank_statement t on t.organisation_id = l.organisation_id and t.id = l.statement_id
    left join reconciliation.match_line ml
      on ml.organisation_id = l.organisation_id and ml.line_id = l.id and ml.live and l.status = 'MATCHED'
    left join reconciliation.match m
      on m.organisation_id = ml.organisation_id and m.id = ml.match_id and m.status = 'ACCEPTED'
   where l.status in ${bookedStates} and (not l.held or a.sound = '' or (${bankDay}) > a.sound::date)`;

/** At most so many entries of before the first line are listed one by one. */
const mostListed = 2_000;

const sums = `
  with line as (${lineRows}),
  part as (
    select coalesce(entry, id) as together, currency, case when day <= $3 then minor else 0 end as bank, 0 as book,
           true as linked, null::date as early
      from line
     union all
    select root_entry_id, currency, 0, case when posted_on <= $3 then minor else 0 end, false,
           case when kind = 'OPENING' or posted_on < $6::date then posted_on end
      from reconciliation.bank_posting where book_id = $4 and account_code = $5
  ), whole as (
    select together, currency, sum(bank) as bank, sum(book) as book,
           case when not bool_or(linked) then min(early) end as before
      from part group by 1, 2
  ), early as (
    select together, currency, book, before from whole where before is not null and book <> 0
  )
  select 'BOOK' as what, null as together, currency, sum(book)::text as minor, 0 as count, null::date as day
    from whole group by currency
   union all
  select 'LINES', null, currency, sum(bank)::text, 0, null from whole group by currency
   union all
  select 'BEFORE', null, currency, sum(book)::text, count(*)::int, null from early group by currency
   union all
  (select 'EARLY', together, currency, book::text, 1, before from early
    order by before desc, together desc limit ${mostListed})
   union all
  select 'APART', together, currency, (book - bank)::text, 1, null from whole where before is null and book <> bank`;

interface SumRow {
  readonly what: 'BOOK' | 'LINES' | 'BEFORE' | 'EARLY' | 'APART';
  readonly together: string | null;
  readonly currency: string;
  readonly minor: string;
  readonly count: number;
  readonly day: CalendarDate | null;
}

/** What books and lines come to, and what belongs together of which the two do not come to the same at the day. */
export async function loadSums(
  ask: Ask,
  scope: ProofScope,
): Promise<{
  books: BookSide[];
  lines: { currency: string; minor: bigint }[];
  apart: string[];
}> {
  const rows = await ask<SumRow>(sums, [
    ...accountValues(scope),
    scope.asOf,
    scope.bookId,
    scope.code,
    scope.firstDay ?? null,
  ]);
  const of = (what: SumRow['what']) => rows.filter((row) => row.what === what);
  const books = of('BOOK').map(({ currency, minor }) => {
    const all = of('BEFORE').find((row) => row.currency === currency);
    const newest = of('EARLY').flatMap((row) =>
      row.currency === currency && row.together !== null && row.day !== null
        ? [{ together: row.together, day: row.day, minor: BigInt(row.minor) }]
        : [],
    );
    const opening = currency === scope.currency ? scope.opening : 0n;
    const before = { minor: BigInt(all?.minor ?? 0), count: all?.count ?? 0 };
    return { currency, minor: BigInt(minor), before: broughtForward(opening, before, newest) };
  });
  const apart = of('APART').flatMap(({ together }) => (together === null ? [] : [together]));
  return {
    books,
    lines: of('LINES').map(({ currency, minor }) => ({ currency, minor: BigInt(minor) })),
    apart: [...new Set([...apart, ...books.flatMap(({ before }) => before.listed)])],
  };
}

interface LineRow {
  readonly entry: string | null;
  readonly id: string;
  readonly currency: string;
  readonly minor: string;
  readonly status: string;
  readonly held: boolean;
  readonly day: CalendarDate;
  readonly counterparty_name: string | null;
  readonly remittance: string;
  readonly reference: string | null;
}

interface PostingRow {
  readonly root_entry_id: string;
  readonly journal_entry_id: string;
  readonly number: string;
  readonly kind: string;
  readonly posted_on: CalendarDate;
  readonly minor: string;
  readonly currency: string;
  readonly description: string;
}

/** The lines and entries of what does not come to the same. */
export async function loadGroups(
  ask: Ask,
  scope: ProofScope,
  apart: readonly string[],
): Promise<ProofGroup[]> {
  if (apart.length === 0) return [];
  const lines = await ask<LineRow>(
    `select r.*, r.minor::text as minor from (${lineRows}) r where coalesce(r.entry, r.id) = any ($3)`,
    [...accountValues(scope), apart],
  );
  const postings = await ask<PostingRow>(
    `select root_entry_id, journal_entry_id, number, kind, posted_on, minor::text as minor, currency, description
       from reconciliation.bank_posting where book_id = $1 and account_code = $2 and root_entry_id = any ($3)
      order by posted_on, journal_entry_id`,
    [scope.bookId, scope.code, apart],
  );
  const linesOf = Map.groupBy(lines, (row) => row.entry ?? row.id);
  const postingsOf = Map.groupBy(postings, (row) => row.root_entry_id);
  return apart.map((together) => ({
    lines: (linesOf.get(together) ?? []).map(lineOf),
    postings: (postingsOf.get(together) ?? []).map(postingOf),
  }));
}

function accountValues({ accounts }: ProofScope): unknown[] {
  return [accounts.map(({ id }) => id), accounts.map(({ soundThrough }) => soundThrough ?? '')];
}

function lineOf(row: LineRow): ProofLine {
  const words = [row.counterparty_name, row.remittance].filter((one) => one !== null && one !== '');
  return {
    id: row.id,
    day: row.day,
    minor: BigInt(row.minor),
    currency: row.currency,
    status: row.status,
    held: row.held,
    label: words.join(' · ').slice(0, 200),
    reference: row.reference ?? undefined,
  };
}

function postingOf(row: PostingRow): ProofPosting {
  return {
    journalEntryId: row.journal_entry_id,
    number: row.number,
    kind: row.kind,
    postedOn: row.posted_on,
    minor: BigInt(row.minor),
    currency: row.currency,
    description: row.description,
  };
}
