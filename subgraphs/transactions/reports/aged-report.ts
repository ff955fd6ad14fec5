import type { CalendarDate } from '#kernel/calendar';
import { accountOf } from '../ledger/chart-of-accounts.ts';
import type { RunQuery } from '../rates/rate-for.ts';
import type { ReportAccount } from './account-sums.ts';
import { ageItems, type AgedList, type AgedSide, type OpenItem } from './aged-items.ts';
import { loadReportAccounts, loadReportBook, type ReportBook } from './load-sums.ts';

/** What was open on a day, by age. */
export interface AgedReport extends AgedList {
  readonly book: ReportBook;
  readonly side: AgedSide;
  readonly on: CalendarDate;
  /** What the control accounts come to in the base currency less what is open: zero. */
  readonly difference: bigint;
}

interface OpenRow {
  readonly entry_id: string;
  readonly account_id: string;
  readonly currency: string;
  readonly original: string;
  readonly open: string;
  readonly functional: string;
  readonly posted_on: CalendarDate;
  readonly due_on: CalendarDate | null;
  readonly vendor_id: string | null;
  readonly counterparty: string | null;
}

/**
 * What stood open on a day, also a past one: what entries left on the control accounts, less what payments that stood on
 * that day took of them. An entry and its reversal are one; a payment is open as far as it took nothing.
 */
const openText = `
  with net as (
    select coalesce(e.reversal_of, e.id) as entry_id, l.account_id, l.currency,
           sum(case l.side when 'DEBIT' then l.minor else -l.minor end) as minor,
           coalesce(sum(case l.side when 'DEBIT' then l.functional_minor else -l.functional_minor end), 0) as functional
      from transactions.journal_line l
      join transactions.journal_entry e on e.organisation_id = l.organisation_id and e.id = l.journal_entry_id
     where l.account_id = any ($1::text[]) and l.posted_on <= $2
     group by 1, 2, 3
  ), taken as (
    select s.item_entry_id, s.payment_entry_id, a.id as account_id, s.currency, s.minor, s.functional_minor
      from transactions.journal_entry p
      join transactions.settled_amount s on s.organisation_id = p.organisation_id and s.payment_entry_id = p.id
      join transactions.journal_entry i on i.organisation_id = s.organisation_id and i.id = s.item_entry_id
      join transactions.account a on a.book_id = p.book_id and a.code = s.account_code
     where p.book_id = $3 and p.posted_on <= $2 and i.posted_on <= $2 and a.id = any ($1::text[])
       and not exists (select 1 from transactions.journal_entry r where r.reversal_of = p.id and r.posted_on <= $2)
  ), moved as (
    select entry_id, account_id, currency, minor as original, minor, functional from net
     union all
    select item_entry_id, account_id, currency, 0, -minor, -functional_minor from taken
     union all
    select payment_entry_id, account_id, currency, 0, minor, functional_minor from taken
  ), open as (
    select entry_id, account_id, currency, sum(original) as original, sum(minor) as minor, sum(functional) as functional
      from moved group by 1, 2, 3 having sum(minor) <> 0 or sum(functional) <> 0
  )
  select o.entry_id, o.account_id, o.currency, o.original::text as original, o.minor::text as open,
         o.functional::text as functional, e.posted_on::text as posted_on, d.due_on::text as due_on, e.vendor_id,
         coalesce(case when d.kind in ('EXPENSE', 'RECEIPT') then d.employee end, d.vendor_name, d.counterparty_name)
           as counterparty
    from open o
    join transactions.journal_entry e on e.id = o.entry_id
    left join transactions.document d on d.id = e.document_id
   order by o.entry_id`;

/** The control accounts of a side: where documents leave what is owed. */
export function controlAccounts(side: AgedSide, accounts: Iterable<ReportAccount>): string[] {
  return [...accounts]
    .filter(({ code, group }) =>
      side === 'RECEIVABLE'
        ? group === 'RECEIVABLES'
        : group === 'PAYABLES' || code === accountOf.EMPLOYEE_PAYABLE,
    )
    .map(({ id }) => id);
}

/** What was open on control accounts on a day. */
export async function loadOpenItems(
  run: RunQuery,
  options: {
    readonly bookId: string;
    readonly side: AgedSide;
    readonly on: CalendarDate;
    readonly accountIds: readonly string[];
  },
): Promise<OpenItem[]> {
  const { bookId, side, on, accountIds } = options;
  const rows = await run<OpenRow>(openText, [accountIds, on, bookId]);
  const sign = side === 'PAYABLE' ? -1n : 1n;
  return rows.map((row) => ({
    entryId: row.entry_id,
    accountId: row.account_id,
    ...(row.vendor_id === null ? {} : { vendorId: row.vendor_id }),
    ...(row.counterparty === null ? {} : { counterparty: row.counterparty }),
    postedOn: row.posted_on,
    dueOn: row.due_on ?? row.posted_on,
    currency: row.currency,
    original: sign * BigInt(row.original),
    open: sign * BigInt(row.open),
    functional: sign * BigInt(row.functional),
  }));
}

/** The aged list of a book on a day; throws NOT_FOUND. */
export async function agedReport(
  run: RunQuery,
  { bookId, side, on }: { readonly bookId: string; readonly side: AgedSide; readonly on: CalendarDate },
): Promise<AgedReport> {
  const book = await loadReportBook(run, bookId);
  const accounts = await loadReportAccounts(run, book);
  const accountIds = controlAccounts(side, accounts.values());
  const list = ageItems(await loadOpenItems(run, { bookId, side, on, accountIds }), on);
  const [balance] = await run<{ functional: string }>(
    `select coalesce(sum(case side when 'DEBIT' then functional_minor else -functional_minor end), 0)::text as functional
       from transactions.journal_line where account_id = any ($1::text[]) and posted_on <= $2`,
    [accountIds, on],
  );
  const sign = side === 'PAYABLE' ? -1n : 1n;
  return {
    ...list,
    book,
    side,
    on,
    difference: sign * BigInt(balance?.functional ?? 0) - list.functional.total,
  };
}
