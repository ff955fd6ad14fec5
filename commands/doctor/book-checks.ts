import { problemsOf, type Check, type OwnerQuery } from './check.ts';

/** Whether the books say what bookkeeping demands of them, asked of the rows themselves and not of the code. */
export const bookChecks: readonly Check[] = [
  {
    name: 'every journal entry balances in each currency',
    remedy: 'Restore a backup from before the change: entries are never corrected in place.',
    examine: async ({ query }) => ({
      problems: await problemsOf(
        query,
        `select format('%s of %s: debits %s and credits %s minor units %s', e.number, e.organisation_id,
                       coalesce(l.debit, 0), coalesce(l.credit, 0), l.currency)
           from (select organisation_id, journal_entry_id, currency,
                        sum(minor) filter (where side = 'DEBIT') as debit,
                        sum(minor) filter (where side = 'CREDIT') as credit
                   from transactions.journal_line group by organisation_id, journal_entry_id, currency) l
           join transactions.journal_entry e on e.organisation_id = l.organisation_id and e.id = l.journal_entry_id
          where l.debit is distinct from l.credit
          union all
         select format('%s of %s has fewer than two lines', e.number, e.organisation_id)
           from transactions.journal_entry e
          where (select count(*) from transactions.journal_line l
                  where l.organisation_id = e.organisation_id and l.journal_entry_id = e.id) < 2`,
      ),
      seen: await seen(query, 'transactions.journal_entry', 'entries'),
    }),
  },
  {
    name: 'numbers of journal entries have no gaps',
    remedy: 'Look for who removed entries, and restore a backup from before.',
    examine: async ({ query }) => ({
      problems: await problemsOf(
        query,
        `select format('book %s of %s, year %s: %s entries, highest number %s, last number given %s', book_id,
                       organisation_id, year, coalesce(n.entries, 0), coalesce(n.highest, 0), coalesce(c.last, 0))
           from (select organisation_id, book_id, year, count(*) as entries, max(sequence) as highest
                   from transactions.journal_entry group by organisation_id, book_id, year) n
           full join transactions.entry_counter c using (organisation_id, book_id, year)
          where n.entries is distinct from n.highest or n.entries is distinct from c.last`,
      ),
    }),
  },
  {
    name: 'documents, drafts and entries agree on where they stand',
    remedy: 'Report this with the ids named: one of the commands that move them did half of its work.',
    examine: async ({ query }) => ({
      problems: await problemsOf(query, statesThatDisagree),
      seen: `${await seen(query, 'transactions.document', 'documents')}, ${await seen(query, 'transactions.draft', 'drafts')}`,
    }),
  },
];

const statesThatDisagree = `
  select format('draft %s is %s, its document %s is %s', r.id, r.status, d.id, d.status)
    from transactions.draft r join transactions.document d on d.organisation_id = r.organisation_id and d.id = r.document_id
   where not case r.status when 'POSTED' then d.status = 'POSTED'
                           when 'REJECTED' then d.status in ('REJECTED', 'QUARANTINED')
                           else d.status = 'DRAFTED' end
   union all
  select format('draft %s belongs to the document %s, which does not exist', r.id, r.document_id)
    from transactions.draft r
   where r.document_id is not null and not exists (
     select 1 from transactions.document d where d.organisation_id = r.organisation_id and d.id = r.document_id)
   union all
  select format('document %s is %s without a draft', d.id, d.status)
    from transactions.document d
   where d.status in ('DRAFTED', 'POSTED') and not exists (
     select 1 from transactions.draft r where r.organisation_id = d.organisation_id and r.document_id = d.id)
   union all
  select format('draft %s is posted as %s, which does not say so', r.id, e.number)
    from transactions.draft r
    join transactions.journal_entry e on e.organisation_id = r.organisation_id and e.id = r.journal_entry_id
   where e.draft_id is distinct from r.id or e.document_id is distinct from r.document_id
   union all
  select format('%s was posted from draft %s, which is %s', e.number, e.draft_id, coalesce(r.status, 'gone'))
    from transactions.journal_entry e
    left join transactions.draft r on r.organisation_id = e.organisation_id and r.id = e.draft_id
   where e.draft_id is not null and r.journal_entry_id is distinct from e.id`;

/** How many rows a check looked at; the table's name comes from this file alone. */
async function seen(query: OwnerQuery, table: string, what: string): Promise<string> {
  const [row] = await query<{ rows: bigint | string }>(`select count(*) as rows from ${table}`);
  return `${row?.rows ?? 0} ${what}`;
}
