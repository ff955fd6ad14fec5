import { calendarDate } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import { pageSize, parseCursor, toPage, type Page, type PageArgs } from '#kernel/graphql-connection';
import { accountOf } from '../ledger/chart-of-accounts.ts';
import type { RunQuery } from '../rates/rate-for.ts';
import { readTaxCodes } from '../tax/load-tax-codes.ts';
import { taxFigures, type TaxFigures } from '../tax/tax-report.ts';
import { loadReportBook } from './load-sums.ts';

/** The days and the book of a tax report. */
export interface TaxReportQuestion {
  readonly bookId: string;
  readonly from: string;
  /** Included. */
  readonly to: string;
}

/** An account taxes stand on: what was posted there, and what of it the report knows by a tax code. */
export interface TaxControl {
  readonly accountId: string;
  /** Debits less credits of all its lines. */
  readonly posted: bigint;
  /** Debits less credits of its lines with a tax code. */
  readonly reported: bigint;
  /** How many lines have no tax code. */
  readonly withoutCode: number;
}

/** A tax report; all amounts in minor units of `currency`. */
export interface TaxReport extends TaxReportQuestion, TaxFigures {
  readonly currency: string;
  readonly controls: readonly TaxControl[];
  /** Lines in other currencies from a time before there were rates; they are in no figure. */
  readonly unvalued: number;
}

const amount = "case l.side when 'DEBIT' then l.functional_minor else -l.functional_minor end";

const sumsText = `
  select l.tax_code, l.tax_role, a.type as account_type,
         case when d.kind is null then a.type = 'INCOME' else d.kind = 'SALES_INVOICE' end as sale,
         coalesce(d.issued_on, o.posted_on, e.posted_on)::text as tax_point,
         coalesce(sum(${amount}), 0)::text as amount, count(*)::int as lines,
         (count(*) filter (where l.functional_minor is null))::int as unvalued
    from transactions.account a
    join transactions.journal_line l
      on l.organisation_id = a.organisation_id and l.account_id = a.id and l.posted_on between $2 and $3
    join transactions.journal_entry e on e.organisation_id = l.organisation_id and e.id = l.journal_entry_id
    left join transactions.journal_entry o on o.organisation_id = e.organisation_id and o.id = e.reversal_of
    left join transactions.document d
      on d.organisation_id = e.organisation_id and d.id = coalesce(e.document_id, o.document_id)
   where a.book_id = $1 and l.tax_code is not null
   group by 1, 2, 3, 4, 5`;

const controlsText = `
  select a.id as account_id, coalesce(sum(${amount}), 0)::text as posted,
         coalesce(sum(${amount}) filter (where l.tax_code is not null), 0)::text as reported,
         (count(l.position) filter (where l.tax_code is null))::int as without_code
    from transactions.account a
    left join transactions.journal_line l
      on l.organisation_id = a.organisation_id and l.account_id = a.id and l.posted_on between $2 and $3
   where a.book_id = $1 and a.type in ('ASSET', 'LIABILITY')
   group by a.id, a.code
  having a.code = any ($4::text[]) or bool_or(l.tax_role = 'TAX')
   order by a.code`;

interface SumRow {
  readonly tax_code: string;
  readonly tax_role: 'BASE' | 'TAX';
  readonly account_type: string;
  readonly sale: boolean;
  readonly tax_point: string;
  readonly amount: string;
  readonly lines: number;
  readonly unvalued: number;
}

interface ControlRow {
  readonly account_id: string;
  readonly posted: string;
  readonly reported: string;
  readonly without_code: number;
}

/** The accounts taxes are posted to unless a rule says otherwise. */
const controlAccounts: readonly string[] = [
  accountOf.INPUT_VAT,
  accountOf.INPUT_VAT_REVERSE_CHARGE,
  accountOf.OUTPUT_VAT,
  accountOf.OUTPUT_VAT_REVERSE_CHARGE,
];

/** The taxes of a book posted in the days given; throws NOT_FOUND, and DATE_INVALID when they end before they begin. */
export async function taxReport(run: RunQuery, question: TaxReportQuestion): Promise<TaxReport> {
  const { bookId, from, to } = question;
  checkDays(question);
  const book = await loadReportBook(run, bookId);
  const codes = await readTaxCodes(run, { bookId, retired: true });
  const sums = await run<SumRow>(sumsText, [bookId, from, to]);
  const controls = await run<ControlRow>(controlsText, [bookId, from, to, controlAccounts]);
  const figures = taxFigures(
    sums.map((row) => ({
      taxCode: row.tax_code,
      role: row.tax_role,
      accountType: row.account_type,
      sale: row.sale,
      on: calendarDate(row.tax_point),
      amount: BigInt(row.amount),
      lines: row.lines,
    })),
    codes,
  );
  return {
    ...question,
    ...figures,
    currency: book.currency,
    unvalued: sums.reduce((total, row) => total + row.unvalued, 0),
    controls: controls.map((row) => ({
      accountId: row.account_id,
      posted: BigInt(row.posted),
      reported: BigInt(row.reported),
      withoutCode: row.without_code,
    })),
  };
}

function checkDays({ from, to }: TaxReportQuestion): void {
  if (from <= to) return;
  throw new CrossfootError('DATE_INVALID', `The days end on ${to}, before they begin on ${from}`, {
    path: ['to'],
  });
}

/** A posted line behind a figure of a tax report. */
export interface TaxReportLine {
  readonly id: string;
  readonly postedOn: string;
  readonly entryId: string;
  readonly position: number;
}

/** Which lines: of a code, of an account, or all with a code; or those of an account that have none. */
export interface TaxLineSelection extends TaxReportQuestion {
  readonly taxCode?: string | undefined;
  readonly accountId?: string | undefined;
  readonly withoutCode?: boolean | undefined;
}

const linesText = `
  select l.posted_on::text as posted_on, l.journal_entry_id as entry_id, l.position
    from transactions.account a
    join transactions.journal_line l
      on l.organisation_id = a.organisation_id and l.account_id = a.id and l.posted_on between $2 and $3
   where a.book_id = $1 and ($4::text is null or a.id = $4)
     and (l.tax_code is null) = $6 and ($5::text[] is null or l.tax_code = any ($5))
     and ($7::date is null or (l.posted_on, l.journal_entry_id, l.position) > ($7::date, $8::text, $9::int))
   order by l.posted_on, l.journal_entry_id, l.position limit $10`;

const countText = `
  select count(*)::int as lines
    from transactions.account a
    join transactions.journal_line l
      on l.organisation_id = a.organisation_id and l.account_id = a.id and l.posted_on between $2 and $3
   where a.book_id = $1 and ($4::text is null or a.id = $4)
     and (l.tax_code is null) = $6 and ($5::text[] is null or l.tax_code = any ($5))`;

/** The lines behind a figure in the order of their days; throws FIELD_MISSING for lines without a code of no account. */
export async function taxReportLines(
  run: RunQuery,
  selection: TaxLineSelection,
  args: PageArgs,
): Promise<Page<TaxReportLine>> {
  const { bookId, from, to, taxCode, accountId, withoutCode = false } = selection;
  checkDays(selection);
  if (withoutCode && accountId === undefined) {
    const message = 'Name the account whose lines without a tax code are meant';
    throw new CrossfootError('FIELD_MISSING', message, { path: ['accountId'] });
  }
  const codes = withoutCode ? null : await codesOf(run, bookId, taxCode);
  const asked = [bookId, from, to, accountId ?? null, codes, withoutCode];
  const first = pageSize(args);
  const [day, id] = args.after ? parseCursor(args.after) : [null, '/0'];
  const [entryId, position] = id.split('/');
  const rows = await run<{ posted_on: string; entry_id: string; position: number }>(linesText, [
    ...asked,
    day,
    entryId,
    Number(position),
    first + 1,
  ]);
  const lines = rows.map((row) => ({
    id: `${row.entry_id}/${row.position}`,
    postedOn: row.posted_on,
    entryId: row.entry_id,
    position: row.position,
  }));
  return toPage(lines, {
    first,
    by: 'postedOn',
    hasPrevious: day !== null,
    totalCount: async () => (await run<{ lines: number }>(countText, asked))[0]?.lines ?? 0,
  });
}

/** A tax is in the lines of its own code and in the bases of the codes it is part of. */
async function codesOf(run: RunQuery, bookId: string, taxCode: string | undefined): Promise<string[] | null> {
  if (taxCode === undefined) return null;
  const codes = await readTaxCodes(run, { bookId, retired: true });
  const wholes = [...codes.values()].filter((code) => code.components.includes(taxCode));
  return [taxCode, ...wholes.map(({ code }) => code)];
}
