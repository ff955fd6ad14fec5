import { linesOf, seenEntries, signed, type Invariant } from './validate-invariant.ts';

const neverCorrected = 'Restore a backup from before the change: entries are never corrected in place.';

/** Whether a counter's book has an entry of this number. */
const numbered = (sequence: string): string => `exists (
  select 1 from transactions.journal_entry e
   where e.book_id || ' ' || e.number = c.book_id || ' ' || transactions.entry_number(c.year, ${sequence})
     and e.organisation_id = c.organisation_id)`;

/** What must hold for every entry by itself. */
export const entryInvariants: readonly Invariant[] = [
  {
    code: 'ENTRY_BALANCED',
    name: 'every journal entry balances in each currency',
    severity: 'HIGH',
    remedy: neverCorrected,
    reach: 'ENTRIES',
    sql: `with ${seenEntries}
      select 'JournalEntry' as subject_type, s.id as subject_id, t.currency as part,
             format('Debits and credits of %s differ', s.number) as detail,
             t.debit::text as expected, t.credit::text as found, t.currency, ${linesOf('s')} as evidence
        from seen s cross join lateral (
          select l.currency, coalesce(sum(l.minor) filter (where l.side = 'DEBIT'), 0) as debit,
                 coalesce(sum(l.minor) filter (where l.side = 'CREDIT'), 0) as credit
            from transactions.journal_line l
           where l.organisation_id = s.organisation_id and l.journal_entry_id = s.id group by l.currency) t
       where t.debit <> t.credit`,
  },
  {
    code: 'ENTRY_BALANCED_FUNCTIONAL',
    name: 'every journal entry balances in the base currency of its book',
    severity: 'HIGH',
    remedy: neverCorrected,
    reach: 'ENTRIES',
    // Asked only of entries that balance in their own currencies: the others are named once.
    sql: `with ${seenEntries}
      select 'JournalEntry' as subject_type, s.id as subject_id, '' as part,
             format('Debits and credits of %s differ in the base currency', s.number) as detail,
             t.debit::text as expected, t.credit::text as found, b.base_currency as currency, ${linesOf('s')} as evidence
        from seen s
        join transactions.book b on b.organisation_id = s.organisation_id and b.id = s.book_id
       cross join lateral (
          select coalesce(sum(l.functional_minor) filter (where l.side = 'DEBIT'), 0) as debit,
                 coalesce(sum(l.functional_minor) filter (where l.side = 'CREDIT'), 0) as credit
            from transactions.journal_line l
           where l.organisation_id = s.organisation_id and l.journal_entry_id = s.id
          having bool_and(l.functional_minor is not null)) t
       where t.debit <> t.credit and not exists (
         select 1 from transactions.journal_line l
          where l.organisation_id = s.organisation_id and l.journal_entry_id = s.id
          group by l.currency having sum(${signed('l')}) <> 0)`,
  },
  {
    code: 'LINE_VALUE',
    name: 'a line in the base currency is worth its own amount, and a line has the day of its entry',
    severity: 'HIGH',
    remedy: neverCorrected,
    reach: 'ENTRIES',
    sql: `with ${seenEntries}
      select 'JournalEntry' as subject_type, s.id as subject_id, l.position::text as part,
             format('Line %s of %s is not worth what it says, or has another day', l.position, s.number) as detail,
             format('%s on %s', l.minor, s.posted_on) as expected,
             format('%s on %s', coalesce(l.functional_minor::text, 'nothing'), l.posted_on) as found,
             null as currency, ${linesOf('s')} as evidence
        from seen s
        join transactions.book b on b.organisation_id = s.organisation_id and b.id = s.book_id
        join transactions.journal_line l on l.organisation_id = s.organisation_id and l.journal_entry_id = s.id
       where l.posted_on <> s.posted_on
          or (l.currency = b.base_currency and l.functional_minor is distinct from l.minor
              and not exists (select 1 from transactions.journal_line o
                               where o.organisation_id = s.organisation_id and o.journal_entry_id = s.id
                               group by o.journal_entry_id
                              having sum(${signed('o', 'functional_minor')}) <> 0 or sum(${signed('o')}) <> 0))`,
  },
  {
    code: 'ENTRY_WHOLE',
    name: 'every journal entry has two lines at least',
    severity: 'HIGH',
    remedy: neverCorrected,
    reach: 'ENTRIES',
    sql: `with ${seenEntries}
      select 'JournalEntry' as subject_type, s.id as subject_id, '' as part,
             format('%s has too few lines', s.number) as detail, 'two lines at least' as expected,
             format('%s lines', t.lines) as found, null as currency, ${linesOf('s')} as evidence
        from seen s cross join lateral (
          select count(*) as lines from transactions.journal_line l
           where l.organisation_id = s.organisation_id and l.journal_entry_id = s.id) t
       where t.lines < 2`,
  },
  {
    code: 'ACCOUNTS_OF_BOOK',
    name: 'every line is posted to an account of its own book that takes its currency',
    severity: 'HIGH',
    remedy: neverCorrected,
    reach: 'ENTRIES',
    sql: `with ${seenEntries}
      select 'JournalEntry' as subject_type, s.id as subject_id, l.position::text as part,
             format('Line %s of %s is on an account it cannot be on', l.position, s.number) as detail,
             case when a.book_id = s.book_id then format('an account that takes %s', l.currency)
                  else 'an account of its own book' end as expected,
             case when a.id is null then 'no account'
                  when a.book_id = s.book_id then format('%s, which takes %s', a.code, a.currency)
                  else format('%s of another book', a.code) end as found,
             null as currency, ${linesOf('s')} as evidence
        from seen s
        join transactions.journal_line l on l.organisation_id = s.organisation_id and l.journal_entry_id = s.id
        left join transactions.account a on a.organisation_id = l.organisation_id and a.id = l.account_id
       where a.id is null or a.book_id <> s.book_id or a.currency <> l.currency`,
  },
  {
    code: 'REVERSAL_MIRRORS',
    name: 'every reversal is its original with debit and credit exchanged',
    severity: 'HIGH',
    remedy: neverCorrected,
    reach: 'ENTRIES',
    sql: `with ${seenEntries}
      select 'JournalEntry' as subject_type, s.id as subject_id, '' as part,
             format('%s does not take back what it says', s.number) as detail,
             coalesce('the lines of ' || o.number || ' exchanged', 'an entry of this book that is no reversal') as expected,
             format('%s lines that differ', d.lines) as found, null as currency,
             coalesce(${linesOf('s')}, '[]') || coalesce(${linesOf('o')}, '[]') as evidence
        from seen s
        left join transactions.journal_entry o
          on o.organisation_id = s.organisation_id and o.id = s.reversal_of and o.book_id = s.book_id
         and o.reversal_of is null
       cross join lateral (
          select count(*) as lines
            from (select * from transactions.journal_line l
                   where l.organisation_id = s.organisation_id and l.journal_entry_id = s.reversal_of) a
            full join (select * from transactions.journal_line l
                        where l.organisation_id = s.organisation_id and l.journal_entry_id = s.id) b using (position)
           where a.account_id is distinct from b.account_id or a.side is not distinct from b.side
              or a.minor is distinct from b.minor or a.currency is distinct from b.currency
              or (a.functional_minor is not null and a.functional_minor is distinct from b.functional_minor)) d
       where (s.kind = 'REVERSAL' or s.reversal_of is not null) and (o.id is null or d.lines > 0)
         -- Where one of both does not balance, that is said already.
         and not exists (
           select 1 from transactions.journal_line l
            where l.organisation_id = s.organisation_id and l.journal_entry_id in (s.id, s.reversal_of)
            group by l.journal_entry_id, l.currency having sum(${signed('l')}) <> 0)`,
  },
  {
    code: 'NUMBERS_WITHOUT_GAPS',
    name: 'numbers of journal entries have no gaps',
    severity: 'HIGH',
    remedy: 'Look for who removed entries, and restore a backup from before.',
    reach: 'ENTRIES',
    sql: `with ${seenEntries}, miscounted as materialized (
        select c.organisation_id, c.book_id, c.year, c.last from transactions.entry_counter c
         where c.organisation_id = $1 and c.book_id = $2
           and (not ${numbered('c.last')} or ${numbered('c.last + 1')}))
      select 'JournalEntry' as subject_type, s.id as subject_id, '' as part,
             format('The entry before %s is not there', s.number) as detail,
             transactions.entry_number(s.year, s.sequence - 1) as expected, 'nothing' as found, null as currency,
             null::jsonb as evidence
        from seen s
       where s.sequence > 1 and not exists (
         select 1 from transactions.journal_entry p
          where p.book_id || ' ' || p.number = s.book_id || ' ' || transactions.entry_number(s.year, s.sequence - 1)
            and p.organisation_id = s.organisation_id)
       union all
      select 'Book', c.book_id, c.year::text, format('The newest entry of %s is not the last that got a number', c.year),
             transactions.entry_number(c.year, c.last), coalesce(n.number, 'none'), null, null
        from miscounted c
        left join lateral (
          select e.number from transactions.journal_entry e
           where e.organisation_id = c.organisation_id and e.book_id = c.book_id
             and e.posted_on between make_date(c.year, 1, 1) and make_date(c.year, 12, 31)
           order by e.sequence desc limit 1) n on true`,
  },
  {
    code: 'LINES_HAVE_ENTRIES',
    name: 'every line belongs to a journal entry',
    severity: 'HIGH',
    remedy: 'Look for who removed entries, and restore a backup from before.',
    reach: 'BOOK',
    sql: `select 'JournalEntry' as subject_type, l.journal_entry_id as subject_id, '' as part,
             format('Lines of the entry %s stand without it', l.journal_entry_id) as detail, 'an entry' as expected,
             format('%s lines alone', count(*)) as found, null as currency,
             jsonb_agg(jsonb_build_object('type', 'JournalEntry', 'id', l.journal_entry_id, 'label',
               format('line %s: %s %s', l.position, lower(l.side), a.code), 'minor', l.minor::text,
               'currency', l.currency) order by l.position) as evidence
        from transactions.account a
        join transactions.journal_line l on l.organisation_id = a.organisation_id and l.account_id = a.id
       where a.organisation_id = $1 and a.book_id = $2 and not exists (
         select 1 from transactions.journal_entry e
          where e.organisation_id = l.organisation_id and e.id = l.journal_entry_id)
       group by l.journal_entry_id`,
  },
];
