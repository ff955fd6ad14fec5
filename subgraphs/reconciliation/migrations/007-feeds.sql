-- Bank feeds: where files of banks are fetched or pushed, and what became of each of them.

create table reconciliation.bank_feed (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  kind text not null check (kind in ('FOLDER', 'SFTP', 'HTTPS', 'PUSH')),
  name text not null,
  status text not null check (status in ('ACTIVE', 'PAUSED', 'FAILING')),
  -- The account of files that name none themselves.
  bank_account_id text,
  -- Where: path, host, port, user, hostKey, url; nothing secret.
  place jsonb not null,
  -- Password, key or headers; of pushed feeds the hash of what senders show.
  sealed_credentials text,
  credential_hint text,
  every_minutes int check (every_minutes between 1 and 10080),
  -- The hour of the day, in UTC.
  daily_at_hour int check (daily_at_hour between 0 and 23),
  afterwards text not null check (afterwards in ('KEEP', 'MOVE', 'DELETE')),
  -- A file is whole when it was found alike twice, so many seconds apart.
  settle_seconds int not null check (settle_seconds between 1 and 3600),
  -- What the server said of the file that was fetched last: etag, lastModified.
  mark jsonb not null default '{}',
  failures int not null default 0,
  next_pull_at timestamptz,
  last_pull_at timestamptz,
  last_success_at timestamptz,
  last_file_at timestamptz,
  -- The last problem as callers see it: code, message, remedy, path.
  problem jsonb,
  created_by text,
  created_at timestamptz not null,
  primary key (organisation_id, id),
  foreign key (organisation_id, bank_account_id) references reconciliation.bank_account,
  check (kind = 'PUSH' or (every_minutes is null) <> (daily_at_hour is null)),
  check (kind <> 'PUSH' or (every_minutes is null and daily_at_hour is null and next_pull_at is null)),
  check (status <> 'FAILING' or (failures > 0 and problem is not null))
);
create unique index bank_feed_name on reconciliation.bank_feed (organisation_id, book_id, name);
create index bank_feed_account on reconciliation.bank_feed (organisation_id, bank_account_id);
create index bank_feed_due on reconciliation.bank_feed (next_pull_at) where status <> 'PAUSED';
select kernel.tenant_table('reconciliation.bank_feed', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.bank_feed');

-- The id of a run is its fence: files are taken for a run only while it is RUNNING, and of a feed only one is. A run
-- whose lease ran out is ended by the next one.
create table reconciliation.bank_feed_run (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  bank_feed_id text not null,
  status text not null check (status in ('RUNNING', 'SUCCEEDED', 'FAILED')),
  found int not null default 0,
  imported int not null default 0,
  duplicates int not null default 0,
  refused int not null default 0,
  waiting int not null default 0,
  leased_until timestamptz,
  started_at timestamptz not null,
  finished_at timestamptz,
  problem jsonb,
  primary key (organisation_id, id),
  foreign key (organisation_id, bank_feed_id) references reconciliation.bank_feed,
  check ((status = 'RUNNING') = (leased_until is not null)),
  check ((status <> 'RUNNING') = (finished_at is not null)),
  check ((status = 'FAILED') = (problem is not null))
);
create unique index bank_feed_run_running on reconciliation.bank_feed_run (organisation_id, bank_feed_id)
  where status = 'RUNNING';
create index bank_feed_run_of_feed on reconciliation.bank_feed_run (organisation_id, bank_feed_id, id);
select kernel.tenant_table('reconciliation.bank_feed_run', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.bank_feed_run');

create table reconciliation.bank_feed_file (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  bank_feed_id text not null,
  run_id text,
  name text not null,
  size bigint not null,
  -- When the source says that it was written; empty where it does not say.
  modified text not null,
  -- Null while it is not known to be whole.
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
  file_id text,
  state text not null check (state in ('WAITING', 'IMPORTED', 'DUPLICATE', 'REFUSED')),
  content text check (content in ('STATEMENT', 'PAYOUT_REPORT', 'PAYMENT_STATUS')),
  problems jsonb not null default '[]',
  statement_ids text[] not null default '{}',
  lines_imported int not null default 0,
  lines_known int not null default 0,
  -- While it waits: since when it has this size and time.
  still_since timestamptz not null,
  first_seen_at timestamptz not null,
  taken_at timestamptz,
  -- It was moved or deleted at its source, or is to stay there.
  put_away_at timestamptz,
  primary key (organisation_id, id),
  foreign key (organisation_id, bank_feed_id) references reconciliation.bank_feed,
  foreign key (organisation_id, run_id) references reconciliation.bank_feed_run,
  check (state not in ('IMPORTED', 'DUPLICATE') or sha256 is not null),
  check (state <> 'WAITING' or sha256 is null),
  check ((state = 'WAITING') = (taken_at is null)),
  check (state <> 'REFUSED' or jsonb_array_length(problems) > 0)
);
-- Whatever the commands do, a file is taken once.
create unique index bank_feed_file_identity on reconciliation.bank_feed_file (organisation_id, bank_feed_id, name, sha256)
  where sha256 is not null;
create unique index bank_feed_file_waiting on reconciliation.bank_feed_file (organisation_id, bank_feed_id, name)
  where state = 'WAITING';
create index bank_feed_file_of_feed on reconciliation.bank_feed_file (organisation_id, bank_feed_id, id);
create index bank_feed_file_hash on reconciliation.bank_feed_file (organisation_id, bank_feed_id, sha256);
create index bank_feed_file_run on reconciliation.bank_feed_file (organisation_id, run_id);
select kernel.tenant_table('reconciliation.bank_feed_file', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.bank_feed_file');

-- Feeds whose hour has come, of all organisations: for the job that pulls them.
create function reconciliation.due_bank_feeds() returns table (organisation_id text, bank_feed_id text)
language sql stable security definer set search_path = pg_catalog
as $$
  select f.organisation_id, f.id from reconciliation.bank_feed f
   where f.status <> 'PAUSED' and f.next_pull_at <= now()
     and not exists (select 1 from reconciliation.bank_feed_run r where r.organisation_id = f.organisation_id
                        and r.bank_feed_id = f.id and r.status = 'RUNNING' and r.leased_until > now())
$$;
revoke all on function reconciliation.due_bank_feeds from public;
grant execute on function reconciliation.due_bank_feeds to crossfoot_reconciliation;

-- What banks announce. It moves no balance, so it stands apart from the lines, and no sum of lines can contain it.
create table reconciliation.pending_line (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  bank_account_id text not null,
  -- The statement that told of it first.
  statement_id text not null,
  identity text not null,
  announced_on date not null,
  -- The last day for which the bank told it so; a later telling changes the amount.
  told_on date not null,
  minor bigint not null,
  currency text not null,
  counterparty_name text,
  counterparty_account_index text,
  bank_reference text,
  refs text[] not null,
  remittance text not null,
  status text not null check (status in ('PENDING', 'BOOKED', 'LAPSED')),
  -- The line that came of it.
  booked_line_id text,
  -- By what it was recognised.
  booked_by text check (booked_by in ('REFERENCE', 'AMOUNT', 'PARTY')),
  settled_at timestamptz,
  created_at timestamptz not null,
  primary key (organisation_id, id),
  foreign key (organisation_id, bank_account_id) references reconciliation.bank_account,
  foreign key (organisation_id, statement_id) references reconciliation.bank_statement,
  foreign key (organisation_id, booked_line_id) references reconciliation.statement_line,
  check ((status = 'BOOKED') = (booked_line_id is not null)),
  check ((status = 'BOOKED') = (booked_by is not null)),
  check ((status = 'PENDING') = (settled_at is null))
);
create unique index pending_line_identity on reconciliation.pending_line (organisation_id, bank_account_id, identity);
create unique index pending_line_booked on reconciliation.pending_line (organisation_id, booked_line_id)
  where booked_line_id is not null;
create index pending_line_account on reconciliation.pending_line (organisation_id, bank_account_id, status, announced_on);
create index pending_line_statement on reconciliation.pending_line (organisation_id, statement_id);
create index pending_line_book on reconciliation.pending_line (organisation_id, book_id, announced_on, id);
create index pending_line_open on reconciliation.pending_line (announced_on) where status = 'PENDING';
create index statement_line_account_days on reconciliation.statement_line (organisation_id, bank_account_id, booked_on);
select kernel.tenant_table('reconciliation.pending_line', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.pending_line');

-- After so many days what was announced and never booked has lapsed.
alter table reconciliation.bank_account
  add pending_days int not null default 14 check (pending_days between 1 and 120);

create function reconciliation.accounts_with_lapsed_lines() returns table (organisation_id text, bank_account_id text)
language sql stable security definer set search_path = pg_catalog
as $$
  select distinct p.organisation_id, p.bank_account_id
    from reconciliation.pending_line p
    join reconciliation.bank_account a on a.organisation_id = p.organisation_id and a.id = p.bank_account_id
   where p.status = 'PENDING' and p.announced_on < current_date - a.pending_days
$$;
revoke all on function reconciliation.accounts_with_lapsed_lines from public;
grant execute on function reconciliation.accounts_with_lapsed_lines to crossfoot_reconciliation;

-- How the tables of a bank account are read, as a person said once.
create table reconciliation.table_profile (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  bank_account_id text not null,
  -- The headings in plain lower case; empty for tables without.
  headings text[] not null,
  -- The profile as readers take it.
  profile jsonb not null,
  named_by text,
  named_at timestamptz not null,
  used_at timestamptz not null,
  primary key (organisation_id, id),
  unique (organisation_id, bank_account_id, headings),
  foreign key (organisation_id, bank_account_id) references reconciliation.bank_account
);
select kernel.tenant_table('reconciliation.table_profile', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.table_profile');
