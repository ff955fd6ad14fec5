-- Files of rows on their way into the books: journals, charts of accounts, opening balances, budgets. Rows are staged
-- in chunks, each together with the place in the file behind it, and leave the stage in the transaction that applies
-- them: whatever is killed when, every row is in exactly one place.

create table transactions.import (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  kind text not null check (kind in ('JOURNAL', 'CHART_OF_ACCOUNTS', 'OPENING_BALANCES', 'BUDGET')),
  -- subgraphs/transactions/imports/import-status.ts says which may follow which.
  status text not null check (status in
    ('QUEUED', 'READING', 'APPLYING', 'PAUSED', 'SUCCEEDED', 'PARTLY_SUCCEEDED', 'FAILED', 'CANCELLED')),
  file_id text not null,
  -- How the file is read: what was asked for, completed by what was found.
  settings jsonb not null check (jsonb_typeof(settings) = 'object'),
  -- The place in the file behind the last staged row; null before the first chunk.
  place jsonb,
  read_whole boolean not null default false,
  bytes_total bigint not null check (bytes_total >= 0),
  bytes_read bigint not null default 0,
  rows_read int not null default 0,
  rows_applied int not null default 0,
  rows_refused int not null default 0,
  -- The last entry that was begun while reading, and the last one that has left the stage.
  last_entry int not null default 0,
  applied_entry int not null default 0,
  records_made int not null default 0,
  records_known int not null default 0,
  problem_count int not null default 0,
  -- Why the whole of it failed.
  problem_code text,
  problem_message text,
  error_file_id text,
  started_by text,
  started_at timestamptz not null,
  -- When a subscriber was last told of its progress.
  told_at timestamptz not null,
  finished_at timestamptz,
  primary key (organisation_id, id),
  foreign key (organisation_id, book_id) references transactions.book,
  foreign key (organisation_id, file_id) references transactions.file,
  foreign key (organisation_id, error_file_id) references transactions.file,
  check ((finished_at is not null) = (status in ('SUCCEEDED', 'PARTLY_SUCCEEDED', 'FAILED', 'CANCELLED'))),
  check ((problem_code is null) = (problem_message is null)),
  check (applied_entry <= last_entry)
);
create index import_by_book on transactions.import (book_id, id);
create index import_of_file on transactions.import (file_id, organisation_id);
create index import_of_error_file on transactions.import (error_file_id, organisation_id) where error_file_id is not null;
select kernel.tenant_table('transactions.import', 'crossfoot_transactions');
select kernel.book_table('transactions.import');
revoke delete, truncate on transactions.import from crossfoot_transactions;

-- What ended stays as it ended; only the file of its problems may come after it.
create function transactions.keep_import() returns trigger
language plpgsql
as $$
begin
  if tg_op <> 'UPDATE' or (new.organisation_id, new.id, new.book_id, new.kind, new.file_id)
     is distinct from (old.organisation_id, old.id, old.book_id, old.kind, old.file_id)
     or (old.finished_at is not null and new.status <> old.status) then
    raise exception using errcode = 'CF409', hint = 'STATE_CONFLICT',
      message = 'An import keeps its book, kind and file, is never removed, and stays as it ended';
  end if;
  return new;
end $$;
create trigger import_kept before update or delete on transactions.import
  for each row execute function transactions.keep_import();
create trigger import_table_kept before truncate on transactions.import
  for each statement execute function transactions.keep_import();

-- Rows that were read and wait to be applied, in the order in which they will be.
create table transactions.import_row (
  organisation_id text not null,
  import_id text not null,
  -- Rows of one entry share its number; other rows have one each.
  entry int not null check (entry > 0),
  position int not null check (position > 0),
  -- Where people find it in the file: line, sheet row or number of the record.
  row_number int not null check (row_number > 0),
  entry_key text,
  posted_on date,
  account_code text not null check (account_code ~ '^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$'),
  side text check (side in ('DEBIT', 'CREDIT')),
  minor bigint check (minor > 0),
  currency text check (currency ~ '^[A-Z]{3}$'),
  description text,
  memo text,
  -- What only some kinds have: dimensions, the type of an account.
  extra jsonb check (jsonb_typeof(extra) = 'object'),
  primary key (organisation_id, import_id, entry, position),
  foreign key (organisation_id, import_id) references transactions.import,
  check ((side is null) = (minor is null))
);
select kernel.tenant_table('transactions.import_row', 'crossfoot_transactions');

-- What was wrong with rows, in the order of the file.
create table transactions.import_problem (
  organisation_id text not null,
  import_id text not null,
  ordinal int not null check (ordinal > 0),
  row_number int not null check (row_number > 0),
  entry int,
  entry_key text,
  column_name text,
  code text not null,
  message text not null,
  primary key (organisation_id, import_id, ordinal),
  foreign key (organisation_id, import_id) references transactions.import
);
create index import_problem_of_entry on transactions.import_problem (import_id, entry) where entry is not null;
select kernel.tenant_table('transactions.import_problem', 'crossfoot_transactions');
select kernel.append_only('transactions.import_problem', 'crossfoot_transactions');

-- The columns people chose for files with these headings, for the next file that has them.
create table transactions.import_mapping (
  organisation_id text not null,
  kind text not null check (kind in ('JOURNAL', 'CHART_OF_ACCOUNTS', 'OPENING_BALANCES', 'BUDGET')),
  signature text not null check (signature ~ '^[0-9a-f]{64}$'),
  mapping jsonb not null check (jsonb_typeof(mapping) = 'object'),
  remembered_at timestamptz not null,
  primary key (organisation_id, kind, signature)
);
select kernel.tenant_table('transactions.import_mapping', 'crossfoot_transactions');

-- Imports that somebody should be working on, and ended ones that left rows on the stage; for the sweep, which looks
-- after all organisations and learns nothing of them but these ids.
create function transactions.waiting_imports() returns table (organisation_id text, import_id text)
language sql stable security definer set search_path = pg_catalog
as $$
  select i.organisation_id, i.id from transactions.import i
   where i.status in ('QUEUED', 'READING', 'APPLYING')
      or (i.status in ('FAILED', 'CANCELLED') and exists (
            select 1 from transactions.import_row r
             where r.organisation_id = i.organisation_id and r.import_id = i.id))
$$;
revoke all on function transactions.waiting_imports from public;
grant execute on function transactions.waiting_imports to crossfoot_transactions;
