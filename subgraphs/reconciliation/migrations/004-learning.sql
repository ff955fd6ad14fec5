-- What a book learns from what its people decide, and what lets a run look at no more than it concerns.

-- Above what confidence a book acts alone, and who has said so.
create table reconciliation.matching_settings (
  organisation_id text not null,
  book_id text not null,
  automatic boolean not null,
  -- In basis points: how many of ten thousand automatic matches have to be right.
  precision_target int not null check (precision_target between 5000 and 9999),
  changed_by text,
  changed_at timestamptz not null,
  primary key (organisation_id, book_id)
);
select kernel.tenant_table('reconciliation.matching_settings', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.matching_settings');

-- What a payment may differ from what is open without anybody being asked; of the whole book, or of one vendor.
create table reconciliation.difference_tolerance (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  vendor_id text,
  most_minor bigint not null check (most_minor >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  -- In basis points of what is open.
  most_share int not null check (most_share between 0 and 10000),
  account_code text not null,
  primary key (organisation_id, id),
  unique nulls not distinct (organisation_id, book_id, vendor_id, currency)
);
select kernel.tenant_table('reconciliation.difference_tolerance', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.difference_tolerance');

-- What became of matches, counted by how they were found and how sure the matcher was.
create table reconciliation.matching_history (
  organisation_id text not null,
  book_id text not null,
  method text not null,
  -- The lower end of a band of confidence, in basis points.
  band int not null check (band between 0 and 10000),
  confirmed int not null default 0 check (confirmed >= 0),
  stood int not null default 0 check (stood >= 0),
  declined int not null default 0 check (declined >= 0),
  undone int not null default 0 check (undone >= 0),
  primary key (organisation_id, book_id, method, band)
);
select kernel.tenant_table('reconciliation.matching_history', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.matching_history');

alter table reconciliation.match
  -- What the matcher said before the book's own history was asked; null for matches of earlier versions.
  add column raw_confidence int check (raw_confidence between 0 and 10000),
  -- What explains that lines and items differ, each part with its account where one is named.
  add column difference_splits jsonb not null default '[]';

insert into reconciliation.matching_history (organisation_id, book_id, method, band, confirmed, stood, declined, undone)
select organisation_id, book_id, method,
       (select max(edge) from unnest(array[0, 2500, 5000, 7000, 8000, 9000, 9300, 9500, 9600, 9700, 9800, 9900, 9950]) edge
         where edge <= confidence),
       count(*) filter (where status = 'ACCEPTED' and not automatic),
       count(*) filter (where status = 'ACCEPTED' and automatic),
       count(*) filter (where status = 'DECLINED'),
       count(*) filter (where status = 'UNDONE' and decided_by is not null)
  from reconciliation.match
 where status <> 'SUGGESTED' and method <> 'manual'
 group by 1, 2, 3, 4;

-- Other names and accounts of a party, learned from what people agreed to. A withdrawn one stays, so that it is not
-- learned a second time.
create table reconciliation.payer_alias (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  kind text not null check (kind in ('NAME', 'ACCOUNT')),
  -- The words of the name, or the keyed hash of the account.
  value text not null,
  -- What people see: the name as the bank wrote it, or the last four characters of the account.
  shown text not null,
  party_key text not null,
  party_label text not null,
  vendor_id text,
  match_id text not null,
  learned_by text,
  learned_at timestamptz not null,
  withdrawn_by text,
  withdrawn_at timestamptz,
  primary key (organisation_id, id),
  unique (organisation_id, book_id, kind, value, party_key),
  foreign key (organisation_id, match_id) references reconciliation.match
);
create index payer_alias_party on reconciliation.payer_alias (organisation_id, book_id, party_key);
create index payer_alias_match on reconciliation.payer_alias (organisation_id, match_id);
select kernel.tenant_table('reconciliation.payer_alias', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.payer_alias');

alter table reconciliation.declined_pair
  add column book_id text,
  add column declined_by text,
  add column declined_at timestamptz,
  add column id text generated always as (line_id || '.' || open_item_id) stored;
update reconciliation.declined_pair d
   set book_id = m.book_id, declined_by = m.decided_by, declined_at = coalesce(m.decided_at, m.created_at)
  from reconciliation.match m where m.organisation_id = d.organisation_id and m.id = d.match_id;
alter table reconciliation.declined_pair
  alter column book_id set not null, alter column declined_at set not null;
create index declined_pair_book on reconciliation.declined_pair (organisation_id, book_id, id);
select kernel.book_table('reconciliation.declined_pair');

-- One look of the matcher at a book, as people follow it.
create table reconciliation.matching_run (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  stage text not null check (stage in ('MATCHING', 'FINISHED')),
  done int not null check (done >= 0),
  total int not null check (total >= 0),
  accepted int not null check (accepted >= 0),
  suggested int not null check (suggested >= 0),
  exceptions int not null check (exceptions >= 0),
  -- How many lines and items were loaded to decide on the lines of the run.
  lines_loaded int not null check (lines_loaded >= 0),
  items_loaded int not null check (items_loaded >= 0),
  started_at timestamptz not null,
  finished_at timestamptz,
  primary key (organisation_id, id),
  check ((stage = 'FINISHED') = (finished_at is not null))
);
create index matching_run_book on reconciliation.matching_run (organisation_id, book_id, id);
select kernel.tenant_table('reconciliation.matching_run', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.matching_run');

-- When a run last looked at a line; null for those it has still to look at. The text is what items are searched in.
alter table reconciliation.statement_line
  add column looked_at timestamptz,
  add column looked_text text;
create index statement_line_due on reconciliation.statement_line (organisation_id, book_id, booked_on, id)
  where looked_at is null and not held and status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION');
create index statement_line_open_amount on reconciliation.statement_line (organisation_id, book_id, currency, minor)
  where status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION');
create index statement_line_open_account
  on reconciliation.statement_line (organisation_id, book_id, counterparty_account_index)
  where status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION');
create index statement_line_open_name on reconciliation.statement_line (organisation_id, book_id, counterparty_name)
  where status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION');

alter table reconciliation.open_item
  add column looked_at timestamptz,
  -- Which way of making keys made those of the item; 0 for none yet.
  add column keys_version int not null default 0,
  add column party_key text;
create index open_item_due on reconciliation.open_item (organisation_id, book_id, id)
  where looked_at is null and open_minor <> 0;
create index open_item_without_keys on reconciliation.open_item (organisation_id, book_id, keys_version, id)
  where open_minor <> 0;
create index open_item_amount on reconciliation.open_item (organisation_id, book_id, currency, open_minor, issued_on)
  where open_minor <> 0;
create index open_item_party on reconciliation.open_item (organisation_id, book_id, party_key, issued_on)
  where open_minor <> 0;

-- What a payer may write to name an item.
create table reconciliation.open_item_key (
  organisation_id text not null,
  book_id text not null,
  key text not null,
  open_item_id text not null,
  primary key (organisation_id, book_id, key, open_item_id),
  foreign key (organisation_id, open_item_id) references reconciliation.open_item
);
create index open_item_key_item on reconciliation.open_item_key (organisation_id, open_item_id);
select kernel.tenant_table('reconciliation.open_item_key', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.open_item_key');

-- The accounts, names and words by which the parties of a book are found: `a:` account, `n:` name, `t:` word of a name,
-- `s:` how a word begins.
create table reconciliation.party_word (
  organisation_id text not null,
  book_id text not null,
  word text not null,
  party_key text not null,
  primary key (organisation_id, book_id, word, party_key)
);
select kernel.tenant_table('reconciliation.party_word', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.party_word');
