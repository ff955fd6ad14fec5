-- The books. What must always hold is kept by the database itself, whoever writes: every entry balances in each
-- currency, arrives whole in one statement, uses active accounts of its own book, stays out of closed periods, carries
-- the next number, and is never changed or removed.

-- Only primary keys begin with the organisation here. Until a table has statistics, a look-up by (organisation, id) may
-- take any index that begins with the organisation and walk through all of its rows; foreign keys keep such a plan.

create table transactions.account (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  code text not null check (code ~ '^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$'),
  name text not null check (name <> ''),
  type text not null check (type in ('ASSET', 'LIABILITY', 'EQUITY', 'INCOME', 'EXPENSE')),
  active boolean not null default true,
  -- The only currency the account takes; null takes any.
  currency text check (currency ~ '^[A-Z]{3}$'),
  created_at timestamptz not null,
  primary key (organisation_id, id),
  unique (book_id, code, organisation_id),
  foreign key (organisation_id, book_id) references transactions.book
);
select kernel.tenant_table('transactions.account', 'crossfoot_transactions');

-- An account keeps its book, code, type and currency for good: lines already posted rest on them.
create function transactions.keep_account() returns trigger
language plpgsql
as $$
begin
  if tg_op <> 'UPDATE' or (new.organisation_id, new.id, new.book_id, new.code, new.type)
     is distinct from (old.organisation_id, old.id, old.book_id, old.code, old.type)
     or (new.currency is distinct from old.currency) then
    raise exception using errcode = 'CF409', hint = 'STATE_CONFLICT',
      message = 'An account keeps its book, code, type and currency and is never removed; make it inactive instead';
  end if;
  return new;
end $$;
create trigger account_kept before update or delete on transactions.account
  for each row execute function transactions.keep_account();
create trigger account_table_kept before truncate on transactions.account
  for each statement execute function transactions.keep_account();

create table transactions.period (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  starts_on date not null,
  ends_on date not null,
  -- SOFT_CLOSED still takes entries made by hand and reversals; LOCKED takes nothing.
  status text not null check (status in ('OPEN', 'SOFT_CLOSED', 'LOCKED')),
  changed_at timestamptz not null,
  primary key (organisation_id, id),
  unique (book_id, starts_on, organisation_id),
  foreign key (organisation_id, book_id) references transactions.book,
  check (starts_on <= ends_on)
);
select kernel.tenant_table('transactions.period', 'crossfoot_transactions');

-- Two periods of a book share no day. The lock on the book also waits for the postings under way, which hold it
-- through their foreign key, so that no entry slips into a period while it is being closed.
create function transactions.check_period() returns trigger
language plpgsql
as $$
declare
  other record;
begin
  perform 1 from transactions.book b where b.organisation_id = new.organisation_id and b.id = new.book_id for update;
  select p.starts_on, p.ends_on into other from transactions.period p
   where p.organisation_id = new.organisation_id and p.book_id = new.book_id and p.id <> new.id
     and p.starts_on <= new.ends_on and p.ends_on >= new.starts_on limit 1;
  if found then
    raise exception using errcode = 'CF409', hint = 'PERIOD_OVERLAPS',
      message = format('The days %s to %s overlap the period %s to %s', new.starts_on, new.ends_on,
                       other.starts_on, other.ends_on);
  end if;
  return new;
end $$;
create trigger period_checked before insert or update on transactions.period
  for each row execute function transactions.check_period();

-- The last number given in a book and year. Its row is locked from the posting statement to the commit: numbers have
-- no gaps because a rolled-back posting gives its number back, at the price of one posting at a time per book and year.
create table transactions.entry_counter (
  organisation_id text not null,
  book_id text not null,
  year int not null,
  last bigint not null,
  primary key (organisation_id, book_id, year),
  foreign key (organisation_id, book_id) references transactions.book
);
select kernel.tenant_table('transactions.entry_counter', 'crossfoot_transactions');

-- The number of an entry as people quote it: JE-2026-000001.
create function transactions.entry_number(year int, sequence bigint) returns text
language sql immutable parallel safe
return 'JE-' || year::text || '-' || lpad(sequence::text, greatest(6, length(sequence::text)), '0');

create table transactions.journal_entry (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  year int not null generated always as (extract(year from posted_on)::int) stored,
  sequence bigint not null check (sequence > 0),
  number text not null generated always as
    (transactions.entry_number(extract(year from posted_on)::int, sequence)) stored,
  kind text not null check (kind in ('DOCUMENT', 'PAYMENT', 'BANK', 'MANUAL', 'REVERSAL', 'OPENING')),
  posted_on date not null,
  description text not null,
  vendor_id text,
  document_id text,
  draft_id text,
  match_id text,
  statement_line_id text,
  reversal_of text,
  posted_by text,
  posted_at timestamptz not null,
  primary key (organisation_id, id),
  foreign key (organisation_id, book_id) references transactions.book,
  foreign key (organisation_id, reversal_of) references transactions.journal_entry,
  check ((kind = 'REVERSAL') = (reversal_of is not null)),
  check (reversal_of <> id)
);
create unique index journal_entry_number on transactions.journal_entry ((book_id || ' ' || number), organisation_id);
create unique index journal_entry_reversal on transactions.journal_entry (reversal_of, organisation_id)
  where reversal_of is not null;
create unique index journal_entry_of_draft on transactions.journal_entry (draft_id, organisation_id)
  where draft_id is not null;
create index journal_entry_by_day on transactions.journal_entry (book_id, posted_on, id);
create index journal_entry_of_document on transactions.journal_entry (document_id) where document_id is not null;
create index journal_entry_of_match on transactions.journal_entry (match_id) where match_id is not null;
create index journal_entry_of_statement_line on transactions.journal_entry (statement_line_id)
  where statement_line_id is not null;
select kernel.tenant_table('transactions.journal_entry', 'crossfoot_transactions');
select kernel.append_only('transactions.journal_entry', 'crossfoot_transactions');

create table transactions.journal_line (
  organisation_id text not null,
  journal_entry_id text not null,
  position int not null check (position > 0),
  account_id text not null,
  side text not null check (side in ('DEBIT', 'CREDIT')),
  minor bigint not null check (minor > 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  memo text,
  primary key (organisation_id, journal_entry_id, position),
  foreign key (organisation_id, journal_entry_id) references transactions.journal_entry,
  foreign key (organisation_id, account_id) references transactions.account
);
create index journal_line_of_account on transactions.journal_line (account_id, organisation_id);
select kernel.tenant_table('transactions.journal_line', 'crossfoot_transactions');
select kernel.append_only('transactions.journal_line', 'crossfoot_transactions');

-- Runs after a statement that added entries: outside closed periods, whole, on active accounts of the book, numbered
-- without a gap, mirrored when reversals. Its owner runs it, so that its look-ups are not widened by the tenant policies;
-- every one names the organisation itself. It sees what the statement added anywhere, so an
-- entry and its lines must come in one statement.
create function transactions.check_entries() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  bad record;
begin
  select p.starts_on, p.ends_on, p.status, e.posted_on into bad
    from added e join transactions.period p
      on p.organisation_id = e.organisation_id and p.book_id = e.book_id
     and e.posted_on between p.starts_on and p.ends_on
   where p.status = 'LOCKED' or (p.status = 'SOFT_CLOSED' and e.kind not in ('MANUAL', 'REVERSAL')) limit 1;
  if found then
    raise exception using errcode = 'CF409', hint = 'PERIOD_CLOSED',
      message = format('%s lies in the period %s to %s, which is %s', bad.posted_on, bad.starts_on, bad.ends_on,
                       case bad.status when 'LOCKED' then 'locked' else 'closed for automatic postings' end);
  end if;

  select e.id into bad from added e
   where (select count(*) from transactions.journal_line l
           where l.organisation_id = e.organisation_id and l.journal_entry_id = e.id) < 2 limit 1;
  if found then
    raise exception using errcode = 'CF422', hint = 'ENTRY_TOO_SMALL',
      message = 'A journal entry needs at least two lines, in the statement that adds it';
  end if;

  -- "offset 0" keeps each look-up one by key, whatever the planner believes of the size of the tables.
  select a.code, a.active, a.currency, a.book_id = u.book_id as own, u.currency as given into bad
    from (select e.organisation_id, e.book_id, l.account_id, l.currency, bool_and(e.kind = 'REVERSAL') as reversal
            from added e cross join lateral
                 (select j.account_id, j.currency from transactions.journal_line j
                   where j.organisation_id = e.organisation_id and j.journal_entry_id = e.id offset 0) l
           group by 1, 2, 3, 4) u
   cross join lateral
         (select c.code, c.active, c.currency, c.book_id from transactions.account c
           where c.organisation_id = u.organisation_id and c.id = u.account_id offset 0) a
   where a.book_id <> u.book_id or not (a.active or u.reversal) or a.currency <> u.currency limit 1;
  if found then
    raise exception using errcode = 'CF422',
      hint = case when not bad.own then 'ACCOUNT_UNKNOWN' when not bad.active then 'ACCOUNT_INACTIVE'
             else 'CURRENCY_MISMATCH' end,
      message = case when not bad.own then format('Account %s belongs to another book', bad.code)
                when not bad.active then format('Account %s is not active', bad.code)
                else format('Account %s takes %s only, not %s', bad.code, bad.currency, bad.given) end;
  end if;

  select n.book_id, n.year, n.first into bad
    from (select organisation_id, book_id, year, min(sequence) as first, max(sequence) as last, count(*) as entries
            from added group by organisation_id, book_id, year) n
   where n.last - n.first + 1 <> n.entries
      or (n.first > 1 and (
            select e.organisation_id from transactions.journal_entry e
             where e.book_id || ' ' || e.number = n.book_id || ' ' || transactions.entry_number(n.year, n.first - 1))
          is distinct from n.organisation_id) limit 1;
  if found then
    raise exception using errcode = 'CF409', hint = 'STATE_CONFLICT',
      message = format('Numbers of journal entries have no gaps; %s of %s does not follow its predecessor',
                       bad.first, bad.year);
  end if;

  perform 1 from added where reversal_of is not null limit 1;
  if found then
    perform transactions.check_reversal(organisation_id, id, book_id, reversal_of) from added
      where reversal_of is not null;
  end if;
  return null;
end $$;

-- A reversal is the original with debit and credit exchanged, in the same book; a reversal itself is not reversed.
create function transactions.check_reversal(organisation text, reversal text, book text, original text) returns void
language plpgsql
as $$
begin
  perform 1 from transactions.journal_entry e
    where e.organisation_id = organisation and e.id = original and e.book_id = book and e.reversal_of is null;
  if not found then
    raise exception using errcode = 'CF409', hint = 'STATE_CONFLICT',
      message = 'A reversal belongs to the book of its original, and a reversal itself is not reversed; post the entry anew';
  end if;
  perform 1 from
    (select account_id, case side when 'DEBIT' then 'CREDIT' else 'DEBIT' end as side, minor, currency, position
       from transactions.journal_line where organisation_id = organisation and journal_entry_id = original) o
    full join
    (select account_id, side, minor, currency, position
       from transactions.journal_line where organisation_id = organisation and journal_entry_id = reversal) r
    using (account_id, side, minor, currency, position)
   where o.position is null or r.position is null limit 1;
  if found then
    raise exception using errcode = 'CF422', hint = 'STATE_CONFLICT',
      message = 'A reversal has the lines of its original with debit and credit exchanged, nothing else';
  end if;
end $$;

-- Runs after a statement that added lines: debits equal credits per entry and currency, and no entry got lines before.
create function transactions.check_lines() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  bad record;
begin
  select currency, sum(minor) filter (where side = 'DEBIT') as debit, sum(minor) filter (where side = 'CREDIT') as credit
    into bad from added group by organisation_id, journal_entry_id, currency
  having sum(case side when 'DEBIT' then minor else -minor end) <> 0 limit 1;
  if found then
    raise exception using errcode = 'CF422', hint = 'ENTRY_UNBALANCED',
      message = format('Debits of %s and credits of %s minor units %s differ', coalesce(bad.debit, 0),
                       coalesce(bad.credit, 0), bad.currency);
  end if;

  perform 1 from (select organisation_id, journal_entry_id, count(*) as lines
                    from added group by organisation_id, journal_entry_id) n
   where n.lines <> (select count(*) from transactions.journal_line l
                      where l.organisation_id = n.organisation_id and l.journal_entry_id = n.journal_entry_id) limit 1;
  if found then
    raise exception using errcode = 'CF409', hint = 'STATE_CONFLICT',
      message = 'A journal entry gets all its lines in the statement that adds it; correct it by a reversal';
  end if;

  return null;
end $$;

create trigger entries_checked after insert on transactions.journal_entry referencing new table as added
  for each statement execute function transactions.check_entries();
create trigger lines_checked after insert on transactions.journal_line referencing new table as added
  for each statement execute function transactions.check_lines();

create table transactions.draft (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  status text not null check (status in ('PENDING_APPROVAL', 'APPROVED', 'POSTED', 'REJECTED')),
  document_id text,
  vendor_id text,
  description text not null,
  total_minor bigint not null,
  total_currency text not null,
  posted_on date not null,
  -- Raised by every change; an approval is good for the version it was given for.
  version int not null default 1 check (version > 0),
  -- In ten-thousandths: 10000 is certain.
  confidence int not null check (confidence between 0 and 10000),
  reasons text[] not null,
  rule_id text,
  approved_by text,
  journal_entry_id text,
  -- Why the books refused an approved draft, until they take it.
  refusal_code text,
  refusal_message text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (organisation_id, id),
  foreign key (organisation_id, book_id) references transactions.book,
  foreign key (organisation_id, journal_entry_id) references transactions.journal_entry,
  check ((status = 'POSTED') = (journal_entry_id is not null))
);
create unique index draft_of_document on transactions.draft (document_id, organisation_id) where document_id is not null;
create index draft_by_book on transactions.draft (book_id, status, id);
create index draft_of_entry on transactions.draft (journal_entry_id, organisation_id) where journal_entry_id is not null;
select kernel.tenant_table('transactions.draft', 'crossfoot_transactions');

-- Drafts are kept for good, and what became of one stays so.
create function transactions.keep_draft() returns trigger
language plpgsql
as $$
begin
  if tg_op <> 'UPDATE' or old.status in ('POSTED', 'REJECTED') then
    raise exception using errcode = 'CF409', hint = 'STATE_CONFLICT',
      message = 'Drafts are never removed, and a posted or rejected draft is never changed';
  end if;
  return new;
end $$;
create trigger draft_kept before update or delete on transactions.draft
  for each row execute function transactions.keep_draft();
create trigger draft_table_kept before truncate on transactions.draft
  for each statement execute function transactions.keep_draft();
revoke delete, truncate on transactions.draft from crossfoot_transactions;

create table transactions.draft_line (
  organisation_id text not null,
  draft_id text not null,
  position int not null check (position > 0),
  -- CONTENT is what was bought or sold, TAX its tax, CONTROL what is owed.
  role text not null check (role in ('CONTENT', 'TAX', 'CONTROL')),
  account_id text not null,
  side text not null check (side in ('DEBIT', 'CREDIT')),
  minor bigint not null check (minor > 0),
  currency text not null,
  memo text,
  primary key (organisation_id, draft_id, position),
  foreign key (organisation_id, draft_id) references transactions.draft,
  foreign key (organisation_id, account_id) references transactions.account
);

create function transactions.keep_draft_line() returns trigger
language plpgsql
as $$
begin
  if tg_op <> 'UPDATE' or exists (select 1 from transactions.draft d where d.organisation_id = old.organisation_id
                                     and d.id = old.draft_id and d.status in ('POSTED', 'REJECTED')) then
    raise exception using errcode = 'CF409', hint = 'STATE_CONFLICT',
      message = 'Lines of drafts are never removed, and those of a posted or rejected draft are never changed';
  end if;
  return new;
end $$;
create trigger draft_line_kept before update or delete on transactions.draft_line
  for each row execute function transactions.keep_draft_line();
create trigger draft_line_table_kept before truncate on transactions.draft_line
  for each statement execute function transactions.keep_draft_line();
create index draft_line_of_account on transactions.draft_line (account_id, organisation_id);
select kernel.tenant_table('transactions.draft_line', 'crossfoot_transactions');
revoke delete, truncate on transactions.draft_line from crossfoot_transactions;
