-- What a book plans: versions of budgets, each an amount for an account, a month and what it belongs to. Only the newest
-- version of a budget changes; the ones before stay what reports were held against.
create table transactions.budget (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  name text not null,
  version int not null check (version > 0),
  note text,
  created_by text,
  created_at timestamptz not null,
  primary key (organisation_id, id),
  foreign key (organisation_id, book_id) references transactions.book
);
create unique index budget_version on transactions.budget (book_id, name, version, organisation_id);
select kernel.tenant_table('transactions.budget', 'crossfoot_transactions');
select kernel.book_table('transactions.budget');
select kernel.append_only('transactions.budget', 'crossfoot_transactions');

create table transactions.budget_amount (
  organisation_id text not null,
  id text not null,
  budget_id text not null,
  account_id text not null,
  -- Its first day.
  month date not null check (extract(day from month) = 1),
  -- Codes by dimension; an amount without any is for all that no other amount of its account and month is for.
  dimensions jsonb not null default '{}',
  -- In the base currency; positive on the side on which the account grows.
  minor bigint not null,
  primary key (organisation_id, id),
  foreign key (organisation_id, budget_id) references transactions.budget,
  foreign key (organisation_id, account_id) references transactions.account
);
create unique index budget_amount_once on transactions.budget_amount (budget_id, account_id, month, dimensions, organisation_id);
create index budget_amount_of_account on transactions.budget_amount (account_id, organisation_id);
select kernel.tenant_table('transactions.budget_amount', 'crossfoot_transactions');

-- A version is closed as soon as there is a newer one, for whoever writes.
create function transactions.keep_budget() returns trigger
language plpgsql
as $$
declare
  changed text := case tg_op when 'DELETE' then old.budget_id else new.budget_id end;
begin
  perform 1 from transactions.budget b join transactions.budget n
      on n.organisation_id = b.organisation_id and n.book_id = b.book_id and n.name = b.name and n.version > b.version
   where b.id = changed;
  if found then
    raise exception using errcode = 'CF409', hint = 'STATE_CONFLICT',
      message = 'This version of the budget has a newer one; change that';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger budget_kept before insert or update or delete on transactions.budget_amount
  for each row execute function transactions.keep_budget();
