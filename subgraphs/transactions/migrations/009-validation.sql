-- What keeps the books honest after the fact: what the continuous validation found, how far it has looked, what became
-- of periods and why, and the days around the end of a period on which the configuration stands still.

-- A place where the books part from what must hold, with its evidence. Opened once, resolved when it is gone, kept.
create table transactions.validation_finding (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  invariant text not null check (invariant ~ '^[A-Z][A-Z_]+$'),
  severity text not null check (severity in ('LOW', 'MEDIUM', 'HIGH')),
  status text not null check (status in ('OPEN', 'RESOLVED')),
  subject_type text not null,
  subject_id text not null,
  -- Tells findings of one subject apart, such as by currency.
  part text not null,
  detail text not null,
  expected text not null,
  found text not null,
  difference_minor bigint,
  difference_currency text,
  -- [{"type", "id", "label", "minor", "currency"}]: the rows that were compared.
  evidence jsonb not null,
  opened_at timestamptz not null,
  -- When it was last looked at and still there.
  seen_at timestamptz not null,
  resolved_at timestamptz,
  primary key (organisation_id, id),
  foreign key (organisation_id, book_id) references transactions.book,
  check ((status = 'RESOLVED') = (resolved_at is not null)),
  check ((difference_minor is null) = (difference_currency is null))
);
create unique index validation_finding_open on transactions.validation_finding
  (book_id, invariant, subject_id, part, organisation_id) where status = 'OPEN';
create index validation_finding_of_book on transactions.validation_finding (book_id, status, id);
select kernel.tenant_table('transactions.validation_finding', 'crossfoot_transactions');
select kernel.book_table('transactions.validation_finding');

create function transactions.keep_finding() returns trigger
language plpgsql
as $$
begin
  if tg_op <> 'UPDATE' or old.status = 'RESOLVED' or (new.organisation_id, new.id, new.book_id, new.invariant,
     new.subject_id, new.part, new.opened_at) is distinct from (old.organisation_id, old.id, old.book_id, old.invariant,
     old.subject_id, old.part, old.opened_at) then
    raise exception using errcode = 'CF409', hint = 'STATE_CONFLICT',
      message = 'What a validation found is never removed, and what is resolved stays as it was';
  end if;
  return new;
end $$;
create trigger validation_finding_kept before update or delete on transactions.validation_finding
  for each row execute function transactions.keep_finding();
create trigger validation_finding_table_kept before truncate on transactions.validation_finding
  for each statement execute function transactions.keep_finding();
revoke delete, truncate on transactions.validation_finding from crossfoot_transactions;

-- How far a book has been looked at.
create table transactions.validation_state (
  organisation_id text not null,
  book_id text not null,
  -- The newest entry the last pass saw; the next one goes back some minutes behind it.
  checked_through text not null,
  checked_at timestamptz not null,
  swept_at timestamptz,
  -- Something happened since that no entry shows.
  due boolean not null default false,
  primary key (organisation_id, book_id),
  foreign key (organisation_id, book_id) references transactions.book
);
select kernel.tenant_table('transactions.validation_state', 'crossfoot_transactions');
select kernel.book_table('transactions.validation_state');

-- What other subgraphs said last of their copy of a book, to be held against ours.
create table transactions.stated_facts (
  organisation_id text not null,
  book_id text not null,
  source text not null check (source in ('reconciliation', 'sync')),
  facts jsonb not null,
  -- What differed when it was compared: {"key": "difference"}. What differs alike once more is no message under way.
  differences jsonb not null default '{}',
  stated_at timestamptz not null,
  primary key (organisation_id, book_id, source),
  foreign key (organisation_id, book_id) references transactions.book
);
select kernel.tenant_table('transactions.stated_facts', 'crossfoot_transactions');
select kernel.book_table('transactions.stated_facts');

-- Every change of a period: who, why, and the last number given in each year of the book at that moment. An entry of a
-- later number on a locked day cannot have come by the door.
create table transactions.period_change (
  organisation_id text not null,
  id bigint generated always as identity,
  period_id text not null,
  book_id text not null,
  status text not null check (status in ('OPEN', 'SOFT_CLOSED', 'LOCKED')),
  -- {"2026": 312}
  last_numbers jsonb not null,
  reason text,
  -- What of the close checklist was still open, when somebody locked all the same.
  overridden jsonb,
  changed_by text,
  changed_at timestamptz not null,
  primary key (organisation_id, id),
  foreign key (organisation_id, period_id) references transactions.period,
  foreign key (organisation_id, book_id) references transactions.book
);
create index period_change_of_period on transactions.period_change (period_id, id);
select kernel.tenant_table('transactions.period_change', 'crossfoot_transactions');
select kernel.book_table('transactions.period_change');

alter table transactions.period no force row level security;
alter table transactions.entry_counter no force row level security;
alter table transactions.period_change no force row level security;
insert into transactions.period_change (organisation_id, period_id, book_id, status, last_numbers, changed_at)
select p.organisation_id, p.id, p.book_id, p.status,
       (select coalesce(jsonb_object_agg(c.year::text, c.last), '{}') from transactions.entry_counter c
         where c.organisation_id = p.organisation_id and c.book_id = p.book_id), p.changed_at
  from transactions.period p order by p.changed_at;
alter table transactions.period force row level security;
alter table transactions.entry_counter force row level security;
alter table transactions.period_change force row level security;
select kernel.append_only('transactions.period_change', 'crossfoot_transactions');

-- Days before and after the end of a month on which the configuration of a book stands still. No row: never.
create table transactions.configuration_freeze (
  organisation_id text not null,
  book_id text not null,
  days_before int not null check (days_before between 0 and 16),
  days_after int not null check (days_after between 0 and 16),
  changed_at timestamptz not null,
  primary key (organisation_id, book_id),
  foreign key (organisation_id, book_id) references transactions.book
);
select kernel.tenant_table('transactions.configuration_freeze', 'crossfoot_transactions');
select kernel.book_table('transactions.configuration_freeze');

-- Who let the configuration be changed all the same, until when and why.
create table transactions.freeze_override (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  reason text not null check (reason <> ''),
  valid_until timestamptz not null,
  opened_by text not null,
  opened_at timestamptz not null,
  primary key (organisation_id, id),
  foreign key (organisation_id, book_id) references transactions.book
);
create index freeze_override_of_book on transactions.freeze_override (book_id, valid_until);
select kernel.tenant_table('transactions.freeze_override', 'crossfoot_transactions');
select kernel.append_only('transactions.freeze_override', 'crossfoot_transactions');
select kernel.book_table('transactions.freeze_override');

-- Whether a day is one of the last or the first of a month; kernel/configuration-freeze.ts says the same.
create function transactions.near_month_end(day date, days_before int, days_after int) returns boolean
language sql immutable parallel safe
return extract(day from day) <= days_after
    or (date_trunc('month', day) + interval '1 month')::date - day <= days_before;

-- People do not change the configuration of a book while it stands still, whichever command they use. Parts of the
-- platform do: an account that a posting needs is made on any day. Their ids, unlike those of people and keys, are names.
create function transactions.keep_configuration() returns trigger
language plpgsql
as $$
declare
  changed jsonb := to_jsonb(case tg_op when 'DELETE' then old else new end);
  book text := changed ->> 'book_id';
  frozen record;
begin
  if position('_' in coalesce(current_setting('crossfoot.actor', true), '')) = 0 then
    return case tg_op when 'DELETE' then old else new end;
  end if;
  if book is null and tg_table_name = 'tax_rate' then
    select c.book_id into book from transactions.tax_code c
     where c.organisation_id = changed ->> 'organisation_id' and c.id = changed ->> 'tax_code_id';
  end if;
  select f.days_before, f.days_after into frozen from transactions.configuration_freeze f
   where f.organisation_id = changed ->> 'organisation_id' and f.book_id = book
     and transactions.near_month_end((now() at time zone 'UTC')::date, f.days_before, f.days_after)
     and not exists (select 1 from transactions.freeze_override o
                      where o.organisation_id = f.organisation_id and o.book_id = f.book_id and o.valid_until > now());
  if found then
    raise exception using errcode = 'CF409', hint = 'CONFIGURATION_FROZEN',
      message = format('The configuration of the book stands still on the last %s and the first %s days of a month',
                       frozen.days_before, frozen.days_after);
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger configuration_kept before insert or update or delete on transactions.account
  for each row execute function transactions.keep_configuration();
create trigger configuration_kept before insert or update or delete on transactions.mapping_rule
  for each row execute function transactions.keep_configuration();
create trigger configuration_kept before update on transactions.mapping_template_version
  for each row when (old.status <> new.status and 'ACTIVE' in (old.status, new.status))
  execute function transactions.keep_configuration();
create trigger configuration_kept before insert or update or delete on transactions.tax_code
  for each row execute function transactions.keep_configuration();
create trigger configuration_kept before insert or update or delete on transactions.tax_rate
  for each row execute function transactions.keep_configuration();
create trigger configuration_kept before insert or update or delete on transactions.dimension
  for each row execute function transactions.keep_configuration();
create trigger configuration_kept before insert or update or delete on transactions.dimension_requirement
  for each row execute function transactions.keep_configuration();
create trigger configuration_kept before insert or update or delete on transactions.custom_field
  for each row execute function transactions.keep_configuration();

-- The job must know where something is to be looked at, whatever the organisation; it learns ids and nothing else.
-- A book is due when entries came that no pass has seen, when something was found and may be gone, or by request.
create function transactions.books_to_validate(everything boolean) returns table (organisation_id text, book_id text)
language sql stable security definer set search_path = pg_catalog
as $$
  select b.organisation_id, b.id
    from transactions.book b
    left join transactions.validation_state s on s.organisation_id = b.organisation_id and s.book_id = b.id
   where everything or s.due or s.checked_at < now() - interval '1 day'
      or exists (select 1 from transactions.journal_entry e
                  where e.organisation_id = b.organisation_id and e.book_id = b.id
                    and e.id > coalesce(s.checked_through, ''))
      or exists (select 1 from transactions.validation_finding f
                  where f.organisation_id = b.organisation_id and f.book_id = b.id and f.status = 'OPEN')
$$;
revoke all on function transactions.books_to_validate from public;
grant execute on function transactions.books_to_validate to crossfoot_transactions;

-- Figures for whoever watches the installation: how much is found and how long ago the last book was looked at.
create function transactions.validation_figures() returns table (figure text, invariant text, value float8)
language sql stable security definer set search_path = pg_catalog
as $$
  select 'open', f.invariant, count(*)::float8 from transactions.validation_finding f where f.status = 'OPEN'
   group by f.invariant
   union all
  select 'age', '', coalesce(max(extract(epoch from now() - coalesce(s.swept_at, b.opened_at)))::float8, 0)
    from transactions.book b
    left join transactions.validation_state s on s.organisation_id = b.organisation_id and s.book_id = b.id
$$;
revoke all on function transactions.validation_figures from public;
grant execute on function transactions.validation_figures to crossfoot_transactions;
