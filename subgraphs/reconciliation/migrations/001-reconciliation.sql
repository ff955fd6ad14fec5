-- Bank accounts, what the banks say of them, and how it answers to what the ledger leaves open.

-- The number itself is sealed; statements find their account by keyed hashes of the ways a bank writes the number.
create table reconciliation.bank_account (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  name text not null,
  sealed_number text not null,
  number_index text not null,
  last_four text not null,
  bic text,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  ledger_account_code text not null,
  opened_at timestamptz not null,
  primary key (organisation_id, id),
  unique (organisation_id, number_index, currency)
);
create index bank_account_book on reconciliation.bank_account (organisation_id, book_id);
select kernel.tenant_table('reconciliation.bank_account', 'crossfoot_reconciliation');

create table reconciliation.bank_account_number (
  organisation_id text not null,
  bank_account_id text not null,
  number_index text not null,
  primary key (organisation_id, number_index, bank_account_id),
  foreign key (organisation_id, bank_account_id) references reconciliation.bank_account
);
create index bank_account_number_account on reconciliation.bank_account_number (organisation_id, bank_account_id);
select kernel.tenant_table('reconciliation.bank_account_number', 'crossfoot_reconciliation');

create table reconciliation.bank_statement (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  bank_account_id text not null,
  file_id text not null,
  fingerprint text not null,
  format text not null,
  reference text,
  sequence text,
  currency text not null,
  opening_minor bigint,
  closing_minor bigint,
  starts_on date,
  ends_on date,
  -- The day of its first line: banks date the opening balance on the day before.
  first_booked_on date,
  line_count int not null check (line_count >= 0),
  known_count int not null check (known_count between 0 and line_count),
  pending_count int not null check (pending_count >= 0),
  status text not null check (status in ('IMPORTED', 'QUARANTINED')),
  problems jsonb not null,
  imported_by text,
  imported_at timestamptz not null,
  primary key (organisation_id, id),
  unique (organisation_id, bank_account_id, fingerprint),
  foreign key (organisation_id, bank_account_id) references reconciliation.bank_account
);
create index bank_statement_days on reconciliation.bank_statement (organisation_id, bank_account_id, ends_on);
select kernel.tenant_table('reconciliation.bank_statement', 'crossfoot_reconciliation');

create table reconciliation.statement_line (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  bank_account_id text not null,
  statement_id text not null,
  position int not null,
  identity text not null,
  booked_on date not null,
  value_on date,
  minor bigint not null,
  currency text not null,
  reversal boolean not null,
  counterparty_name text,
  counterparty_account_index text,
  counterparty_last_four text,
  bank_reference text,
  refs text[] not null,
  remittance text not null,
  transaction_code text,
  -- The record as the bank wrote it; sealed, because it names accounts in full.
  sealed_record text not null,
  status text not null check (status in ('UNMATCHED', 'SUGGESTED', 'MATCHED', 'EXCEPTION', 'BOOKED')),
  -- Lines of a quarantined statement are kept and not matched.
  held boolean not null,
  booked_account_code text,
  booked_memo text,
  journal_entry_id text,
  primary key (organisation_id, id),
  foreign key (organisation_id, bank_account_id) references reconciliation.bank_account,
  foreign key (organisation_id, statement_id) references reconciliation.bank_statement,
  check ((status = 'BOOKED') = (booked_account_code is not null)),
  check (not held or status in ('UNMATCHED', 'BOOKED'))
);
create unique index statement_line_identity on reconciliation.statement_line (organisation_id, bank_account_id, identity);
create index statement_line_statement on reconciliation.statement_line (organisation_id, statement_id, position);
create index statement_line_open on reconciliation.statement_line (organisation_id, book_id, booked_on)
  where status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION');
create index statement_line_state on reconciliation.statement_line (organisation_id, bank_account_id, status);
create index statement_line_booked_on on reconciliation.statement_line (organisation_id, book_id, booked_on, id);
create index statement_line_entry on reconciliation.statement_line (organisation_id, journal_entry_id)
  where journal_entry_id is not null;
select kernel.tenant_table('reconciliation.statement_line', 'crossfoot_reconciliation');

-- This subgraph's own copy of what the ledger leaves open, signed as the bank line that settles it.
create table reconciliation.open_item (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  journal_entry_id text not null,
  kind text not null check (kind in ('PAYABLE', 'RECEIVABLE')),
  label text not null,
  reference text,
  payment_reference text,
  counterparty_name text,
  counterparty_accounts text[] not null,
  issued_on date not null,
  due_on date,
  minor bigint not null check (minor <> 0),
  open_minor bigint not null,
  currency text not null,
  control_account_code text not null,
  vendor_id text,
  document_id text,
  reversed boolean not null default false,
  primary key (organisation_id, id),
  unique (organisation_id, journal_entry_id),
  -- Whatever the commands do, nothing is paid beyond its amount.
  constraint open_within_amount check (open_minor between least(minor, 0) and greatest(minor, 0))
);
create index open_item_open on reconciliation.open_item (organisation_id, book_id, issued_on) where open_minor <> 0;
create index open_item_book on reconciliation.open_item (organisation_id, book_id, id);
select kernel.tenant_table('reconciliation.open_item', 'crossfoot_reconciliation');

create table reconciliation.match (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  bank_account_id text not null,
  status text not null check (status in ('SUGGESTED', 'ACCEPTED', 'DECLINED', 'UNDONE')),
  method text not null,
  confidence int not null check (confidence between 0 and 10000),
  automatic boolean not null,
  evidence jsonb not null,
  rivals jsonb not null,
  difference_minor bigint,
  currency text not null,
  -- Lines and items as one text, by which a later run recognises its own suggestion.
  content text not null,
  decided_by text,
  decided_at timestamptz,
  reason text,
  journal_entry_id text,
  created_at timestamptz not null,
  primary key (organisation_id, id),
  foreign key (organisation_id, bank_account_id) references reconciliation.bank_account
);
create index match_book on reconciliation.match (organisation_id, book_id, status, id);
create index match_entry on reconciliation.match (organisation_id, journal_entry_id) where journal_entry_id is not null;
select kernel.tenant_table('reconciliation.match', 'crossfoot_reconciliation');

create table reconciliation.match_line (
  organisation_id text not null,
  match_id text not null,
  line_id text not null,
  -- True while the match is suggested or accepted: a line is in one such match at most.
  live boolean not null,
  primary key (organisation_id, match_id, line_id),
  foreign key (organisation_id, match_id) references reconciliation.match on delete cascade,
  foreign key (organisation_id, line_id) references reconciliation.statement_line
);
create unique index match_line_live on reconciliation.match_line (organisation_id, line_id) where live;
create index match_line_line on reconciliation.match_line (organisation_id, line_id);
select kernel.tenant_table('reconciliation.match_line', 'crossfoot_reconciliation');

create table reconciliation.match_item (
  organisation_id text not null,
  match_id text not null,
  open_item_id text not null,
  applied_minor bigint not null check (applied_minor <> 0),
  currency text not null,
  primary key (organisation_id, match_id, open_item_id),
  foreign key (organisation_id, match_id) references reconciliation.match on delete cascade,
  foreign key (organisation_id, open_item_id) references reconciliation.open_item
);
create index match_item_item on reconciliation.match_item (organisation_id, open_item_id);
select kernel.tenant_table('reconciliation.match_item', 'crossfoot_reconciliation');

-- What a person has said does not belong together; it is not suggested again.
create table reconciliation.declined_pair (
  organisation_id text not null,
  line_id text not null,
  open_item_id text not null,
  match_id text not null,
  primary key (organisation_id, line_id, open_item_id),
  foreign key (organisation_id, line_id) references reconciliation.statement_line,
  foreign key (organisation_id, open_item_id) references reconciliation.open_item,
  foreign key (organisation_id, match_id) references reconciliation.match
);
create index declined_pair_item on reconciliation.declined_pair (organisation_id, open_item_id);
create index declined_pair_match on reconciliation.declined_pair (organisation_id, match_id);
select kernel.tenant_table('reconciliation.declined_pair', 'crossfoot_reconciliation');

create table reconciliation.exception (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  statement_id text not null,
  -- Null when the exception concerns the statement as a whole.
  line_id text,
  reason text not null check (reason in ('NO_CANDIDATE', 'AMBIGUOUS', 'AMOUNT_DIFFERS', 'DUPLICATE', 'RETURNED',
                                         'FEE_UNKNOWN', 'CLOSED_PERIOD', 'POSTING_REFUSED', 'STATEMENT_UNBALANCED')),
  severity text not null check (severity in ('LOW', 'MEDIUM', 'HIGH')),
  status text not null check (status in ('OPEN', 'RESOLVED')),
  owner_id text,
  detail text not null,
  proposed_resolution text,
  raised_at timestamptz not null,
  resolved_at timestamptz,
  resolved_by text,
  resolution text,
  primary key (organisation_id, id),
  foreign key (organisation_id, statement_id) references reconciliation.bank_statement,
  foreign key (organisation_id, line_id) references reconciliation.statement_line,
  check ((status = 'RESOLVED') = (resolved_at is not null))
);
create unique index exception_open_line on reconciliation.exception (organisation_id, line_id)
  where status = 'OPEN' and line_id is not null;
create unique index exception_open_statement on reconciliation.exception (organisation_id, statement_id)
  where status = 'OPEN' and line_id is null;
create index exception_line on reconciliation.exception (organisation_id, line_id);
create index exception_statement on reconciliation.exception (organisation_id, statement_id);
create index exception_book on reconciliation.exception (organisation_id, book_id, status, id);
select kernel.tenant_table('reconciliation.exception', 'crossfoot_reconciliation');
