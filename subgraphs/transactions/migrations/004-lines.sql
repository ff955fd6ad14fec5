-- What a posted line says beside its amount: its day, its value in the base currency with the rate that gave it, its
-- dimensions and its tax; and entries that are posted once however often they are sent.

alter table transactions.journal_line
  add posted_on date,
  -- The amount in the base currency of the book, on the side of the line. Null only on lines in other currencies that
  -- were posted before there were rates.
  add functional_minor bigint check (functional_minor >= 0),
  -- Units of the base currency for one unit of the line's currency; null for lines in the base currency.
  add rate numeric check (rate >= 0),
  add rate_source text check (rate_source in ('ECB', 'MANUAL', 'BANK', 'CARRIED', 'DERIVED')),
  add rate_on date,
  add rate_path text check (rate_path ~ '^[A-Z]{3}(>[A-Z]{3})+$'),
  -- Codes by dimension: {"costCentre": "CC1"}.
  add dimensions jsonb not null default '{}',
  add tax_code text check (tax_code <> ''),
  add tax_role text check (tax_role in ('BASE', 'TAX')),
  add constraint journal_line_rate check (
    (rate is null) = (rate_source is null) and (rate is null) = (rate_on is null) and (rate is null) = (rate_path is null)),
  add constraint journal_line_tax check ((tax_code is null) = (tax_role is null)),
  add constraint journal_line_dimensions check (dimensions = '{}' or (
    jsonb_typeof(dimensions) = 'object' and not jsonb_path_exists(dimensions, '$.* ? (@.type() <> "string" || @ == "")')));

alter table transactions.journal_entry
  -- Chosen by whoever posts; a repeated key with the same content answers the first entry.
  add idempotency_key text check (idempotency_key <> ''),
  add input_hash text,
  -- What the organisation itself wants to know of its entries, by name.
  add fields jsonb not null default '{}',
  add constraint journal_entry_once check ((idempotency_key is null) = (input_hash is null)),
  add constraint journal_entry_fields check (fields = '{}' or (
    jsonb_typeof(fields) = 'object' and not jsonb_path_exists(fields, '$.* ? (@.type() <> "string")'))),
  drop constraint journal_entry_kind_check,
  add constraint journal_entry_kind_check
    check (kind in ('DOCUMENT', 'PAYMENT', 'BANK', 'MANUAL', 'REVERSAL', 'OPENING', 'REVALUATION'));
create unique index journal_entry_idempotency on transactions.journal_entry (idempotency_key, book_id, organisation_id)
  where idempotency_key is not null;

-- The new columns of lines already posted are told by what stands beside them; nothing that was posted changes. The
-- owner may be an ordinary role, for whom the tenant policies would hide every row.
alter table transactions.journal_line disable trigger append_only_rows, no force row level security;
alter table transactions.journal_entry no force row level security;
alter table transactions.book no force row level security;
update transactions.journal_line l
   set posted_on = e.posted_on,
       functional_minor = case when l.currency = b.base_currency then l.minor end
  from transactions.journal_entry e
  join transactions.book b on b.organisation_id = e.organisation_id and b.id = e.book_id
 where e.organisation_id = l.organisation_id and e.id = l.journal_entry_id;
alter table transactions.book force row level security;
alter table transactions.journal_entry force row level security;
alter table transactions.journal_line enable trigger append_only_rows, force row level security,
  alter posted_on set not null;

create index journal_line_of_account_by_day on transactions.journal_line (account_id, posted_on);
drop index transactions.journal_line_of_account;
-- Most lines have no dimensions and stay out of it: a query says `dimensions <> '{}'` beside what it looks for.
create index journal_line_dimensions on transactions.journal_line using gin (dimensions jsonb_path_ops)
  where dimensions <> '{}';

-- As before, and of the lines: the day of their entry, and the value in the base currency.
create or replace function transactions.check_entries() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  bad record;
begin
  select p.starts_on, p.ends_on, p.status, e.posted_on into bad
    from added e join transactions.period p
      on p.organisation_id = e.organisation_id and p.book_id = e.book_id
     and e.posted_on between p.starts_on and p.ends_on
   where p.status = 'LOCKED' or (p.status = 'SOFT_CLOSED' and e.kind not in ('MANUAL', 'REVERSAL', 'REVALUATION')) limit 1;
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
  select a.code, a.active, a.currency, a.book_id = u.book_id as own, u.currency as given, u.misdated, u.misvalued,
         u.unrated, u.base_currency into bad
    from (select e.organisation_id, e.book_id, b.base_currency, l.account_id, l.currency,
                 bool_and(e.kind = 'REVERSAL') as reversal,
                 bool_or(l.posted_on <> e.posted_on) as misdated,
                 bool_or(l.currency = b.base_currency and (l.functional_minor <> l.minor or l.rate is not null)) as misvalued,
                 bool_or(l.currency <> b.base_currency and l.rate is null) as unrated
            from added e
           cross join lateral
                 (select k.base_currency from transactions.book k
                   where k.organisation_id = e.organisation_id and k.id = e.book_id offset 0) b
           cross join lateral
                 (select j.account_id, j.currency, j.posted_on, j.minor, j.functional_minor, j.rate
                    from transactions.journal_line j
                   where j.organisation_id = e.organisation_id and j.journal_entry_id = e.id offset 0) l
           group by 1, 2, 3, 4, 5) u
   cross join lateral
         (select c.code, c.active, c.currency, c.book_id from transactions.account c
           where c.organisation_id = u.organisation_id and c.id = u.account_id offset 0) a
   where a.book_id <> u.book_id or not (a.active or u.reversal) or a.currency <> u.currency
      or u.misdated or u.misvalued or u.unrated limit 1;
  if found then
    raise exception using errcode = 'CF422',
      hint = case when not bad.own then 'ACCOUNT_UNKNOWN' when bad.misdated then 'STATE_CONFLICT'
             when bad.misvalued then 'ENTRY_UNBALANCED' when bad.unrated then 'RATE_MISSING'
             when bad.currency <> bad.given then 'CURRENCY_MISMATCH' else 'ACCOUNT_INACTIVE' end,
      message = case when not bad.own then format('Account %s belongs to another book', bad.code)
                when bad.misdated then 'A line has the day of its entry'
                when bad.misvalued then format('A line in the base currency %s is worth its own amount and has no rate',
                                               bad.base_currency)
                when bad.unrated then format('A line in %s says the rate at which it is worth %s', bad.given,
                                             bad.base_currency)
                when bad.currency <> bad.given
                  then format('Account %s takes %s only, not %s', bad.code, bad.currency, bad.given)
                else format('Account %s is not active', bad.code) end;
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

-- A reversal is the original with debit and credit exchanged, in the same book, worth the same in the base currency,
-- in the same dimensions and of the same tax; a reversal itself is not reversed.
create or replace function transactions.check_reversal(organisation text, reversal text, book text, original text) returns void
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
    (select * from transactions.journal_line where organisation_id = organisation and journal_entry_id = original) o
    full join
    (select * from transactions.journal_line where organisation_id = organisation and journal_entry_id = reversal) r
    using (position)
   where o.account_id is distinct from r.account_id or o.side is not distinct from r.side
      or o.minor is distinct from r.minor or o.currency is distinct from r.currency
      or (o.functional_minor is not null and o.functional_minor is distinct from r.functional_minor)
      or o.dimensions is distinct from r.dimensions
      or o.tax_code is distinct from r.tax_code or o.tax_role is distinct from r.tax_role limit 1;
  if found then
    raise exception using errcode = 'CF422', hint = 'STATE_CONFLICT',
      message = 'A reversal has the lines of its original with debit and credit exchanged, nothing else';
  end if;
end $$;

-- Debits equal credits per entry and currency, and per entry in the base currency; no entry got lines before.
create or replace function transactions.check_lines() returns trigger
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

  select n.unvalued, n.difference into bad
    from (select organisation_id, journal_entry_id, count(*) as lines, bool_or(functional_minor is null) as unvalued,
                 sum(case side when 'DEBIT' then functional_minor else -functional_minor end) as difference
            from added group by organisation_id, journal_entry_id) n
   where n.unvalued or n.difference <> 0
      or n.lines <> (select count(*) from transactions.journal_line l
                      where l.organisation_id = n.organisation_id and l.journal_entry_id = n.journal_entry_id) limit 1;
  if found then
    if bad.unvalued then
      raise exception using errcode = 'CF422', hint = 'RATE_MISSING',
        message = 'Every line says what it is worth in the base currency of its book';
    elsif bad.difference <> 0 then
      raise exception using errcode = 'CF422', hint = 'ENTRY_UNBALANCED',
        message = format('Debits and credits differ by %s minor units of the base currency', abs(bad.difference));
    end if;
    raise exception using errcode = 'CF409', hint = 'STATE_CONFLICT',
      message = 'A journal entry gets all its lines in the statement that adds it; correct it by a reversal';
  end if;

  return null;
end $$;
