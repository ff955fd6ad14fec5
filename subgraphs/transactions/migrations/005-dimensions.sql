-- What figures are analysed by beside their account: cost centre, department, project, client, and the book's own.
create table transactions.dimension (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  -- What stands before the code in lines and tags: costCentre.
  key text not null check (key ~ '^[a-z][A-Za-z0-9]{0,39}$'),
  name text not null,
  built_in boolean not null default false,
  created_at timestamptz not null,
  retired_at timestamptz,
  primary key (organisation_id, id),
  foreign key (organisation_id, book_id) references transactions.book
);
create unique index dimension_key on transactions.dimension (book_id, key, organisation_id);

-- Every book there is has the four that all books have; ids made here have the form of all others.
alter table transactions.book no force row level security;
insert into transactions.dimension (organisation_id, id, book_id, key, name, built_in, created_at)
select b.organisation_id, 'dim_0' || left(replace(gen_random_uuid()::text, '-', ''), 25), b.id, d.key, d.name, true, b.opened_at
  from transactions.book b
 cross join (values ('costCentre', 'Cost centre'), ('department', 'Department'), ('project', 'Project'),
                    ('client', 'Client')) as d (key, name);
alter table transactions.book force row level security;

select kernel.tenant_table('transactions.dimension', 'crossfoot_transactions');
select kernel.book_table('transactions.dimension');

-- The values a dimension can have. A code that was used stays for good; it is retired, never removed or renamed.
create table transactions.dimension_value (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  dimension_id text not null,
  code text not null check (length(code) between 1 and 50),
  name text not null,
  parent_id text,
  active boolean not null default true,
  valid_from date,
  valid_to date,
  created_at timestamptz not null,
  primary key (organisation_id, id),
  foreign key (organisation_id, book_id) references transactions.book,
  foreign key (organisation_id, dimension_id) references transactions.dimension,
  unique (organisation_id, dimension_id, id),
  -- A parent is a value of the same dimension.
  foreign key (organisation_id, dimension_id, parent_id)
    references transactions.dimension_value (organisation_id, dimension_id, id),
  check (parent_id <> id),
  check (valid_from <= valid_to)
);
create unique index dimension_value_code on transactions.dimension_value (dimension_id, code, organisation_id);
-- Senders write a code in any case, or the name.
create index dimension_value_written on transactions.dimension_value (dimension_id, lower(code), organisation_id);
create index dimension_value_named on transactions.dimension_value (dimension_id, lower(name), organisation_id);
create index dimension_value_of_parent on transactions.dimension_value (parent_id, organisation_id)
  where parent_id is not null;
select kernel.tenant_table('transactions.dimension_value', 'crossfoot_transactions');
select kernel.book_table('transactions.dimension_value');

create function transactions.keep_dimension() returns trigger
language plpgsql
as $$
declare
  free constant text[] := '{name,parent_id,active,valid_from,valid_to}';
begin
  if tg_op = 'UPDATE' then
    if tg_table_name = 'dimension' and to_jsonb(new) - '{name,retired_at}'::text[] = to_jsonb(old) - '{name,retired_at}'::text[] then
      return new;
    end if;
    if tg_table_name = 'dimension_value' and to_jsonb(new) - free = to_jsonb(old) - free then
      return new;
    end if;
  end if;
  raise exception using errcode = 'CF403', hint = 'STATE_CONFLICT',
    message = 'Dimensions and the codes of their values stand in posted lines: retire them instead';
end $$;
create trigger dimension_kept before update or delete on transactions.dimension
  for each row execute function transactions.keep_dimension();
create trigger dimension_table_kept before truncate on transactions.dimension
  for each statement execute function transactions.keep_dimension();
create trigger dimension_value_kept before update or delete on transactions.dimension_value
  for each row execute function transactions.keep_dimension();
create trigger dimension_value_table_kept before truncate on transactions.dimension_value
  for each statement execute function transactions.keep_dimension();
revoke delete, truncate on transactions.dimension, transactions.dimension_value from crossfoot_transactions;

-- Fields the book asks for beside those every document and entry has.
create table transactions.custom_field (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  key text not null check (key ~ '^[a-z][A-Za-z0-9]{0,39}$'),
  label text not null,
  type text not null check (type in ('TEXT', 'NUMBER', 'DATE', 'CHOICE')),
  -- Whether it is asked for when a document is captured, or when an entry is made.
  level text not null check (level in ('DOCUMENT', 'ENTRY')),
  required boolean not null,
  choices text[] not null default '{}',
  created_at timestamptz not null,
  retired_at timestamptz,
  primary key (organisation_id, id),
  foreign key (organisation_id, book_id) references transactions.book,
  check ((type = 'CHOICE') = (cardinality(choices) > 0))
);
create unique index custom_field_key on transactions.custom_field (book_id, key, organisation_id);
select kernel.tenant_table('transactions.custom_field', 'crossfoot_transactions');
select kernel.book_table('transactions.custom_field');

-- Which accounts take no line without a value of a dimension: one account, or all of a type.
create table transactions.dimension_requirement (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  dimension_id text not null,
  account_id text,
  account_type text check (account_type in ('ASSET', 'LIABILITY', 'EQUITY', 'INCOME', 'EXPENSE')),
  -- Stands in where nobody gave a value, as for bank charges that are posted by themselves.
  default_value_id text,
  created_at timestamptz not null,
  primary key (organisation_id, id),
  foreign key (organisation_id, book_id) references transactions.book,
  foreign key (organisation_id, dimension_id) references transactions.dimension,
  foreign key (organisation_id, account_id) references transactions.account,
  foreign key (organisation_id, dimension_id, default_value_id)
    references transactions.dimension_value (organisation_id, dimension_id, id),
  check (num_nonnulls(account_id, account_type) = 1)
);
create unique index dimension_requirement_once on transactions.dimension_requirement
  (dimension_id, coalesce(account_id, account_type), organisation_id);
create index dimension_requirement_of_book on transactions.dimension_requirement (book_id, organisation_id);
create index dimension_requirement_of_account on transactions.dimension_requirement (account_id, organisation_id)
  where account_id is not null;
create index dimension_requirement_of_value on transactions.dimension_requirement (default_value_id, organisation_id)
  where default_value_id is not null;
select kernel.tenant_table('transactions.dimension_requirement', 'crossfoot_transactions');
select kernel.book_table('transactions.dimension_requirement');

-- The requirements of an account, so that posting reads them with the account: {"costCentre": "CC9" or null}.
alter table transactions.account add required_dimensions jsonb not null default '{}';

create function transactions.dimensions_required(organisation text, book text, account text, type text) returns jsonb
language sql stable
return (
  select coalesce(jsonb_object_agg(d.key, v.code), '{}')
    from (select distinct on (dimension_id) dimension_id, default_value_id
            from transactions.dimension_requirement r
           where r.organisation_id = organisation and r.book_id = book
             and (r.account_id = account or r.account_type = type)
           -- What is said of one account counts before what is said of all of its type.
           order by dimension_id, account_id nulls last) r
    join transactions.dimension d on d.organisation_id = organisation and d.id = r.dimension_id
                                 and d.retired_at is null
    left join transactions.dimension_value v on v.organisation_id = organisation and v.id = r.default_value_id);

create function transactions.require_dimensions() returns trigger
language plpgsql
as $$
begin
  new.required_dimensions := transactions.dimensions_required(new.organisation_id, new.book_id, new.id, new.type);
  return new;
end $$;
create trigger account_dimensions before insert on transactions.account
  for each row execute function transactions.require_dimensions();

create function transactions.spread_requirement() returns trigger
language plpgsql
as $$
begin
  update transactions.account a
     set required_dimensions = transactions.dimensions_required(a.organisation_id, a.book_id, a.id, a.type)
    from (select new.book_id, new.account_id, new.account_type where tg_op <> 'DELETE'
          union select old.book_id, old.account_id, old.account_type where tg_op <> 'INSERT') r
   where a.book_id = r.book_id and (a.id = r.account_id or a.type = r.account_type);
  return null;
end $$;
create trigger requirement_spread after insert or update or delete on transactions.dimension_requirement
  for each row execute function transactions.spread_requirement();

-- A retired dimension is no longer asked for.
create function transactions.release_dimension() returns trigger
language plpgsql
as $$
begin
  delete from transactions.dimension_requirement where dimension_id = new.id;
  return null;
end $$;
create trigger dimension_released after update of retired_at on transactions.dimension
  for each row when (new.retired_at is not null) execute function transactions.release_dimension();

-- What was captured: texts as the sender wrote them while the document is in quarantine, codes afterwards.
alter table transactions.document
  add dimensions jsonb not null default '{}',
  add fields jsonb not null default '{}';
alter table transactions.document_line add dimensions jsonb not null default '{}';
alter table transactions.draft add fields jsonb not null default '{}';
alter table transactions.draft_line add dimensions jsonb not null default '{}';

-- Runs after a statement that added lines: every code they carry is a value of a dimension of the book, and no account
-- lacks a dimension it requires. Whether a value is still in use on the day is the posting command's to say: a
-- reversal repeats the codes of its original, and what was required since is not asked of it.
create function transactions.check_line_dimensions() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  bad record;
begin
  perform 1 from added where dimensions <> '{}' limit 1;
  if found then
    select u.key, u.code, d.id is null as no_dimension into bad
      from (select distinct l.organisation_id, e.book_id, t.key, t.value #>> '{}' as code
              from added l
             cross join lateral (select j.book_id from transactions.journal_entry j
                                  where j.organisation_id = l.organisation_id and j.id = l.journal_entry_id offset 0) e
             cross join lateral jsonb_each(l.dimensions) t
             where l.dimensions <> '{}') u
      left join lateral (select c.id from transactions.dimension c
                          where c.organisation_id = u.organisation_id and c.book_id = u.book_id and c.key = u.key offset 0) d
        on true
      left join lateral (select w.id from transactions.dimension_value w
                          where w.organisation_id = u.organisation_id and w.dimension_id = d.id and w.code = u.code
                         offset 0) v
        on true
     where v.id is null limit 1;
    if found then
      raise exception using errcode = 'CF422',
        hint = case when bad.no_dimension then 'DIMENSION_UNKNOWN' else 'DIMENSION_VALUE_UNKNOWN' end,
        message = case when bad.no_dimension then format('The book has no dimension %s', bad.key)
                  else format('%s has no value %s', bad.key, bad.code) end;
    end if;
  end if;

  select a.code, k.key into bad
    from (select distinct l.organisation_id, l.journal_entry_id, l.account_id, l.dimensions from added l) l
   cross join lateral
         (select c.code, c.required_dimensions from transactions.account c
           where c.organisation_id = l.organisation_id and c.id = l.account_id offset 0) a
   cross join lateral jsonb_object_keys(a.required_dimensions) k (key)
   where a.required_dimensions <> '{}' and not l.dimensions ? k.key
     and (select j.kind from transactions.journal_entry j
           where j.organisation_id = l.organisation_id and j.id = l.journal_entry_id) <> 'REVERSAL' limit 1;
  if found then
    raise exception using errcode = 'CF422', hint = 'DIMENSION_REQUIRED',
      message = format('Lines on account %s need a value of %s', bad.code, bad.key);
  end if;
  return null;
end $$;
create trigger lines_dimensions_checked after insert on transactions.journal_line referencing new table as added
  for each statement execute function transactions.check_line_dimensions();
