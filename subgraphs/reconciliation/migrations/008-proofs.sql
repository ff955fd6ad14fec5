-- What shows that books and bank agree: a copy of what the ledger has posted to bank accounts, statements that people
-- signed, payrolls to hold against what was paid.

-- One row for an entry, account of the ledger and currency; debits positive, as the bank has money in.
create table reconciliation.bank_posting (
  organisation_id text not null,
  book_id text not null,
  journal_entry_id text not null,
  account_code text not null,
  currency text not null,
  minor bigint not null,
  number text not null,
  kind text not null,
  description text not null,
  posted_on date not null,
  -- The entry itself, or the one it takes back: what becomes of one thing stands together.
  root_entry_id text not null,
  document_id text,
  vendor_id text,
  posted_at timestamptz not null,
  primary key (organisation_id, journal_entry_id, account_code, currency)
);
create index bank_posting_account on reconciliation.bank_posting (organisation_id, book_id, account_code, posted_on);
create index bank_posting_root on reconciliation.bank_posting (organisation_id, root_entry_id);
select kernel.tenant_table('reconciliation.bank_posting', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.bank_posting');
select kernel.append_only('reconciliation.bank_posting', 'crossfoot_reconciliation');

-- Since when the copy has everything that was posted to an account before it was opened here.
alter table reconciliation.bank_account add ledger_copied_at timestamptz;

-- Accounts opened before now: events tell of all entries. The owner may be an ordinary role, for whom the tenant
-- policies would hide every row.
alter table kernel.outbox no force row level security;
alter table reconciliation.bank_account no force row level security;
alter table reconciliation.bank_posting no force row level security;
insert into reconciliation.bank_posting (organisation_id, book_id, journal_entry_id, account_code, currency, minor, number,
       kind, description, posted_on, root_entry_id, document_id, vendor_id, posted_at)
select o.organisation_id, o.book_id, o.subject_id, l.code, l.currency, sum(l.minor), min(o.facts->>'number'),
       min(o.facts->>'kind'), min(o.facts->>'description'), min((o.facts->>'postedOn')::date),
       min(coalesce(o.facts->>'reversalOf', o.subject_id)), min(o.facts->>'documentId'), min(o.facts->>'vendorId'),
       min(o.occurred_at)
  from kernel.outbox o
 cross join lateral (
   select e->>'accountCode' as code, e->'money'->>'currency' as currency,
          (e->'money'->>'minor')::bigint * case e->>'side' when 'DEBIT' then 1 else -1 end as minor
     from jsonb_array_elements(o.facts->'lines') e) l
 where o.type = 'journalEntry.posted'
   and exists (select 1 from reconciliation.bank_account a
                where a.organisation_id = o.organisation_id and a.book_id = o.book_id and a.ledger_account_code = l.code)
 group by o.organisation_id, o.book_id, o.subject_id, l.code, l.currency;
update reconciliation.bank_account set ledger_copied_at = now();
alter table kernel.outbox force row level security;
alter table reconciliation.bank_account force row level security;
alter table reconciliation.bank_posting force row level security;

-- A reconciliation statement as it was drawn up and signed: the text is what was signed, its hash what proves it.
create table reconciliation.signed_statement (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  bank_account_id text not null,
  as_of date not null,
  verdict text not null check (verdict in ('PROVEN', 'UNPROVEN', 'INCOMPLETE')),
  currency text not null,
  bank_minor bigint not null,
  book_minor bigint not null,
  remainder_minor bigint not null,
  content text not null,
  content_hash text not null,
  note text,
  drawn_up_at timestamptz not null,
  signed_by text not null,
  signer_name text not null,
  primary key (organisation_id, id),
  foreign key (organisation_id, bank_account_id) references reconciliation.bank_account,
  check (content_hash = encode(sha256(convert_to(content, 'UTF8')), 'hex')),
  -- What is not proven is signed with a word on it.
  check (verdict = 'PROVEN' or note is not null)
);
create index signed_statement_account on reconciliation.signed_statement (organisation_id, bank_account_id, as_of, id);
select kernel.tenant_table('reconciliation.signed_statement', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.signed_statement');
select kernel.append_only('reconciliation.signed_statement', 'crossfoot_reconciliation');

-- Somebody else has looked at it too.
create table reconciliation.statement_countersignature (
  organisation_id text not null,
  book_id text not null,
  signed_statement_id text not null,
  signed_by text not null,
  signer_name text not null,
  note text,
  signed_at timestamptz not null,
  primary key (organisation_id, signed_statement_id, signed_by),
  foreign key (organisation_id, signed_statement_id) references reconciliation.signed_statement
);
select kernel.tenant_table('reconciliation.statement_countersignature', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.statement_countersignature');
select kernel.append_only('reconciliation.statement_countersignature', 'crossfoot_reconciliation');

create function reconciliation.refuse_own_countersignature() returns trigger
language plpgsql
as $$
begin
  if exists (select 1 from reconciliation.signed_statement s
              where s.organisation_id = new.organisation_id and s.id = new.signed_statement_id
                and s.signed_by = new.signed_by) then
    raise exception using errcode = 'CF403', hint = 'FOUR_EYES',
      message = 'Whoever signed a reconciliation statement does not countersign it';
  end if;
  return new;
end $$;
create trigger refuse_own_countersignature before insert on reconciliation.statement_countersignature
  for each row execute function reconciliation.refuse_own_countersignature();

-- What employees were to be paid, as the payroll says.
create table reconciliation.payroll (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  name text not null,
  pay_on date not null,
  currency text not null,
  total_minor bigint not null,
  file_id text not null,
  content_hash text not null,
  imported_by text not null,
  imported_at timestamptz not null,
  primary key (organisation_id, id),
  unique (organisation_id, book_id, content_hash)
);
create index payroll_book on reconciliation.payroll (organisation_id, book_id, id);
select kernel.tenant_table('reconciliation.payroll', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.payroll');
select kernel.append_only('reconciliation.payroll', 'crossfoot_reconciliation');

create table reconciliation.payroll_entry (
  organisation_id text not null,
  book_id text not null,
  payroll_id text not null,
  position int not null,
  employee text not null,
  account_index text,
  account_last_four text,
  minor bigint not null check (minor > 0),
  currency text not null,
  pay_on date not null,
  primary key (organisation_id, payroll_id, position),
  foreign key (organisation_id, payroll_id) references reconciliation.payroll
);
select kernel.tenant_table('reconciliation.payroll_entry', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.payroll_entry');
select kernel.append_only('reconciliation.payroll_entry', 'crossfoot_reconciliation');
