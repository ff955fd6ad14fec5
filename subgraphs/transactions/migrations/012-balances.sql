-- Balances that need not be added up from the first line: what stood on every account at the end of certain days. A read
-- takes the newest such day and adds the lines since, so that no posting waits for another's balance. And limits for the
-- balances of single accounts, for which alone a balance is kept up to date.

-- A day for which a book's balances are kept. READY: the rows of balance_snapshot hold. STALE: something was posted on
-- it or before it since. BUILDING: being added up; a posting meanwhile makes it stale again.
create table transactions.balance_day (
  organisation_id text not null,
  book_id text not null,
  on_day date not null,
  state text not null check (state in ('STALE', 'BUILDING', 'READY')),
  changed_at timestamptz not null default now(),
  primary key (organisation_id, book_id, on_day),
  foreign key (organisation_id, book_id) references transactions.book
);
create index balance_day_of_book on transactions.balance_day (book_id, on_day);
select kernel.tenant_table('transactions.balance_day', 'crossfoot_transactions');
select kernel.book_table('transactions.balance_day');

create table transactions.balance_snapshot (
  organisation_id text not null,
  book_id text not null,
  on_day date not null,
  account_id text not null,
  currency text not null,
  debit numeric not null,
  credit numeric not null,
  functional_debit numeric not null,
  functional_credit numeric not null,
  primary key (organisation_id, book_id, on_day, account_id, currency),
  foreign key (organisation_id, book_id, on_day) references transactions.balance_day on delete cascade
);
create index balance_snapshot_of_account on transactions.balance_snapshot (account_id, on_day);
select kernel.tenant_table('transactions.balance_snapshot', 'crossfoot_transactions');
select kernel.book_table('transactions.balance_snapshot');
-- Only the functions below write them: no statement of ours can put a false sum there.
revoke insert, update, delete, truncate on transactions.balance_day, transactions.balance_snapshot from crossfoot_transactions;

-- Runs after a statement that added entries: the days on which they count, and all later ones, are stale.
create function transactions.age_balance_days() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  update transactions.balance_day d set state = 'STALE', changed_at = now()
    from (select organisation_id, book_id, min(posted_on) as first from added group by 1, 2) a
   where d.book_id = a.book_id and d.on_day >= a.first and d.state <> 'STALE' and d.organisation_id = a.organisation_id;
  return null;
end $$;
create trigger entries_age_balances after insert on transactions.journal_entry referencing new table as added
  for each statement execute function transactions.age_balance_days();

-- Chooses the days of a book: every month end, and every day after which so many entries have come since the last one,
-- all before `until`. Marks those that are not READY as being added up. The lock on the book waits for the postings under
-- way, which hold it through their foreign key: whoever posts from now on sees the mark, and whoever did not see it has
-- ended before anything is added up. Answers how many days are to be built.
create function transactions.mark_balance_days(book text, until date, most_entries int) returns int
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  organisation text := kernel.organisation();
  marked int;
  day record;
  since bigint := 0;
begin
  perform 1 from transactions.book b where b.organisation_id = organisation and b.id = book for update;
  for day in
    select e.posted_on, count(*) as entries, d.on_day is not null as known,
           date_trunc('month', lead(e.posted_on, 1, until) over (order by e.posted_on)) > e.posted_on as ends_month
      from transactions.journal_entry e
      left join transactions.balance_day d
        on d.organisation_id = e.organisation_id and d.book_id = e.book_id and d.on_day = e.posted_on
     where e.organisation_id = organisation and e.book_id = book and e.posted_on < until
     group by e.posted_on, d.on_day order by e.posted_on
  loop
    since := since + day.entries;
    continue when not (day.known or day.ends_month or since >= most_entries);
    since := 0;
    insert into transactions.balance_day (organisation_id, book_id, on_day, state)
    values (organisation, book,
            case when day.ends_month then (date_trunc('month', day.posted_on) + interval '1 month - 1 day')::date
                 else day.posted_on end, 'STALE')
    on conflict do nothing;
  end loop;
  update transactions.balance_day d set state = 'BUILDING', changed_at = now()
   where d.organisation_id = organisation and d.book_id = book and d.state <> 'READY';
  get diagnostics marked = row_count;
  return marked;
end $$;

-- Adds up the days that were marked, from the newest day before them that is READY. A day that became stale meanwhile
-- stays stale. Answers how many days hold now that did not.
create function transactions.build_balance_days(book text) returns int
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  organisation text := kernel.organisation();
  days date[];
  base date;
  built int;
begin
  select array_agg(d.on_day order by d.on_day) into days from transactions.balance_day d
   where d.organisation_id = organisation and d.book_id = book and d.state = 'BUILDING';
  if days is null then
    return 0;
  end if;
  select max(d.on_day) into base from transactions.balance_day d
   where d.organisation_id = organisation and d.book_id = book and d.state = 'READY' and d.on_day < days[1];
  create temporary table building on commit drop as
  with move as (
    select l.account_id, l.currency, days[width_bucket(l.posted_on - 1, days) + 1] as on_day,
           sum(l.minor) filter (where l.side = 'DEBIT') as debit, sum(l.minor) filter (where l.side = 'CREDIT') as credit,
           sum(l.functional_minor) filter (where l.side = 'DEBIT') as functional_debit,
           sum(l.functional_minor) filter (where l.side = 'CREDIT') as functional_credit
      from transactions.account a
      join transactions.journal_line l on l.organisation_id = a.organisation_id and l.account_id = a.id
     where a.organisation_id = organisation and a.book_id = book
       and l.posted_on > coalesce(base, '-infinity') and l.posted_on <= days[cardinality(days)]
     group by 1, 2, 3
    union all
    select s.account_id, s.currency, days[1], s.debit, s.credit, s.functional_debit, s.functional_credit
      from transactions.balance_snapshot s
     where s.organisation_id = organisation and s.book_id = book and s.on_day = base
  ), pair as (
    select account_id, currency, min(on_day) as first from move group by 1, 2
  )
  select p.account_id, p.currency, d.on_day,
         sum(coalesce(m.debit, 0)) over (partition by p.account_id, p.currency order by d.on_day) as debit,
         sum(coalesce(m.credit, 0)) over (partition by p.account_id, p.currency order by d.on_day) as credit,
         sum(coalesce(m.functional_debit, 0)) over (partition by p.account_id, p.currency order by d.on_day) as functional_debit,
         sum(coalesce(m.functional_credit, 0)) over (partition by p.account_id, p.currency order by d.on_day) as functional_credit
    from pair p
   cross join unnest(days) as d (on_day)
    left join (select account_id, currency, on_day, sum(debit) as debit, sum(credit) as credit,
                      sum(functional_debit) as functional_debit, sum(functional_credit) as functional_credit
                 from move group by 1, 2, 3) m using (account_id, currency, on_day)
   where d.on_day >= p.first;

  -- One that a posting under way is making stale is waited for here, and then left out.
  update transactions.balance_day d set state = 'READY', changed_at = now()
   where d.organisation_id = organisation and d.book_id = book and d.state = 'BUILDING' and d.on_day = any (days);
  get diagnostics built = row_count;
  delete from transactions.balance_snapshot s
   where s.organisation_id = organisation and s.book_id = book and s.on_day = any (days);
  insert into transactions.balance_snapshot
    (organisation_id, book_id, on_day, account_id, currency, debit, credit, functional_debit, functional_credit)
  select organisation, book, b.on_day, b.account_id, b.currency, b.debit, b.credit, b.functional_debit, b.functional_credit
    from pg_temp.building b join transactions.balance_day d
      on d.organisation_id = organisation and d.book_id = book and d.on_day = b.on_day and d.state = 'READY';
  drop table pg_temp.building;
  return built;
end $$;

-- Holds the newest READY day of a book against the plain sum of its lines. Days from which the sum parts become stale and
-- are built anew; answers how many accounts parted.
create function transactions.check_balance_days(book text) returns int
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  organisation text := kernel.organisation();
  newest date;
  parted int;
begin
  select max(d.on_day) into newest from transactions.balance_day d
   where d.organisation_id = organisation and d.book_id = book and d.state = 'READY';
  select count(*) into parted from
    (select s.account_id, s.currency, s.debit, s.credit from transactions.balance_snapshot s
      where s.organisation_id = organisation and s.book_id = book and s.on_day = newest) s
    full join
    (select l.account_id, l.currency, coalesce(sum(l.minor) filter (where l.side = 'DEBIT'), 0) as debit,
            coalesce(sum(l.minor) filter (where l.side = 'CREDIT'), 0) as credit
       from transactions.account a
       join transactions.journal_line l on l.organisation_id = a.organisation_id and l.account_id = a.id
      where a.organisation_id = organisation and a.book_id = book and l.posted_on <= newest group by 1, 2) l
    using (account_id, currency)
   where s.debit is distinct from l.debit or s.credit is distinct from l.credit;
  if parted > 0 then
    update transactions.balance_day d set state = 'STALE', changed_at = now()
     where d.organisation_id = organisation and d.book_id = book;
  end if;
  return parted;
end $$;

-- The books of all organisations of which days are to be built: some are stale, or many entries or a month end have
-- come since the newest.
create function transactions.books_to_snapshot(until date, most_entries int)
returns table (organisation_id text, book_id text)
language sql security definer set search_path = pg_catalog
as $$
  select b.organisation_id, b.id from transactions.book b
   cross join lateral (select max(d.on_day) as newest, bool_or(d.state <> 'READY') as stale from transactions.balance_day d
                        where d.organisation_id = b.organisation_id and d.book_id = b.id) d
   where d.stale
      or exists (select 1 from transactions.journal_entry e
                  where e.organisation_id = b.organisation_id and e.book_id = b.id
                    and e.posted_on > coalesce(d.newest, '-infinity') and e.posted_on < date_trunc('month', until)::date)
      or (select count(*) from (select 1 from transactions.journal_entry e
                  where e.organisation_id = b.organisation_id and e.book_id = b.id
                    and e.posted_on > coalesce(d.newest, '-infinity') and e.posted_on < until limit most_entries) n) = most_entries
$$;

revoke all on function transactions.mark_balance_days, transactions.build_balance_days, transactions.check_balance_days,
  transactions.books_to_snapshot from public;
grant execute on function transactions.mark_balance_days, transactions.build_balance_days, transactions.check_balance_days,
  transactions.books_to_snapshot to crossfoot_transactions;

-- Limits of an account's balance (debits less credits of all its lines) in one currency, in minor units.
alter table transactions.account
  add bounds_currency text check (bounds_currency ~ '^[A-Z]{3}$'),
  add balance_at_least bigint,
  add balance_at_most bigint,
  add constraint account_bounds check (
    (bounds_currency is null) = (balance_at_least is null and balance_at_most is null)
    and coalesce(balance_at_least <= balance_at_most, true));

-- The balance of an account that has bounds; no other account has a row that postings wait for.
create table transactions.bounded_balance (
  organisation_id text not null,
  account_id text not null,
  minor numeric not null,
  primary key (organisation_id, account_id),
  foreign key (organisation_id, account_id) references transactions.account
);
select kernel.tenant_table('transactions.bounded_balance', 'crossfoot_transactions');
revoke insert, update, delete, truncate on transactions.bounded_balance from crossfoot_transactions;

create function transactions.refuse_balance(code text, name text, minor numeric, currency text, lowest bigint, highest bigint)
returns void
language plpgsql
as $$
begin
  raise exception using errcode = 'CF409', hint = 'BALANCE_OUT_OF_BOUNDS',
    message = format('Account %s %s would stand at %s minor units %s, outside of %s to %s', code, name, minor, currency,
                     coalesce(lowest::text, 'any'), coalesce(highest::text, 'any'));
end $$;

-- Runs when an account gets other bounds. Its lock waits for the postings under way, which hold the account through
-- their foreign key; those that come later see the bounds.
create function transactions.bound_account() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  balance numeric;
begin
  if new.bounds_currency is null then
    delete from transactions.bounded_balance b where b.organisation_id = new.organisation_id and b.account_id = new.id;
    return new;
  end if;
  if new.currency <> new.bounds_currency then
    raise exception using errcode = 'CF422', hint = 'CURRENCY_MISMATCH',
      message = format('Account %s takes %s only, so that its bounds are not in %s', new.code, new.currency, new.bounds_currency);
  end if;
  perform 1 from transactions.account a where a.organisation_id = new.organisation_id and a.id = new.id for update;
  select coalesce(sum(case l.side when 'DEBIT' then l.minor else -l.minor end), 0) into balance
    from transactions.journal_line l
   where l.account_id = new.id and l.organisation_id = new.organisation_id and l.currency = new.bounds_currency;
  if balance < new.balance_at_least or balance > new.balance_at_most then
    perform transactions.refuse_balance(new.code, new.name, balance, new.bounds_currency, new.balance_at_least, new.balance_at_most);
  end if;
  insert into transactions.bounded_balance as b (organisation_id, account_id, minor) values (new.organisation_id, new.id, balance)
  on conflict (organisation_id, account_id) do update set minor = excluded.minor;
  return new;
end $$;
create trigger account_bounded after update of bounds_currency, balance_at_least, balance_at_most on transactions.account
  for each row when ((new.bounds_currency, new.balance_at_least, new.balance_at_most)
                     is distinct from (old.bounds_currency, old.balance_at_least, old.balance_at_most))
  execute function transactions.bound_account();
create trigger account_bounded_from_start after insert on transactions.account
  for each row when (new.bounds_currency is not null) execute function transactions.bound_account();

-- Runs after a statement that added lines: accounts with bounds stay within them. Accounts are taken in one order.
create function transactions.check_bounds() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  moved record;
  balance numeric;
begin
  for moved in
    select a.organisation_id, a.id, a.code, a.name, a.bounds_currency, a.balance_at_least, a.balance_at_most, l.minor
      from (select organisation_id, account_id, currency, sum(case side when 'DEBIT' then minor else -minor end) as minor
              from added group by 1, 2, 3) l
     cross join lateral (select * from transactions.account c
                          where c.organisation_id = l.organisation_id and c.id = l.account_id
                            and c.bounds_currency = l.currency offset 0) a
     order by a.id
  loop
    update transactions.bounded_balance b set minor = b.minor + moved.minor
     where b.organisation_id = moved.organisation_id and b.account_id = moved.id returning b.minor into balance;
    if balance is null or balance < moved.balance_at_least or balance > moved.balance_at_most then
      perform transactions.refuse_balance(moved.code, moved.name, coalesce(balance, 0), moved.bounds_currency, moved.balance_at_least,
                                          moved.balance_at_most);
    end if;
  end loop;
  return null;
end $$;
create trigger lines_bounded after insert on transactions.journal_line referencing new table as added
  for each statement execute function transactions.check_bounds();
