create table vendors.vendor (
  organisation_id text not null,
  id text not null,
  name text not null,
  status text not null check (status in ('PROPOSED', 'ACTIVE', 'BLOCKED')),
  tax_id text,
  country text check (country ~ '^[A-Z]{2}$'),
  currency text check (currency ~ '^[A-Z]{3}$'),
  payment_terms_days int not null check (payment_terms_days between 0 and 365),
  email text,
  default_account_code text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (organisation_id, id)
);
create unique index vendor_tax_id on vendors.vendor (organisation_id, upper(regexp_replace(tax_id, '[^0-9A-Za-z]', '', 'g')));
select kernel.tenant_table('vendors.vendor', 'crossfoot_vendors');

create table vendors.vendor_identifier (
  organisation_id text not null,
  id text not null,
  vendor_id text not null,
  scheme text not null,
  value text not null,
  primary key (organisation_id, id),
  unique (organisation_id, vendor_id, scheme, value),
  foreign key (organisation_id, vendor_id) references vendors.vendor
);
select kernel.tenant_table('vendors.vendor_identifier', 'crossfoot_vendors');

create table vendors.vendor_alias (
  organisation_id text not null,
  id text not null,
  vendor_id text not null,
  name text not null,
  source text not null,
  created_at timestamptz not null,
  primary key (organisation_id, id),
  unique (organisation_id, vendor_id, name),
  foreign key (organisation_id, vendor_id) references vendors.vendor
);
select kernel.tenant_table('vendors.vendor_alias', 'crossfoot_vendors');

-- The account itself is sealed; equal accounts are found by a keyed hash, people see the last four characters.
create table vendors.vendor_bank_detail (
  organisation_id text not null,
  id text not null,
  vendor_id text not null,
  sealed_account text not null,
  account_index text not null,
  last_four text not null,
  bic text,
  holder text,
  created_at timestamptz not null,
  primary key (organisation_id, id),
  unique (organisation_id, vendor_id, account_index),
  foreign key (organisation_id, vendor_id) references vendors.vendor
);
create index vendor_bank_detail_account on vendors.vendor_bank_detail (organisation_id, account_index);
select kernel.tenant_table('vendors.vendor_bank_detail', 'crossfoot_vendors');
