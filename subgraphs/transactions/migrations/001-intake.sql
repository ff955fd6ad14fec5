-- The books this subgraph works for, as `book.opened` told of them.
create table transactions.book (
  organisation_id text not null,
  id text not null,
  name text not null,
  legal_name text not null,
  tax_id text,
  country text not null,
  base_currency text not null,
  fiscal_year_start_month int not null check (fiscal_year_start_month between 1 and 12),
  opened_at timestamptz not null,
  primary key (organisation_id, id)
);
select kernel.tenant_table('transactions.book', 'crossfoot_transactions');

-- Files that documents came in; the bytes are in the file store under the same id.
create table transactions.file (
  organisation_id text not null,
  id text not null,
  name text not null,
  media_type text not null,
  size int not null,
  sha256 text not null,
  primary key (organisation_id, id)
);
select kernel.tenant_table('transactions.file', 'crossfoot_transactions');

create table transactions.document (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  kind text not null check (kind in ('INVOICE', 'CREDIT_NOTE', 'SALES_INVOICE', 'EXPENSE', 'RECEIPT')),
  status text not null
    check (status in ('RECEIVED', 'QUARANTINED', 'DRAFTED', 'POSTED', 'REJECTED', 'DUPLICATE')),
  number text,
  issued_on date,
  due_on date,
  counterparty_name text,
  counterparty_tax_id text,
  -- The account is sealed; equal accounts are found by a keyed hash.
  counterparty_sealed_iban text,
  counterparty_iban_index text,
  counterparty_country text,
  counterparty_email text,
  vendor_id text,
  vendor_name text,
  currency text,
  net bigint,
  tax bigint,
  total bigint,
  -- What is still to be paid: the total less what was paid before.
  payable bigint,
  payment_reference text,
  order_reference text,
  employee text,
  note text,
  source text not null check (source in ('api', 'portal', 'chat', 'file', 'system')),
  format text not null,
  file_id text,
  -- Line of the file at which the record begins.
  file_line int,
  -- The record as it came in, as far as it is short; the rest is in the file.
  raw text not null,
  -- Equal for two copies of one document, whatever file they came in.
  fingerprint text,
  -- Equal for the same record sent again, also when its content was corrected since.
  record_hash text not null,
  number_key text,
  name_key text,
  tax_id_key text,
  -- Tells equal expenses of one file apart: the second coffee of a day is number 2.
  ordinal int not null default 1,
  duplicate_of text,
  problems jsonb not null,
  reject_reason text,
  submitted_by text,
  -- The person who corrected it in quarantine; counts as a submitter for four-eyes rules.
  corrected_by text,
  corrected_at timestamptz,
  received_at timestamptz not null,
  primary key (organisation_id, id),
  foreign key (organisation_id, book_id) references transactions.book,
  foreign key (organisation_id, file_id) references transactions.file,
  foreign key (organisation_id, duplicate_of) references transactions.document (organisation_id, id),
  -- A quarantined or refused document may lack anything; one that goes on lacks nothing.
  check (
    status in ('QUARANTINED', 'REJECTED', 'DUPLICATE')
    or (issued_on is not null and counterparty_name is not null and currency is not null and net is not null
        and tax is not null and total is not null and payable is not null and fingerprint is not null)
  ),
  check (net + tax = total or status in ('QUARANTINED', 'REJECTED', 'DUPLICATE')),
  check ((status = 'DUPLICATE') = (duplicate_of is not null)),
  check ((counterparty_sealed_iban is null) = (counterparty_iban_index is null))
);
create index document_of_book on transactions.document (organisation_id, book_id, id);
create index document_by_status on transactions.document (organisation_id, book_id, status, id);
create index document_of_file on transactions.document (organisation_id, file_id);
create index document_of_first on transactions.document (organisation_id, duplicate_of);
-- One living copy of a document in a book; a rejected one may be sent again.
create unique index document_fingerprint on transactions.document (organisation_id, book_id, fingerprint)
  where status not in ('REJECTED', 'DUPLICATE');
create index document_record on transactions.document (organisation_id, book_id, record_hash);
create index document_number on transactions.document (organisation_id, book_id, number_key);
select kernel.tenant_table('transactions.document', 'crossfoot_transactions');

create table transactions.document_line (
  organisation_id text not null,
  id text not null,
  document_id text not null,
  position int not null,
  description text not null,
  quantity numeric,
  net bigint not null,
  tax_rate numeric,
  tax bigint,
  currency text not null,
  category text,
  primary key (organisation_id, id),
  unique (organisation_id, document_id, position),
  foreign key (organisation_id, document_id) references transactions.document (organisation_id, id)
);
select kernel.tenant_table('transactions.document_line', 'crossfoot_transactions');

create table transactions.mapping_rule (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  name text not null,
  -- Rules are asked from the lowest number on.
  priority int not null,
  active boolean not null default true,
  vendor_name_contains text,
  category text,
  document_kind text check (document_kind in ('INVOICE', 'CREDIT_NOTE', 'SALES_INVOICE', 'EXPENSE', 'RECEIPT')),
  account_code text not null,
  tax_account_code text,
  created_at timestamptz not null,
  retired_at timestamptz,
  primary key (organisation_id, id),
  foreign key (organisation_id, book_id) references transactions.book,
  check (num_nonnulls(vendor_name_contains, category, document_kind) > 0),
  check (active = (retired_at is null))
);
create unique index mapping_rule_name on transactions.mapping_rule (organisation_id, book_id, name) where active;
create index mapping_rule_of_book on transactions.mapping_rule (organisation_id, book_id, active, priority);
select kernel.tenant_table('transactions.mapping_rule', 'crossfoot_transactions');
