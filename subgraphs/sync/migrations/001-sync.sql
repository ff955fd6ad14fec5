-- What sync knows of a book, so that a connection can be refused for one that is not there.
create table sync.book (
  organisation_id text not null,
  id text not null,
  name text not null,
  primary key (organisation_id, id)
);
select kernel.tenant_table('sync.book', 'crossfoot_sync');

-- Every posted entry as its event told it: what connections made later start with.
create table sync.posted_entry (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  -- The order of posting, which is the order of pushing.
  position bigint not null generated always as identity,
  number text not null,
  posted_on date not null,
  description text not null,
  -- [{"accountCode", "accountName", "side", "money": {"minor", "currency"}, "memo"}]
  lines jsonb not null check (jsonb_array_length(lines) > 0),
  primary key (organisation_id, id),
  foreign key (organisation_id, book_id) references sync.book
);
create index posted_entry_of_book on sync.posted_entry (organisation_id, book_id, position);
select kernel.tenant_table('sync.posted_entry', 'crossfoot_sync');
select kernel.append_only('sync.posted_entry', 'crossfoot_sync');

create table sync.connection (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  kind text not null,
  name text not null,
  -- Relative to the data folder, so that the folder can be moved.
  target text not null,
  status text not null check (status in ('ACTIVE', 'PAUSED', 'FAILING')),
  -- Pushes that failed one after another, and when the next may be tried.
  failures int not null default 0,
  next_attempt_at timestamptz,
  created_at timestamptz not null,
  primary key (organisation_id, id),
  unique (organisation_id, target),
  foreign key (organisation_id, book_id) references sync.book,
  check (status <> 'FAILING' or (failures > 0 and next_attempt_at is not null))
);
create index connection_of_book on sync.connection (organisation_id, book_id, id);
select kernel.tenant_table('sync.connection', 'crossfoot_sync');

-- The id of a run is its fence: outcomes are recorded for a run only while it is RUNNING, and of a connection only one
-- is. A run whose lease ran out is ended by the next one.
create table sync.sync_run (
  organisation_id text not null,
  id text not null,
  connection_id text not null,
  status text not null check (status in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED')),
  total int not null default 0 check (total >= 0),
  pushed int not null default 0 check (pushed >= 0),
  skipped int not null default 0 check (skipped >= 0),
  failed int not null default 0 check (failed >= 0),
  leased_until timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  problem text,
  primary key (organisation_id, id),
  foreign key (organisation_id, connection_id) references sync.connection,
  check ((status = 'QUEUED') = (started_at is null)),
  check ((status in ('SUCCEEDED', 'FAILED')) = (finished_at is not null)),
  check ((status = 'RUNNING') = (leased_until is not null)),
  check (pushed + skipped + failed <= total)
);
create unique index sync_run_queued on sync.sync_run (organisation_id, connection_id) where status = 'QUEUED';
create unique index sync_run_running on sync.sync_run (organisation_id, connection_id) where status = 'RUNNING';
create index sync_run_of_connection on sync.sync_run (organisation_id, connection_id, id);
select kernel.tenant_table('sync.sync_run', 'crossfoot_sync');

create table sync.sync_item (
  organisation_id text not null,
  id text not null,
  connection_id text not null,
  entry_id text not null,
  position bigint not null,
  status text not null check (status in ('PENDING', 'PUSHED', 'FAILED')),
  external_id text,
  attempts int not null default 0,
  problem text,
  -- The last run that took it; while that run is RUNNING the item is its own.
  run_id text,
  pushed_at timestamptz,
  primary key (organisation_id, id),
  unique (organisation_id, connection_id, entry_id),
  foreign key (organisation_id, connection_id) references sync.connection,
  foreign key (organisation_id, entry_id) references sync.posted_entry,
  foreign key (organisation_id, run_id) references sync.sync_run,
  check ((status = 'PUSHED') = (external_id is not null and pushed_at is not null)),
  check (status <> 'FAILED' or problem is not null)
);
create index sync_item_of_entry on sync.sync_item (organisation_id, entry_id);
create index sync_item_of_run on sync.sync_item (organisation_id, run_id, status, position);
create index sync_item_by_status on sync.sync_item (organisation_id, connection_id, status, position);
select kernel.tenant_table('sync.sync_item', 'crossfoot_sync');

-- What has been pushed stays pushed: nothing may send it a second time.
create function sync.guard_item() returns trigger
language plpgsql
as $$
begin
  if tg_op = 'DELETE' or old.status = 'PUSHED' then
    raise exception using errcode = 'CF403', hint = 'STATE_CONFLICT',
      message = format('Sync item %s is %s; it is kept as it is', old.id, old.status);
  end if;
  return new;
end $$;
create trigger guard_item before update or delete on sync.sync_item
  for each row execute function sync.guard_item();

-- The sweep must know where something waits, whatever the organisation; it learns ids and nothing else.
create function sync.due_connections() returns table (organisation_id text, connection_id text)
language sql stable security definer set search_path = pg_catalog
as $$
  select c.organisation_id, c.id from sync.connection c
   where c.status <> 'PAUSED' and (c.next_attempt_at is null or c.next_attempt_at <= now())
     and not exists (select 1 from sync.sync_run r where r.organisation_id = c.organisation_id
                        and r.connection_id = c.id and r.status = 'RUNNING' and r.leased_until > now())
     and (exists (select 1 from sync.sync_item i where i.organisation_id = c.organisation_id
                     and i.connection_id = c.id and i.status = 'PENDING')
          -- A run whose process died is ended even when nothing waits any more.
          or exists (select 1 from sync.sync_run r where r.organisation_id = c.organisation_id
                        and r.connection_id = c.id and r.status = 'RUNNING'))
$$;
revoke all on function sync.due_connections from public;
grant execute on function sync.due_connections to crossfoot_sync;
