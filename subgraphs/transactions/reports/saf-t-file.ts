import { compareText } from './statement.ts';
import type { RunQuery } from '../rates/rate-for.ts';
import { total, type ReportAccount, type ReportDays, type Sums } from './account-sums.ts';
import { loadSums, type ReportBook } from './load-sums.ts';
import { readJournal } from './read-journal.ts';
import { safT, type AuditFile } from './saf-t.ts';

interface Asked {
  readonly book: ReportBook;
  readonly accounts: ReadonlyMap<string, ReportAccount>;
  readonly days: ReportDays;
  readonly madeOn: string;
}

/** The audit file of some days of a book, read while it is written. */
export async function* safTFile(
  run: RunQuery,
  { book, accounts, days, madeOn }: Asked,
): AsyncGenerator<string> {
  const { rows } = await loadSums(run, book, { ...days, accounts });
  const ofAccount = Map.groupBy(rows, ({ account }) => account.id);
  const sum = (amountOf: (sums: Sums) => bigint) => total(rows, ({ functional }) => amountOf(functional));
  const file: AuditFile = {
    book,
    ...days,
    madeOn,
    accounts: [...accounts.values()]
      .toSorted((a, b) => compareText(a.code, b.code))
      .map((account) => ({
        account,
        functional: added((ofAccount.get(account.id) ?? []).map((row) => row.functional)),
      })),
    ...(await masterData(run, book, days)),
    debit: sum(({ debit }) => debit),
    credit: sum(({ credit }) => credit),
    entries: readJournal(run, book, days),
  };
  yield* safT(file);
}

function added(list: readonly Sums[]): Sums {
  return {
    opening: total(list, ({ opening }) => opening),
    debit: total(list, ({ debit }) => debit),
    credit: total(list, ({ credit }) => credit),
  };
}

const linesOfDays = `
    from transactions.journal_entry e
    join transactions.journal_line l on l.organisation_id = e.organisation_id and l.journal_entry_id = e.id
   where e.book_id = $1 and e.posted_on between $2 and $3`;

/** Whom, which taxes and which dimensions the entries of the days name, and how many there are. */
async function masterData(
  run: RunQuery,
  book: ReportBook,
  { from, to }: ReportDays,
): Promise<Pick<AuditFile, 'suppliers' | 'taxCodes' | 'dimensions' | 'entryCount'>> {
  const days = [book.id, from, to];
  const suppliers = await run<AuditFile['suppliers'][number]>(
    `select e.vendor_id as id, coalesce(max(d.vendor_name), max(d.counterparty_name), e.vendor_id) as name,
            max(d.counterparty_country) as country
       from transactions.journal_entry e
       left join transactions.document d on d.organisation_id = e.organisation_id and d.id = e.document_id
      where e.book_id = $1 and e.posted_on between $2 and $3 and e.vendor_id is not null
      group by e.vendor_id order by e.vendor_id`,
    days,
  );
  const codes = await run<{ code: string }>(
    `select distinct l.tax_code as code ${linesOfDays} and l.tax_code is not null order by 1`,
    days,
  );
  const dimensions = await run<AuditFile['dimensions'][number]>(
    `select u.dimension, u.code, max(v.name) as name
       from (select distinct d.key as dimension, d.value as code
               from transactions.journal_entry e
               join transactions.journal_line l on l.organisation_id = e.organisation_id and l.journal_entry_id = e.id
              cross join lateral jsonb_each_text(l.dimensions) as d (key, value)
              where e.book_id = $1 and e.posted_on between $2 and $3 and l.dimensions <> '{}') u
       left join transactions.dimension k on k.book_id = $1 and k.key = u.dimension
       left join transactions.dimension_value v on v.dimension_id = k.id and v.code = u.code
      group by 1, 2 order by 1, 2`,
    days,
  );
  const [count] = await run<{ entries: number }>(
    `select count(*)::int as entries from transactions.journal_entry
      where book_id = $1 and posted_on between $2 and $3`,
    days,
  );
  return { suppliers, taxCodes: codes.map(({ code }) => code), dimensions, entryCount: count?.entries ?? 0 };
}
