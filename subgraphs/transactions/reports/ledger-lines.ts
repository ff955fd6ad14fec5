import { graphqlError } from '#kernel/graphql';
import { pageSize, parseCursor, toPage, type Page, type PageArgs } from '#kernel/graphql-connection';
import type { Money } from '#kernel/money';
import type { RunQuery } from '../rates/rate-for.ts';
import type { DimensionFilter, ReportBook } from './load-sums.ts';

/** A line of the journal in the order of the general ledger, with what the lines up to it come to. */
export interface LedgerLine {
  /** Its place within its day. */
  readonly id: string;
  readonly postedOn: string;
  readonly entryId: string;
  readonly position: number;
  /** Debits positive, in the currency of the line. */
  readonly amount: Money;
  /** Debits positive, in the base currency; null where nothing is known of it. */
  readonly functional: Money | null;
  /** The balance after the line, of all lines in its currency. */
  readonly balance: Money;
  /** The balance after the line, of all lines, in the base currency. */
  readonly functionalBalance: Money;
}

/** Which lines, and what they begin from. */
export interface LineSelection {
  readonly book: ReportBook;
  readonly accountIds: readonly string[];
  /** Everything up to the last day when left out. */
  readonly from?: string | undefined;
  readonly to: string;
  readonly dimensions?: DimensionFilter | undefined;
  /** Only what bank and card lines were booked to without a document. */
  readonly withoutDocument?: true;
}

interface LineRow {
  readonly posted_on: string;
  readonly sequence: string;
  readonly entry_id: string;
  readonly position: number;
  readonly currency: string;
  readonly amount: string;
  readonly functional: string | null;
}

interface CarriedRow {
  readonly currency: string;
  readonly amount: string;
  readonly functional: string;
}

const firstDay = '0001-01-01';
const signed = (column: string) => `case l.side when 'DEBIT' then ${column} else -${column} end`;
const selected = `
    from transactions.journal_line l
    join transactions.journal_entry e on e.organisation_id = l.organisation_id and e.id = l.journal_entry_id
   where l.account_id = any ($1::text[]) and l.posted_on <= $2
     and ($3::jsonb = '{}' or (l.dimensions <> '{}' and l.dimensions @> $3::jsonb))`;
const undocumented = `
     and e.document_id is null and e.reversal_of is null
     and (e.kind = 'BANK' or exists (select 1 from transactions.recorded_transaction t
                                      where t.organisation_id = e.organisation_id and t.journal_entry_id = e.id))
     and not exists (select 1 from transactions.journal_entry r
                      where r.organisation_id = e.organisation_id and r.reversal_of = e.id)`;

const textsFor = (lines: string) => ({
  page: `
  select l.posted_on::text as posted_on, e.sequence::text as sequence, e.id as entry_id, l.position, l.currency,
         (${signed('l.minor')})::text as amount, (${signed('l.functional_minor')})::text as functional ${lines}
     and l.posted_on >= $4 and (l.posted_on, e.sequence, l.position) > ($4, $5::bigint, $6::int)
   order by l.posted_on, e.sequence, l.position limit $7`,
  carried: `
  select l.currency, sum(${signed('l.minor')})::text as amount,
         coalesce(sum(${signed('l.functional_minor')}), 0)::text as functional ${lines}
     and (l.posted_on, e.sequence, l.position) between ($4, 0, 0) and ($5, $6::bigint, $7::int)
   group by 1`,
  count: `select count(*)::int as lines ${lines} and l.posted_on >= $4`,
});
const allLines = textsFor(selected);
const undocumentedLines = textsFor(selected + undocumented);

/** A place between two lines: day, number of the entry in its year, position in the entry. */
interface Place {
  readonly day: string;
  readonly sequence: string;
  readonly position: number;
}

/**
 * A page of lines by day, number and position, with running balances. These begin from everything before the first day
 * when `carried`, from zero otherwise. Throws CURSOR_INVALID and FIELD_INVALID as GraphQL errors.
 */
export async function ledgerPage(
  run: RunQuery,
  selection: LineSelection & { readonly carried: boolean },
  args: PageArgs,
): Promise<Page<LedgerLine>> {
  const texts = selection.withoutDocument ? undocumentedLines : allLines;
  const first = pageSize(args);
  const start: Place = { day: selection.from ?? firstDay, sequence: '0', position: 0 };
  const place = args.after ? placeOf(args.after) : start;
  const chosen = [selection.accountIds, selection.to, JSON.stringify(selection.dimensions ?? {})];
  const rows = await run<LineRow>(texts.page, [
    ...chosen,
    place.day,
    place.sequence,
    place.position,
    first + 1,
  ]);
  const begin = selection.carried ? firstDay : start.day;
  const carried =
    selection.carried || args.after
      ? await run<CarriedRow>(texts.carried, [...chosen, begin, place.day, place.sequence, place.position])
      : [];
  return toPage(withBalances(rows, carried, selection.book.currency), {
    first,
    by: 'postedOn',
    hasPrevious: Boolean(args.after),
    totalCount: async () =>
      (await run<{ lines: number }>(texts.count, [...chosen, start.day]))[0]?.lines ?? 0,
  });
}

function withBalances(rows: readonly LineRow[], carried: readonly CarriedRow[], base: string): LedgerLine[] {
  const balances = new Map(carried.map((row) => [row.currency, BigInt(row.amount)]));
  let functionalBalance = carried.reduce((sum, row) => sum + BigInt(row.functional), 0n);
  return rows.map((row) => {
    const amount = BigInt(row.amount);
    const balance = (balances.get(row.currency) ?? 0n) + amount;
    balances.set(row.currency, balance);
    functionalBalance += BigInt(row.functional ?? 0);
    return {
      id: `${row.sequence}:${row.position}`,
      postedOn: row.posted_on,
      entryId: row.entry_id,
      position: row.position,
      amount: { minor: amount, currency: row.currency },
      functional: row.functional === null ? null : { minor: BigInt(row.functional), currency: base },
      balance: { minor: balance, currency: row.currency },
      functionalBalance: { minor: functionalBalance, currency: base },
    };
  });
}

function placeOf(cursor: string): Place {
  const [day, id] = parseCursor(cursor);
  const [sequence = '', position = ''] = id.split(':');
  const fits =
    /^\d{4}-\d\d-\d\d$/.test(day ?? '') && /^\d{1,18}$/.test(sequence) && /^\d{1,9}$/.test(position);
  if (!fits) throw graphqlError('CURSOR_INVALID', 'This is not a cursor of ledger lines');
  return { day: day ?? '', sequence, position: Number(position) };
}
