import { CrossfootError } from '#kernel/errors';
import type { RunQuery } from '../rates/rate-for.ts';
import type { AccountType } from '../ledger/chart-of-accounts.ts';
import { isAccountGroup, usualGroup } from './account-groups.ts';
import type { AccountSum, BookSums, ReportAccount, ReportDays } from './account-sums.ts';

/** What a report needs of a book. */
export interface ReportBook {
  readonly id: string;
  readonly name: string;
  readonly legalName: string;
  readonly taxId?: string;
  readonly country: string;
  readonly currency: string;
  readonly fiscalYearStartMonth: number;
}

/** Codes by dimension that every line counted must have. */
export type DimensionFilter = Readonly<Record<string, string>>;

interface BookRow {
  readonly id: string;
  readonly name: string;
  readonly legal_name: string;
  readonly tax_id: string | null;
  readonly country: string;
  readonly base_currency: string;
  readonly fiscal_year_start_month: number;
}

interface AccountRow {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly type: AccountType;
  readonly report_group: string | null;
}

interface SumRow {
  readonly account_id: string;
  readonly currency: string;
  readonly opening: string;
  readonly debit: string;
  readonly credit: string;
  readonly functional_opening: string;
  readonly functional_debit: string;
  readonly functional_credit: string;
  readonly unvalued: number;
}

/** The book of a report; throws NOT_FOUND. */
export async function loadReportBook(run: RunQuery, bookId: string): Promise<ReportBook> {
  const [row] = await run<BookRow>(
    `select id, name, legal_name, tax_id, country, base_currency, fiscal_year_start_month
       from transactions.book where id = $1`,
    [bookId],
  );
  if (!row) throw new CrossfootError('NOT_FOUND', `There is no book ${bookId}`, { path: ['bookId'] });
  return {
    id: row.id,
    name: row.name,
    legalName: row.legal_name,
    ...(row.tax_id === null ? {} : { taxId: row.tax_id }),
    country: row.country,
    currency: row.base_currency,
    fiscalYearStartMonth: row.fiscal_year_start_month,
  };
}

/** The accounts of a book by id, each with its line of the statements. */
export async function loadReportAccounts(
  run: RunQuery,
  book: ReportBook,
): Promise<Map<string, ReportAccount>> {
  const rows = await run<AccountRow>(
    `select a.id, a.code, a.name, a.type, g.report_group
       from transactions.account a
       left join transactions.account_group g on g.organisation_id = a.organisation_id and g.account_id = a.id
      where a.book_id = $1 order by a.code`,
    [book.id],
  );
  return new Map(
    rows.map(({ id, code, name, type, report_group: assigned }) => [
      id,
      {
        id,
        code,
        name,
        type,
        group: assigned !== null && isAccountGroup(assigned) ? assigned : usualGroup({ code, type }),
        bookCurrency: book.currency,
      },
    ]),
  );
}

const signed = (column: string) => `case l.side when 'DEBIT' then ${column} else -${column} end`;
const sumsText = (filter: string) => `
  select a.id as account_id, l.currency,
         coalesce(sum(${signed('l.minor')}) filter (where l.posted_on < $2), 0)::text as opening,
         coalesce(sum(l.minor) filter (where l.posted_on >= $2 and l.side = 'DEBIT'), 0)::text as debit,
         coalesce(sum(l.minor) filter (where l.posted_on >= $2 and l.side = 'CREDIT'), 0)::text as credit,
         coalesce(sum(${signed('l.functional_minor')}) filter (where l.posted_on < $2), 0)::text as functional_opening,
         coalesce(sum(l.functional_minor) filter (where l.posted_on >= $2 and l.side = 'DEBIT'), 0)::text
           as functional_debit,
         coalesce(sum(l.functional_minor) filter (where l.posted_on >= $2 and l.side = 'CREDIT'), 0)::text
           as functional_credit,
         (count(*) filter (where l.functional_minor is null))::int as unvalued
    from transactions.account a
    join transactions.journal_line l on l.account_id = a.id and l.posted_on <= $3 ${filter}
   where a.book_id = $1 and ($4::text[] is null or a.id = any ($4))
   group by 1, 2`;
const allSums = sumsText('');
const filteredSums = sumsText(`and l.dimensions <> '{}' and l.dimensions @> $5::jsonb`);

/** Adds up the journal of a book before and within some days, by account and currency, exactly, in the database. */
export async function loadSums(
  run: RunQuery,
  book: ReportBook,
  options: ReportDays & {
    readonly accounts: ReadonlyMap<string, ReportAccount>;
    readonly dimensions?: DimensionFilter;
    /** Only these accounts; all of the book when left out. */
    readonly only?: readonly string[];
  },
): Promise<BookSums> {
  const { from, to, accounts, dimensions = {}, only = null } = options;
  const filtered = Object.keys(dimensions).length > 0;
  const rows = await run<SumRow>(filtered ? filteredSums : allSums, [
    book.id,
    from,
    to,
    only,
    ...(filtered ? [JSON.stringify(dimensions)] : []),
  ]);
  return {
    from,
    to,
    currency: book.currency,
    rows: rows.flatMap((row): AccountSum[] => {
      const account = accounts.get(row.account_id);
      return account ? [accountSum(row, account)] : [];
    }),
  };
}

function accountSum(row: SumRow, account: ReportAccount): AccountSum {
  return {
    account,
    currency: row.currency,
    original: { opening: BigInt(row.opening), debit: BigInt(row.debit), credit: BigInt(row.credit) },
    functional: {
      opening: BigInt(row.functional_opening),
      debit: BigInt(row.functional_debit),
      credit: BigInt(row.functional_credit),
    },
    unvalued: row.unvalued,
  };
}
