-- Rates of exchange. What the European Central Bank publishes is alike for everybody: one row for each day, kept under
-- the organisation 'platform', which every organisation reads and none writes. Days an organisation imported itself are
-- its own and no other's, so that nobody can put a rate into the books of others.
create table transactions.reference_rates (
  organisation_id text not null,
  on_day date not null,
  -- Units of each currency for one euro, as exact decimal text: {"USD": "1.0845"}.
  rates jsonb not null check (jsonb_typeof(rates) = 'object'
    and not jsonb_path_exists(rates, '$.* ? (@.type() <> "string")')),
  imported_at timestamptz not null,
  primary key (organisation_id, on_day)
);
create index reference_rates_by_day on transactions.reference_rates (on_day, organisation_id);
select kernel.tenant_table('transactions.reference_rates', 'crossfoot_transactions');
create policy shared on transactions.reference_rates for select using (organisation_id = 'platform');
revoke delete, truncate on transactions.reference_rates from crossfoot_transactions;

-- Rates set by hand, for the days from valid_from to valid_to. The newest row for a day counts, that of a book before
-- that of the whole organisation; one without a rate gives the day back to the reference rates.
create table transactions.exchange_rate (
  organisation_id text not null,
  id text not null,
  book_id text,
  from_currency text not null check (from_currency ~ '^[A-Z]{3}$'),
  to_currency text not null check (to_currency ~ '^[A-Z]{3}$'),
  pair text not null generated always as
    (least(from_currency, to_currency) || greatest(from_currency, to_currency)) stored,
  -- Units of to_currency for one unit of from_currency.
  rate numeric check (rate > 0),
  valid_from date not null,
  valid_to date not null,
  reason text not null check (reason <> ''),
  set_by text,
  set_at timestamptz not null,
  primary key (organisation_id, id),
  foreign key (organisation_id, book_id) references transactions.book,
  check (from_currency <> to_currency),
  check (valid_to >= valid_from)
);
create index exchange_rate_of_pair on transactions.exchange_rate (pair, valid_from, organisation_id);
create index exchange_rate_of_book on transactions.exchange_rate (book_id, organisation_id) where book_id is not null;
select kernel.tenant_table('transactions.exchange_rate', 'crossfoot_transactions');
select kernel.append_only('transactions.exchange_rate', 'crossfoot_transactions');
create policy book on transactions.exchange_rate as restrictive
  using ((select kernel.book() is null) or book_id is null or book_id = (select kernel.book()))
  with check ((select kernel.book() is null) or book_id = (select kernel.book()));

create index draft_waiting_for_rates on transactions.draft (posted_on, organisation_id)
  where status = 'APPROVED' and refusal_code = 'RATE_MISSING';

-- Whoever imports rates for everybody must know where something waits for them; it learns the ids of organisations only.
create function transactions.organisations_waiting_for_rates() returns table (organisation_id text)
language sql stable security definer set search_path = pg_catalog
as $$
  select distinct d.organisation_id from transactions.draft d
   where d.status = 'APPROVED' and d.refusal_code = 'RATE_MISSING'
$$;
revoke all on function transactions.organisations_waiting_for_rates from public;
grant execute on function transactions.organisations_waiting_for_rates to crossfoot_transactions;

-- What payments took from open items: in the item's currency, and in the base currency of the book at the value the item
-- had when it was posted. Amounts have the sign of the bank line. Rows are never changed: those of a payment that was
-- reversed count no more, so undoing a match gives back what it had taken.
create table transactions.settled_amount (
  organisation_id text not null,
  payment_entry_id text not null,
  position int not null check (position > 0),
  item_entry_id text not null,
  account_code text not null,
  currency text not null,
  minor bigint not null check (minor <> 0),
  functional_minor bigint not null,
  primary key (organisation_id, payment_entry_id, position),
  foreign key (organisation_id, payment_entry_id) references transactions.journal_entry,
  foreign key (organisation_id, item_entry_id) references transactions.journal_entry
);
create index settled_amount_of_item on transactions.settled_amount (item_entry_id, organisation_id);
select kernel.tenant_table('transactions.settled_amount', 'crossfoot_transactions');
select kernel.append_only('transactions.settled_amount', 'crossfoot_transactions');

-- Runs that valued a book's open foreign amounts at a day: what stood, what it was worth, and what was posted for it. The
-- newest run of a day is how things stand; an earlier one of the same day was brought up to it.
create table transactions.revaluation (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  on_day date not null,
  -- Null when nothing had to be posted; the reversal stands on the next day.
  journal_entry_id text,
  reversal_entry_id text,
  revalued_by text,
  revalued_at timestamptz not null,
  primary key (organisation_id, id),
  foreign key (organisation_id, book_id) references transactions.book,
  foreign key (organisation_id, journal_entry_id) references transactions.journal_entry,
  foreign key (organisation_id, reversal_entry_id) references transactions.journal_entry,
  check ((journal_entry_id is null) = (reversal_entry_id is null))
);
create index revaluation_of_day on transactions.revaluation (book_id, on_day, id);
create index revaluation_of_entry on transactions.revaluation (journal_entry_id, organisation_id)
  where journal_entry_id is not null;
create index revaluation_of_reversal on transactions.revaluation (reversal_entry_id, organisation_id)
  where reversal_entry_id is not null;
select kernel.tenant_table('transactions.revaluation', 'crossfoot_transactions');
select kernel.append_only('transactions.revaluation', 'crossfoot_transactions');
select kernel.book_table('transactions.revaluation');

create table transactions.revaluation_line (
  organisation_id text not null,
  revaluation_id text not null,
  position int not null check (position > 0),
  account_code text not null,
  account_name text not null,
  currency text not null,
  base_currency text not null,
  -- The balance of the account, debits positive, and what it stands at in the base currency.
  minor bigint not null,
  functional_minor bigint not null,
  rate numeric not null,
  rate_source text not null check (rate_source in ('ECB', 'MANUAL')),
  rate_on date not null,
  rate_path text not null,
  -- What the balance is worth at the rate, and that less what it stands at: a gain when positive.
  worth_minor bigint not null,
  difference_minor bigint not null check (difference_minor = worth_minor - functional_minor),
  primary key (organisation_id, revaluation_id, position),
  foreign key (organisation_id, revaluation_id) references transactions.revaluation
);
select kernel.tenant_table('transactions.revaluation_line', 'crossfoot_transactions');
select kernel.append_only('transactions.revaluation_line', 'crossfoot_transactions');
