-- Payments: what is to be paid, as files for banks, and what became of them.

-- Whose accounts money is drawn from: the names of books, of those opened before as well. The owner may be an ordinary
-- role, for whom the tenant policies would hide every row.
create table reconciliation.payer (
  organisation_id text not null,
  book_id text not null,
  legal_name text not null,
  country text,
  -- How many other people have to approve an order.
  approvals int not null default 1 check (approvals between 1 and 5),
  primary key (organisation_id, book_id)
);
alter table kernel.outbox no force row level security;
insert into reconciliation.payer (organisation_id, book_id, legal_name, country)
select distinct on (organisation_id, subject_id) organisation_id, subject_id, facts->>'legalName', facts->>'country'
  from kernel.outbox where type = 'book.opened' and facts->>'legalName' <> '' order by organisation_id, subject_id, id;
alter table kernel.outbox force row level security;
select kernel.tenant_table('reconciliation.payer', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.payer');

-- This subgraph's own copy of vendors and of their accounts, sealed as the vendors' own; opened for files alone.
create table reconciliation.payee (
  organisation_id text not null,
  vendor_id text not null,
  name text,
  status text,
  country text,
  primary key (organisation_id, vendor_id)
);
select kernel.tenant_table('reconciliation.payee', 'crossfoot_reconciliation');

create table reconciliation.payee_account (
  organisation_id text not null,
  id text not null,
  vendor_id text not null,
  sealed_account text not null,
  account_index text not null,
  last_four text not null,
  bic text,
  holder text,
  added_at timestamptz not null,
  primary key (organisation_id, id)
);
create index payee_account_vendor on reconciliation.payee_account (organisation_id, vendor_id, id);
select kernel.tenant_table('reconciliation.payee_account', 'crossfoot_reconciliation');

-- What a vendor lets us keep for paying early.
create table reconciliation.discount_terms (
  organisation_id text not null,
  book_id text not null,
  vendor_id text not null,
  percent text not null,
  days int not null check (days between 0 and 365),
  set_by text not null,
  set_at timestamptz not null,
  primary key (organisation_id, book_id, vendor_id)
);
select kernel.tenant_table('reconciliation.discount_terms', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.discount_terms');

create table reconciliation.payment_order (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  bank_account_id text not null,
  status text not null check (status in ('DRAFT', 'APPROVED', 'SENT', 'ACCEPTED', 'PART_ACCEPTED', 'REJECTED', 'EXECUTED',
                                         'RETURNED', 'CANCELLED')),
  execution_on date not null,
  message_id text not null check (length(message_id) <= 30),
  created_by text not null,
  created_at timestamptz not null,
  approved_at timestamptz,
  file_id text,
  sent_at timestamptz,
  reason text,
  primary key (organisation_id, id),
  unique (organisation_id, message_id),
  foreign key (organisation_id, bank_account_id) references reconciliation.bank_account
);
create index payment_order_book on reconciliation.payment_order (organisation_id, book_id, status, id);
create index payment_order_account on reconciliation.payment_order (organisation_id, bank_account_id);
select kernel.tenant_table('reconciliation.payment_order', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.payment_order');

create table reconciliation.payment_approval (
  organisation_id text not null,
  order_id text not null,
  member_id text not null,
  approved_at timestamptz not null,
  primary key (organisation_id, order_id, member_id),
  foreign key (organisation_id, order_id) references reconciliation.payment_order
);
select kernel.tenant_table('reconciliation.payment_approval', 'crossfoot_reconciliation');
select kernel.append_only('reconciliation.payment_approval', 'crossfoot_reconciliation');

-- Said once more than in the command: nobody approves what he ordered himself.
create function reconciliation.check_payment_approval() returns trigger
language plpgsql
as $$
begin
  if exists (select 1 from reconciliation.payment_order o
              where o.organisation_id = new.organisation_id and o.id = new.order_id and o.created_by = new.member_id) then
    raise exception using errcode = 'CF403', hint = 'FOUR_EYES',
      message = 'Whoever made a payment order cannot approve it';
  end if;
  return new;
end $$;
create trigger check_payment_approval before insert on reconciliation.payment_approval
  for each row execute function reconciliation.check_payment_approval();

create table reconciliation.payment_line (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  order_id text not null,
  open_item_id text not null,
  payee_account_id text not null,
  creditor_name text not null,
  -- What the creditor gets, and what of the bill it settles: more where a discount is taken.
  minor bigint not null check (minor > 0),
  settles_minor bigint not null check (settles_minor >= minor),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  execution_on date not null,
  end_to_end_id text not null check (length(end_to_end_id) <= 35),
  -- The batch of the file; null until there is one.
  batch_id text,
  remittance text not null,
  status text not null check (status in ('PENDING', 'SENT', 'ACCEPTED', 'EXECUTED', 'REJECTED', 'RETURNED', 'CANCELLED')),
  -- The last state the bank has told, ACCEPTED or EXECUTED, which holds again when a match is undone.
  bank_status text check (bank_status in ('ACCEPTED', 'EXECUTED')),
  reason text,
  match_id text,
  return_line_id text,
  -- True as long as it may still pay its bill.
  live boolean not null,
  primary key (organisation_id, id),
  unique (organisation_id, end_to_end_id),
  foreign key (organisation_id, order_id) references reconciliation.payment_order,
  foreign key (organisation_id, open_item_id) references reconciliation.open_item,
  foreign key (organisation_id, payee_account_id) references reconciliation.payee_account,
  foreign key (organisation_id, match_id) references reconciliation.match,
  foreign key (organisation_id, return_line_id) references reconciliation.statement_line,
  constraint payment_line_ended check (not live or (status in ('PENDING', 'SENT', 'ACCEPTED', 'EXECUTED') and match_id is null)),
  constraint payment_line_returned check (return_line_id is null or status = 'RETURNED')
);
-- Whatever the commands do, a bill stands in one live payment at most.
create unique index payment_line_live on reconciliation.payment_line (organisation_id, open_item_id) where live;
create index payment_line_order on reconciliation.payment_line (organisation_id, order_id, id);
create index payment_line_item on reconciliation.payment_line (organisation_id, open_item_id, id);
create index payment_line_account on reconciliation.payment_line (organisation_id, payee_account_id);
create index payment_line_match on reconciliation.payment_line (organisation_id, match_id) where match_id is not null;
create index payment_line_return on reconciliation.payment_line (organisation_id, return_line_id) where return_line_id is not null;
create index payment_line_batch on reconciliation.payment_line (organisation_id, batch_id) where batch_id is not null;
select kernel.tenant_table('reconciliation.payment_line', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.payment_line');

-- Why a payment came back, where the bank says so.
alter table reconciliation.statement_line add return_reason text;
