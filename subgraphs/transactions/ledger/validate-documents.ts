import { linesOf, seenEntries, signed, type Invariant } from './validate-invariant.ts';

/** Whether documents, drafts and periods answer to the journal. */
export const documentInvariants: readonly Invariant[] = [
  {
    code: 'DOCUMENT_TOTAL',
    name: 'the entry of a document leaves what the document says is owed',
    severity: 'HIGH',
    remedy: 'Compare the document with its entry; reverse the entry and book the document anew.',
    reach: 'ENTRIES',
    sql: `with ${seenEntries}
      select 'JournalEntry' as subject_type, s.id as subject_id, '' as part,
             format('%s does not leave what %s comes to', s.number, coalesce('document ' || d.number, 'its document')) as detail,
             abs(d.total)::text as expected, abs(t.owed)::text as found, d.currency,
             jsonb_build_array(jsonb_build_object('type', 'Document', 'id', d.id, 'label', 'total of the document',
               'minor', d.total::text, 'currency', d.currency)) || coalesce(${linesOf('s')}, '[]') as evidence
        from seen s
        join transactions.document d on d.organisation_id = s.organisation_id and d.id = s.document_id
       cross join lateral (
          select coalesce(sum(${signed('l')}), 0) as owed from transactions.journal_line l
           where l.organisation_id = s.organisation_id and l.journal_entry_id = s.id and l.currency = d.currency
             and l.account_id in (select r.account_id from transactions.draft_line r
                                   where r.organisation_id = s.organisation_id and r.draft_id = s.draft_id
                                     and r.role = 'CONTROL')) t
       where s.kind = 'DOCUMENT' and s.draft_id is not null and abs(t.owed) <> abs(d.total)
         and not exists (
           select 1 from transactions.journal_line l
            where l.organisation_id = s.organisation_id and l.journal_entry_id = s.id
            group by l.currency having sum(${signed('l')}) <> 0)`,
  },
  {
    code: 'DRAFTS_AND_ENTRIES',
    name: 'documents, drafts and entries agree on where they stand',
    severity: 'HIGH',
    remedy: 'Report this with the ids named: one of the commands that move them did half of its work.',
    reach: 'BOOK',
    sql: `select p.type as subject_type, p.id as subject_id, '' as part, p.detail, p.expected, p.found, null as currency,
             null::jsonb as evidence
        from (
      select 'Draft' as type, r.id, format('Draft %s and its document %s part', r.id, d.id) as detail,
             format('a document that fits a draft that is %s', r.status) as expected, 'it is ' || d.status as found
        from transactions.draft r
        join transactions.document d on d.organisation_id = r.organisation_id and d.id = r.document_id
       where r.organisation_id = $1 and r.book_id = $2
         and not case r.status when 'POSTED' then d.status = 'POSTED'
                               when 'REJECTED' then d.status in ('REJECTED', 'QUARANTINED')
                               else d.status = 'DRAFTED' end
       union all
      select 'Draft', r.id, format('Draft %s belongs to a document that is not there', r.id), r.document_id, 'nothing'
        from transactions.draft r
       where r.organisation_id = $1 and r.book_id = $2 and r.document_id is not null and not exists (
         select 1 from transactions.document d where d.organisation_id = r.organisation_id and d.id = r.document_id)
       union all
      select 'Document', d.id, format('Document %s has no draft', coalesce(d.number, d.id)),
             'a draft, as it is ' || d.status, 'none'
        from transactions.document d
       where d.organisation_id = $1 and d.book_id = $2 and d.status in ('DRAFTED', 'POSTED') and not exists (
         select 1 from transactions.draft r where r.organisation_id = d.organisation_id and r.document_id = d.id)
       union all
      select 'Draft', r.id, format('Draft %s is posted and its entry does not say so', r.id),
             coalesce(r.journal_entry_id, 'an entry'), coalesce('an entry of draft ' || e.draft_id, 'nothing')
        from transactions.draft r
        left join transactions.journal_entry e on e.organisation_id = r.organisation_id and e.id = r.journal_entry_id
       where r.organisation_id = $1 and r.book_id = $2 and r.status = 'POSTED'
         and (e.id is null or e.draft_id is distinct from r.id or e.document_id is distinct from r.document_id)
       union all
      select 'JournalEntry', e.id, format('%s was posted from a draft that does not say so', e.number),
             'draft ' || e.draft_id || ' posted', coalesce('it is ' || r.status, 'nothing')
        from transactions.journal_entry e
        left join transactions.draft r on r.organisation_id = e.organisation_id and r.id = e.draft_id
       where e.organisation_id = $1 and e.book_id = $2 and e.draft_id is not null and r.journal_entry_id is null) p`,
  },
  {
    code: 'PERIODS_KEPT',
    name: 'nothing was posted into closed days after they were closed',
    severity: 'HIGH',
    remedy: 'Find out who posted past the door; reverse the entry in an open period.',
    reach: 'ENTRIES',
    sql: `with ${seenEntries}
      select 'JournalEntry' as subject_type, s.id as subject_id, '' as part,
             format('%s was posted into closed days', s.number) as detail,
             format('nothing after number %s on the days %s to %s, which are %s', c.last, p.starts_on, p.ends_on,
                    case p.status when 'LOCKED' then 'locked' else 'closed for automatic postings' end) as expected,
             format('%s on %s', s.number, s.posted_on) as found, null as currency, ${linesOf('s')} as evidence
        from seen s
        join transactions.period p on p.organisation_id = s.organisation_id and p.book_id = s.book_id
         and s.posted_on between p.starts_on and p.ends_on and p.status <> 'OPEN'
       cross join lateral (
          select coalesce((h.last_numbers ->> s.year::text)::bigint, 0) as last from transactions.period_change h
           where h.organisation_id = p.organisation_id and h.period_id = p.id order by h.id desc limit 1) c
       where s.sequence > c.last and (p.status = 'LOCKED' or s.kind not in ('MANUAL', 'REVERSAL', 'REVALUATION'))`,
  },
  {
    code: 'PERIOD_HISTORY',
    name: 'every period stands as its last change left it',
    severity: 'HIGH',
    remedy: 'Somebody changed the period past the door: lock or open it again, so that it is on record.',
    reach: 'BOOK',
    sql: `select 'Period' as subject_type, p.id as subject_id, '' as part,
             format('The period %s to %s does not stand as it was left', p.starts_on, p.ends_on) as detail,
             coalesce(h.status, 'a change on record') as expected, p.status as found, null as currency,
             null::jsonb as evidence
        from transactions.period p
        left join lateral (select c.status from transactions.period_change c
                            where c.organisation_id = p.organisation_id and c.period_id = p.id
                            order by c.id desc limit 1) h on true
       where p.organisation_id = $1 and p.book_id = $2 and h.status is distinct from p.status`,
  },
];
