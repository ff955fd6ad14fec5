import { signed, type Invariant } from './validate-invariant.ts';

const ofBook = 'where a.organisation_id = $1 and a.book_id = $2';

/** Whether the sums that are kept, so that nobody has to add up from the first line, are what adding up gives. */
export const balanceInvariants: readonly Invariant[] = [
  {
    code: 'SNAPSHOTS_SUM',
    name: 'balances kept by day are the sums of their lines',
    severity: 'HIGH',
    remedy: 'They are built anew by themselves; find out who changed them past the door.',
    reach: 'BOOK',
    sql: `with day as (
        select d.on_day from transactions.balance_day d
         where d.organisation_id = $1 and d.book_id = $2 and d.state = 'READY'
      ), moved as (
        select l.account_id, l.currency, l.posted_on, coalesce(sum(l.minor) filter (where l.side = 'DEBIT'), 0) as debit,
               coalesce(sum(l.minor) filter (where l.side = 'CREDIT'), 0) as credit
          from transactions.account a
          join transactions.journal_line l on l.organisation_id = a.organisation_id and l.account_id = a.id
         ${ofBook} group by 1, 2, 3
      ), summed as (
        select d.on_day, m.account_id, m.currency, sum(m.debit) as debit, sum(m.credit) as credit
          from day d join moved m on m.posted_on <= d.on_day group by 1, 2, 3
      ), kept as (
        select s.on_day, s.account_id, s.currency, s.debit, s.credit from transactions.balance_snapshot s
          join day using (on_day) where s.organisation_id = $1 and s.book_id = $2
      )
      select 'Account' as subject_type, account_id as subject_id, format('%s %s', on_day, currency) as part,
             format('The balance kept of account %s on %s is not the sum of its lines', coalesce(a.code, account_id), on_day)
               as detail,
             (coalesce(s.debit, 0) - coalesce(s.credit, 0))::bigint::text as expected,
             (coalesce(k.debit, 0) - coalesce(k.credit, 0))::bigint::text as found, currency,
             jsonb_build_array(
               jsonb_build_object('type', 'Account', 'id', account_id, 'label', 'debits of the lines',
                                  'minor', coalesce(s.debit, 0)::bigint::text, 'currency', currency),
               jsonb_build_object('type', 'Account', 'id', account_id, 'label', 'debits kept',
                                  'minor', coalesce(k.debit, 0)::bigint::text, 'currency', currency),
               jsonb_build_object('type', 'Account', 'id', account_id, 'label', 'credits of the lines',
                                  'minor', coalesce(s.credit, 0)::bigint::text, 'currency', currency),
               jsonb_build_object('type', 'Account', 'id', account_id, 'label', 'credits kept',
                                  'minor', coalesce(k.credit, 0)::bigint::text, 'currency', currency)) as evidence
        from summed s full join kept k using (on_day, account_id, currency)
        left join (select c.id, c.code from transactions.account c where c.organisation_id = $1) a on a.id = account_id
       where s.debit is distinct from k.debit or s.credit is distinct from k.credit`,
  },
  {
    code: 'BOUNDS_KEPT',
    name: 'accounts with bounds stay within them',
    severity: 'HIGH',
    remedy: 'Find out who posted past the door; reverse the entry, or give the account other bounds.',
    reach: 'BOOK',
    sql: `select 'Account' as subject_type, a.id as subject_id, '' as part,
             format('The balance of account %s parts from what is kept of it or leaves its bounds', a.code) as detail,
             format('%s minor units, within %s and %s', coalesce(b.minor::text, 'a balance'),
                    coalesce(a.balance_at_least::text, 'any'), coalesce(a.balance_at_most::text, 'any')) as expected,
             format('%s minor units %s', l.minor, a.bounds_currency) as found, null as currency, null::jsonb as evidence
        from transactions.account a
        left join transactions.bounded_balance b on b.organisation_id = a.organisation_id and b.account_id = a.id
       cross join lateral (
          select coalesce(sum(${signed('l')}), 0) as minor from transactions.journal_line l
           where l.organisation_id = a.organisation_id and l.account_id = a.id and l.currency = a.bounds_currency) l
       ${ofBook} and a.bounds_currency is not null
         and (b.minor is distinct from l.minor or l.minor < a.balance_at_least or l.minor > a.balance_at_most)`,
  },
];
