-- Tax codes of a book and their dated rates, and what documents and drafts say of the tax of each line.

create table transactions.tax_code (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  code text not null check (code ~ '^[A-Z0-9][A-Z0-9.-]{0,39}$'),
  name text not null,
  -- Country, or country and region: DE, US-NY.
  jurisdiction text not null check (jurisdiction ~ '^[A-Z]{2}(-[A-Z0-9]{1,5})?$'),
  treatment text not null check (treatment in ('TAXED', 'ZERO_RATED', 'EXEMPT', 'OUT_OF_SCOPE', 'REVERSE_CHARGE')),
  -- How e-invoices name it (UNTDID 5305).
  category text check (category in ('S', 'Z', 'E', 'AE', 'K', 'G', 'O')),
  -- The codes of the taxes that make it up, in the order in which they are charged; codes are never removed.
  components text[] not null default '{}',
  -- Charged on the price with the taxes before it.
  compound boolean not null default false,
  -- What a buyer gets back of it; the rest is cost.
  recoverable_percent numeric not null default 100 check (recoverable_percent between 0 and 100),
  rounding_mode text not null check (rounding_mode in ('half-up', 'half-even', 'down', 'up')),
  rounding_level text not null check (rounding_level in ('LINE', 'DOCUMENT')),
  -- Whether its components are rounded as one sum.
  rounded_together boolean not null,
  active boolean not null default true,
  created_at timestamptz not null,
  retired_at timestamptz,
  primary key (organisation_id, id),
  foreign key (organisation_id, book_id) references transactions.book,
  check (components = '{}' or treatment = 'TAXED'),
  check (active = (retired_at is null))
);
create unique index tax_code_of_book on transactions.tax_code (book_id, code, organisation_id);
select kernel.tenant_table('transactions.tax_code', 'crossfoot_transactions');
select kernel.book_table('transactions.tax_code');

-- What was calculated by a code must stay explained by it.
create function transactions.keep_tax_code() returns trigger
language plpgsql
as $$
begin
  if tg_op <> 'UPDATE' or (to_jsonb(new) - '{active,retired_at}'::text[]) <> (to_jsonb(old) - '{active,retired_at}'::text[]) then
    raise exception using errcode = 'CF409', hint = 'STATE_CONFLICT',
      message = 'Tax codes are never changed or removed: give one a new rate, or retire it and make another';
  end if;
  return new;
end $$;
create trigger tax_code_kept before update or delete on transactions.tax_code
  for each row execute function transactions.keep_tax_code();
create trigger tax_code_table_kept before truncate on transactions.tax_code
  for each statement execute function transactions.keep_tax_code();
revoke delete, truncate on transactions.tax_code from crossfoot_transactions;

-- A rate holds from its day until the next one begins; null ends the tax. Of two with one day, which only happens
-- before that day, the later revision counts.
create table transactions.tax_rate (
  organisation_id text not null,
  tax_code_id text not null,
  valid_from date not null,
  revision int not null check (revision > 0),
  percent numeric check (percent between 0 and 1000),
  recorded_at timestamptz not null,
  recorded_by text,
  primary key (organisation_id, tax_code_id, valid_from, revision),
  foreign key (organisation_id, tax_code_id) references transactions.tax_code (organisation_id, id)
);
create index tax_rate_of_code on transactions.tax_rate (tax_code_id, valid_from);
select kernel.tenant_table('transactions.tax_rate', 'crossfoot_transactions');
select kernel.append_only('transactions.tax_rate', 'crossfoot_transactions');

-- What an e-invoice says of the tax of a line (UNTDID 5305), as it came.
alter table transactions.document_line add tax_category text;

alter table transactions.draft_line
  add tax_code text check (tax_code <> ''),
  add tax_role text check (tax_role in ('BASE', 'TAX')),
  add constraint draft_line_tax check ((tax_code is null) = (tax_role is null)),
  -- A tax that a person set to nothing leaves an empty line, which is not posted.
  drop constraint draft_line_minor_check,
  add constraint draft_line_minor_check check (minor >= 0);

-- What somebody should look at before the draft is approved: [{"code": "TAX_DIFFERS", "message": "..."}].
alter table transactions.draft add findings jsonb not null default '[]';
