-- Who hears of what is overdue where a book names nobody: an owner of the organisation.
create table reconciliation.colleague (
  organisation_id text not null,
  member_id text not null,
  roles text[] not null,
  primary key (organisation_id, member_id)
);
-- Events before this one do not tell roles; the first member of an organisation is made its owner.
alter table kernel.outbox no force row level security;
insert into reconciliation.colleague (organisation_id, member_id, roles)
select distinct on (organisation_id) organisation_id, subject_id, array['OWNER']
  from kernel.outbox where type = 'member.added' order by organisation_id, id;
alter table kernel.outbox force row level security;
select kernel.tenant_table('reconciliation.colleague', 'crossfoot_reconciliation');

alter table reconciliation.exception_policy add escalates boolean not null default true;

-- The owner who has been there longest; ids are in the order in which members came.
create function reconciliation.first_owner(organisation text) returns text
language sql stable
as $$
  select min(c.member_id) from reconciliation.colleague c
   where c.organisation_id = organisation and 'OWNER' = any(c.roles)
$$;

create or replace function reconciliation.books_to_escalate() returns table (organisation_id text, book_id text)
language sql stable security definer set search_path = pg_catalog
as $$
  select distinct e.organisation_id, e.book_id
    from reconciliation.exception e
    left join reconciliation.exception_policy p on p.organisation_id = e.organisation_id and p.book_id = e.book_id
   where e.status = 'OPEN' and e.escalated_at is null and e.due_at <= now() and coalesce(p.escalates, true)
     and coalesce(p.escalate_to, reconciliation.first_owner(e.organisation_id)) is not null
$$;
