import { accountOf } from './chart-of-accounts.ts';
import { linesOf, seenEntries, signed, type Invariant } from './validate-invariant.ts';

/** The accounts that stand for what vendors, customers and employees have open. */
export const controlAccounts = [accountOf.RECEIVABLE, accountOf.PAYABLE, accountOf.EMPLOYEE_PAYABLE] as const;

const control = `control as (
  select c.organisation_id, c.id, c.code from transactions.account c
   where c.organisation_id = $1 and c.book_id = $2 and c.code in (${controlAccounts.map((code) => `'${code}'`).join(', ')}))`;

const reversed = (entry: string): string => `exists (
  select 1 from transactions.journal_entry v
   where v.organisation_id = ${entry}.organisation_id and v.reversal_of = ${entry}.id)`;

/** Lines on control accounts with their entries, debits positive. */
const controlLines = `line as (
  select e.organisation_id, e.id, e.number, e.kind, e.vendor_id, e.match_id, e.reversal_of, c.code, l.currency,
         ${signed('l')} as minor, ${reversed('e')} as reversed
    from control c
    join transactions.journal_line l on l.organisation_id = c.organisation_id and l.account_id = c.id
    join transactions.journal_entry e on e.organisation_id = l.organisation_id and e.id = l.journal_entry_id)`;

/** What is open by control account, counterparty and currency: standing documents less what standing payments took. */
const openItems = `item as (
  select code, vendor_id, currency, minor from line where kind = 'DOCUMENT' and not reversed
   union all
  select t.account_code, i.vendor_id, t.currency, -t.minor
    from (select distinct id, code, vendor_id, currency from line where kind = 'DOCUMENT' and not reversed) i
    join transactions.settled_amount t on t.organisation_id = $1 and t.item_entry_id = i.id
     and t.account_code = i.code and t.currency = i.currency
    join transactions.journal_entry p on p.organisation_id = t.organisation_id and p.id = t.payment_entry_id
   where not ${reversed('p')})`;

/** Selects what is open by control account, counterparty and currency, debits positive; `$1` organisation, `$2` book. */
export const openByVendor = `with ${control}, ${controlLines}, ${openItems}
  select code, vendor_id, currency, sum(minor)::text as minor from item group by code, vendor_id, currency
  having sum(minor) <> 0`;

/** Payments of before it was kept what they took say nothing of their items: nothing can be held against them. */
const withoutOldPayments = `not exists (
  select 1 from line o where o.match_id is not null and o.reversal_of is null and not o.reversed and not exists (
    select 1 from transactions.settled_amount t
     where t.organisation_id = o.organisation_id and t.payment_entry_id = o.id))`;

/** Whether the sub-ledgers, which are what documents left open and payments took, answer to their control accounts. */
export const subledgerInvariants: readonly Invariant[] = [
  {
    code: 'PAYMENTS_SETTLE',
    name: 'every payment takes from its items what its entry says',
    severity: 'HIGH',
    remedy: 'Undo the match, so that the payment is reversed, and accept it anew.',
    reach: 'ENTRIES',
    sql: `with ${seenEntries}, paying as materialized (
        select s.* from seen s where exists (
          select 1 from transactions.settled_amount a
           where a.organisation_id = s.organisation_id and a.payment_entry_id = s.id))
      select 'JournalEntry' as subject_type, s.id as subject_id, t.account_code || ' ' || t.currency as part,
             format('%s takes from its items another amount than from account %s', s.number, t.account_code) as detail,
             (-k.minor)::text as expected, t.minor::text as found, t.currency, ${linesOf('s')} as evidence
        from paying s
       cross join lateral (
          select a.account_code, a.currency, sum(a.minor) as minor from transactions.settled_amount a
           where a.organisation_id = s.organisation_id and a.payment_entry_id = s.id group by 1, 2) t
       cross join lateral (
          select coalesce(sum(${signed('l')}), 0) as minor from transactions.journal_line l
            join transactions.account c on c.organisation_id = l.organisation_id and c.id = l.account_id
           where l.organisation_id = s.organisation_id and l.journal_entry_id = s.id and c.code = t.account_code
             and l.currency = t.currency) k
       where t.minor <> -k.minor and not exists (
         select 1 from transactions.journal_line l
          where l.organisation_id = s.organisation_id and l.journal_entry_id = s.id
          group by l.currency having sum(${signed('l')}) <> 0)`,
  },
  {
    code: 'CONTROL_ACCOUNTS',
    name: 'payables and receivables come to what their control accounts say',
    severity: 'MEDIUM',
    remedy:
      'The evidence names what is open by vendor and what was posted to the account by hand: post that by a document, or reverse it.',
    reach: 'BOOK',
    sql: `with ${control}, ${controlLines}, ${openItems}
      select 'Account' as subject_type, c.id as subject_id, b.currency as part,
             format('Account %s and the items open on it differ', c.code) as detail,
             coalesce(i.minor, 0)::text as expected, b.minor::text as found, b.currency,
             coalesce((select jsonb_agg(jsonb_build_object('type', 'Vendor', 'id', coalesce(v.vendor_id, ''), 'label',
                        'open of one vendor', 'minor', v.minor::text, 'currency', v.currency) order by v.vendor_id)
                from (select vendor_id, currency, sum(minor) as minor from item
                       where code = c.code and currency = b.currency group by 1, 2 having sum(minor) <> 0
                       order by abs(sum(minor)) desc limit 20) v), '[]')
             || coalesce((select jsonb_agg(jsonb_build_object('type', 'JournalEntry', 'id', d.id, 'label',
                        format('%s, posted by no document and no payment', d.number), 'minor', d.minor::text,
                        'currency', d.currency) order by d.id)
                from (select id, number, currency, minor from line l
                       where l.code = c.code and l.currency = b.currency and l.kind <> 'DOCUMENT'
                         and l.reversal_of is null and not l.reversed and not exists (
                           select 1 from transactions.settled_amount t
                            where t.organisation_id = l.organisation_id and t.payment_entry_id = l.id)
                       order by abs(minor) desc limit 20) d), '[]') as evidence
        from control c
        join (select code, currency, sum(minor) as minor from line group by 1, 2) b using (code)
        left join (select code, currency, sum(minor) as minor from item group by 1, 2) i using (code, currency)
       where b.minor <> coalesce(i.minor, 0) and ${withoutOldPayments}`,
  },
];
