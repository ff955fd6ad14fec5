import type { CalendarDate } from '#kernel/calendar';
import type { Transaction } from '#kernel/command';
import { findRates } from '../rates/rate-for.ts';
import { convert } from '../rates/exchange-arithmetic.ts';
import { itemKey, postedRate, type AppliedAmount, type OpenAmount } from './settle-items.ts';

interface Row {
  readonly entry_id: string;
  readonly account_code: string;
  readonly currency: string;
  readonly posted_on: CalendarDate;
  readonly minor: bigint;
  /** Null for entries of before there were rates. */
  readonly functional: bigint | null;
  readonly rate: string | null;
  readonly rate_on: CalendarDate | null;
  readonly rate_path: string | null;
  readonly settled: bigint;
  readonly settled_functional: bigint;
}

const openAmounts = `
  select i.entry_id, i.account_code, i.currency, e.posted_on, o.minor, o.functional, o.rate, o.rate_on, o.rate_path,
         coalesce(s.minor, 0)::bigint as settled, coalesce(s.functional, 0)::bigint as settled_functional
    from (select distinct * from unnest($1::text[], $2::text[], $3::text[])) as i (entry_id, account_code, currency)
    join transactions.journal_entry e on e.id = i.entry_id and e.book_id = $4
   cross join lateral
         (select sum(case l.side when 'DEBIT' then l.minor else -l.minor end)::bigint as minor,
                 case when bool_and(l.functional_minor is not null)
                   then sum(case l.side when 'DEBIT' then l.functional_minor else -l.functional_minor end)::bigint
                 end as functional,
                 case when min(l.rate) = max(l.rate) then min(l.rate)::text end as rate,
                 min(l.rate_on) as rate_on,
                 case when min(l.rate_path) = max(l.rate_path) then min(l.rate_path) end as rate_path
            from transactions.journal_line l
            join transactions.account a on a.organisation_id = l.organisation_id and a.id = l.account_id
           where l.journal_entry_id = e.id and l.organisation_id = e.organisation_id
             and a.code = i.account_code and l.currency = i.currency) o
    left join lateral
         (select sum(t.minor) as minor, sum(t.functional_minor) as functional from transactions.settled_amount t
           where t.item_entry_id = e.id and t.account_code = i.account_code and t.currency = i.currency
             and not exists (select 1 from transactions.journal_entry r
                              where r.organisation_id = t.organisation_id and r.reversal_of = t.payment_entry_id)) s
      on true
   where o.minor is not null`;

/**
 * What is open of items in foreign currencies, by `itemKey`, with the value they were posted with. Items posted before
 * there were rates get the value of their day, where a rate for it is known now; others are left out. Two payments of one
 * item wait for each other here.
 */
export async function loadOpenAmounts(
  transaction: Transaction,
  { bookId, base }: { readonly bookId: string; readonly base: string },
  items: readonly AppliedAmount[],
): Promise<Map<string, OpenAmount>> {
  const foreign = items.filter(({ applied }) => applied.currency !== base);
  if (foreign.length === 0) return new Map();
  const ids = foreign.map((item) => item.journalEntryId);
  await transaction.query(
    `select pg_advisory_xact_lock(hashtextextended('settlement of ' || id, 0))
       from (select distinct id from unnest($1::text[]) as i (id) order by id) ordered`,
    [ids],
  );
  const rows = await transaction.query<Row>(openAmounts, [
    ids,
    foreign.map((item) => item.controlAccountCode),
    foreign.map((item) => item.applied.currency),
    bookId,
  ]);
  const rates = await findRates(
    (sql, values) => transaction.query(sql, values),
    rows.map((row) => ({ from: row.currency, to: base, on: row.posted_on, bookId })),
  );
  const open = new Map<string, OpenAmount>();
  rows.forEach((row, index) => {
    const amount = { minor: row.minor, currency: row.currency };
    const known = rates[index];
    const functional = row.functional ?? (known ? convert(amount, known.rate, base).minor : undefined);
    if (functional === undefined) return;
    const lines =
      row.functional === null && known
        ? known
        : { ...row, on: row.rate_on ?? row.posted_on, path: row.rate_path };
    open.set(itemKey(row.entry_id, row.account_code, row.currency), {
      minor: row.minor - row.settled,
      functional: functional - row.settled_functional,
      rate: postedRate({ money: amount, worth: { minor: functional, currency: base } }, lines),
    });
  });
  return open;
}
