-- What payment providers say of their payouts, what was agreed with them, and how a payout is settled by one bank line.

create table reconciliation.payout (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  provider text not null check (provider in ('STRIPE', 'ADYEN', 'PAYPAL', 'SQUARE', 'SHOPIFY', 'AMAZON')),
  -- The provider's own id.
  reference text not null,
  merchant text,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  -- What goes to the bank; negative when the provider collects.
  minor bigint not null,
  -- Whether a report said the amount; else it is what the members come to.
  stated boolean not null,
  initiated_on date,
  arrives_on date,
  -- Words by which a bank line may name it, as they are compared.
  keys text[] not null,
  failed boolean not null,
  detail text not null check (detail in ('ITEMS', 'SUMMARY', 'NONE')),
  member_count int not null check (member_count >= 0),
  -- Whether its members come to its amount, and those in other currencies to nothing.
  complete boolean not null,
  file_id text not null,
  reported_by text,
  reported_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (organisation_id, id),
  unique (organisation_id, book_id, provider, reference)
);
create index payout_book on reconciliation.payout (organisation_id, book_id, initiated_on, id);
select kernel.tenant_table('reconciliation.payout', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.payout');

create table reconciliation.payout_member (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  payout_id text not null,
  position int not null,
  -- Tells it from the other members of the payout in every report of it.
  key text not null,
  kind text not null check (kind in ('CHARGE', 'REFUND', 'FEE', 'CHARGEBACK', 'ADJUSTMENT', 'RESERVE', 'TAX', 'CONVERSION',
                                     'OTHER')),
  type text not null,
  gross_minor bigint not null,
  fee_minor bigint not null,
  net_minor bigint not null,
  currency text not null,
  fees jsonb not null,
  original_minor bigint,
  original_currency text,
  exchange_rate text,
  refs text[] not null,
  -- The references as they are compared with those of open items.
  keys text[] not null,
  method text,
  country text,
  occurred_on date,
  description text,
  -- The record as the provider wrote it; sealed, because it names customers.
  sealed_record text not null,
  -- The open item it is a payment of, once one is found.
  open_item_id text,
  primary key (organisation_id, id),
  unique (organisation_id, payout_id, key),
  foreign key (organisation_id, payout_id) references reconciliation.payout,
  foreign key (organisation_id, open_item_id) references reconciliation.open_item,
  check (gross_minor + fee_minor = net_minor),
  check ((original_minor is null) = (original_currency is null))
);
create index payout_member_order on reconciliation.payout_member (organisation_id, payout_id, position, id);
create index payout_member_item on reconciliation.payout_member (organisation_id, open_item_id)
  where open_item_id is not null;
create index payout_member_day on reconciliation.payout_member (organisation_id, book_id, occurred_on);
select kernel.tenant_table('reconciliation.payout_member', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.payout_member');

-- A match may settle a payout: at most one that stands does.
alter table reconciliation.match add column payout_id text;
alter table reconciliation.match
  add foreign key (organisation_id, payout_id) references reconciliation.payout;
create index match_payout on reconciliation.match (organisation_id, payout_id) where payout_id is not null;
create unique index match_payout_stands on reconciliation.match (organisation_id, payout_id) where status = 'ACCEPTED';

-- References as they are compared: letters and digits only, upper case.
create index open_item_reference on reconciliation.open_item
  (organisation_id, book_id, upper(regexp_replace(reference, '[^0-9A-Za-z]', '', 'g'))) where open_minor <> 0;
create index open_item_payment_reference on reconciliation.open_item
  (organisation_id, book_id, upper(regexp_replace(payment_reference, '[^0-9A-Za-z]', '', 'g'))) where open_minor <> 0;

-- The account to which what is not an open item is booked, for each kind of member.
create table reconciliation.processor_account (
  organisation_id text not null,
  book_id text not null,
  provider text not null,
  kind text not null,
  account_code text not null,
  set_by text,
  set_at timestamptz not null,
  primary key (organisation_id, book_id, provider, kind)
);
select kernel.tenant_table('reconciliation.processor_account', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.processor_account');

-- What a provider is to take, as agreed: of which kind, method and region, from when to when.
create table reconciliation.processor_tariff (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  provider text not null,
  kind text not null check (kind in ('CHARGE', 'REFUND', 'CHARGEBACK')),
  -- Null stands for every method and region that no other tariff names.
  method text,
  region text check (region in ('DOMESTIC', 'EEA', 'INTERNATIONAL')),
  -- The country that is domestic.
  home_country text check (home_country ~ '^[A-Z]{2}$'),
  percent numeric not null check (percent between 0 and 100 and scale(percent) <= 6),
  fixed_minor bigint not null check (fixed_minor >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  starts_on date not null,
  ends_on date check (ends_on >= starts_on),
  set_by text,
  set_at timestamptz not null,
  primary key (organisation_id, id),
  check ((region is null) = (home_country is null)),
  unique nulls not distinct (organisation_id, book_id, provider, kind, method, region, currency, starts_on)
);
create index processor_tariff_book on reconciliation.processor_tariff (organisation_id, book_id, provider);
select kernel.tenant_table('reconciliation.processor_tariff', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.processor_tariff');
