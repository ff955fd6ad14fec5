-- How exceptions are dealt with: by when, by whom, on what evidence, and what is learned from it.

alter table reconciliation.exception drop constraint exception_reason_check;
alter table reconciliation.exception add constraint exception_reason_check check (reason in (
  'NO_CANDIDATE', 'AMBIGUOUS', 'AMOUNT_DIFFERS', 'DUPLICATE', 'RETURNED', 'FEE_UNKNOWN', 'FX_OUT_OF_BAND',
  'CLOSED_PERIOD', 'POSTING_REFUSED', 'STATEMENT_UNBALANCED', 'STATEMENT_GAP', 'STATEMENT_OVERLAP', 'CURRENCY_DIFFERS',
  'PENDING_CHANGED', 'BALANCE_DIFFERS', 'PAYMENT_REJECTED', 'PAYMENT_RETURNED', 'PAYMENT_UNCONFIRMED',
  'PAYOUT_INCOMPLETE', 'PAYOUT_MISSING', 'FEE_DIFFERS', 'FEED_FAILED'));

-- An exception concerns a line, a statement, or something else that is named by its type and id.
alter table reconciliation.exception alter column statement_id drop not null;
alter table reconciliation.exception
  add subject_type text,
  add subject_id text,
  add evidence jsonb not null default '{}',
  add due_at timestamptz,
  add escalated_at timestamptz,
  add escalated_to text,
  -- The rule that chose the owner.
  add assignment_rule_id text,
  add asked_at timestamptz,
  add follow_up_on date,
  add applied_proposal text,
  add constraint exception_has_subject check (statement_id is not null or subject_id is not null),
  add constraint exception_subject_whole check ((subject_type is null) = (subject_id is null)),
  add constraint exception_escalated_to_somebody check ((escalated_at is null) = (escalated_to is null)),
  add constraint exception_asked_until check ((asked_at is null) = (follow_up_on is null));

-- What was open before there were due times gets plain days.
update reconciliation.exception
   set due_at = raised_at + case severity when 'HIGH' then interval '1 day' when 'MEDIUM' then interval '3 days'
                                          else interval '7 days' end;
alter table reconciliation.exception alter column due_at set not null;

-- What it concerns, as one text: a line, a statement, or a subject for this reason. There is one open exception for each.
alter table reconciliation.exception
  add target text not null generated always as (coalesce(line_id, subject_id || ' ' || reason, statement_id)) stored;
drop index reconciliation.exception_open_line;
drop index reconciliation.exception_open_statement;
create unique index exception_open_target on reconciliation.exception (organisation_id, target) where status = 'OPEN';
create index exception_target on reconciliation.exception (organisation_id, target);
create index exception_due on reconciliation.exception (due_at) where status = 'OPEN' and escalated_at is null;
create index exception_book_due on reconciliation.exception (organisation_id, book_id, due_at, id);

-- How urgent what is, by when it is to be done, and who hears of it when it is not; one row for each book that says so.
create table reconciliation.exception_policy (
  organisation_id text not null,
  book_id text not null,
  version int not null check (version > 0),
  settings jsonb not null,
  escalate_to text,
  set_by text not null,
  set_at timestamptz not null,
  primary key (organisation_id, book_id)
);
select kernel.tenant_table('reconciliation.exception_policy', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.exception_policy');

create table reconciliation.assignment_rule (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  name text not null,
  priority int not null check (priority between 1 and 10000),
  condition text not null,
  owner_id text not null,
  created_by text not null,
  created_at timestamptz not null,
  retired_at timestamptz,
  primary key (organisation_id, id)
);
create unique index assignment_rule_name on reconciliation.assignment_rule (organisation_id, book_id, name)
  where retired_at is null;
create index assignment_rule_order on reconciliation.assignment_rule (organisation_id, book_id, priority, id);
select kernel.tenant_table('reconciliation.assignment_rule', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.assignment_rule');

create table reconciliation.exception_comment (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  exception_id text not null,
  kind text not null check (kind in ('COMMENT', 'QUESTION')),
  body text not null,
  author_id text not null,
  author_name text not null,
  written_at timestamptz not null,
  primary key (organisation_id, id),
  foreign key (organisation_id, exception_id) references reconciliation.exception
);
create index exception_comment_exception on reconciliation.exception_comment (organisation_id, exception_id, id);
select kernel.tenant_table('reconciliation.exception_comment', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.exception_comment');
select kernel.append_only('reconciliation.exception_comment', 'crossfoot_reconciliation');

-- What a book knows about a reason, for whoever meets it next.
create table reconciliation.reason_note (
  organisation_id text not null,
  book_id text not null,
  reason text not null,
  note text not null,
  written_by text not null,
  written_at timestamptz not null,
  primary key (organisation_id, book_id, reason)
);
select kernel.tenant_table('reconciliation.reason_note', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.reason_note');

-- Lines that answer to a key are booked to an account. A change makes a new version and retires the one before.
create table reconciliation.booking_rule (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  name text not null,
  -- What every line it takes has in common; kept through all versions.
  key text not null,
  version int not null check (version > 0),
  replaces_id text,
  account_code text not null,
  memo text,
  -- Beyond this amount a person decides.
  up_to_minor bigint not null check (up_to_minor > 0),
  currency text not null,
  -- The back-test on which it was accepted.
  tested_right int not null,
  tested_wrong int not null,
  tested_none int not null,
  accepted_by text not null,
  accepted_at timestamptz not null,
  retired_by text,
  retired_at timestamptz,
  primary key (organisation_id, id),
  unique (organisation_id, book_id, key, currency, version),
  foreign key (organisation_id, replaces_id) references reconciliation.booking_rule,
  check ((version = 1) = (replaces_id is null))
);
create unique index booking_rule_in_force on reconciliation.booking_rule (organisation_id, book_id, key, currency)
  where retired_at is null;
create index booking_rule_replaces on reconciliation.booking_rule (organisation_id, replaces_id);
select kernel.tenant_table('reconciliation.booking_rule', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.booking_rule');

-- What rules have booked. A line is never booked by rule twice: whoever takes it back has decided otherwise.
create table reconciliation.rule_booking (
  organisation_id text not null,
  line_id text not null,
  booking_rule_id text not null,
  book_id text not null,
  booked_at timestamptz not null,
  undone_at timestamptz,
  primary key (organisation_id, line_id),
  foreign key (organisation_id, line_id) references reconciliation.statement_line,
  foreign key (organisation_id, booking_rule_id) references reconciliation.booking_rule
);
create index rule_booking_rule on reconciliation.rule_booking (organisation_id, booking_rule_id, line_id);
select kernel.tenant_table('reconciliation.rule_booking', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.rule_booking');

-- However a booking comes to an end (reversed, refused), the mark of the rule ends with it.
create function reconciliation.end_rule_booking() returns trigger
language plpgsql
as $$
begin
  update reconciliation.rule_booking set undone_at = now()
   where organisation_id = old.organisation_id and line_id = old.id and undone_at is null;
  return null;
end $$;
create trigger end_rule_booking after update of status on reconciliation.statement_line
  for each row when (old.status = 'BOOKED' and new.status <> 'BOOKED')
  execute function reconciliation.end_rule_booking();

-- Proposals of rules that a person does not want to see again.
create table reconciliation.declined_rule_proposal (
  organisation_id text not null,
  book_id text not null,
  proposal_id text not null,
  declined_by text not null,
  declined_at timestamptz not null,
  primary key (organisation_id, book_id, proposal_id)
);
select kernel.tenant_table('reconciliation.declined_rule_proposal', 'crossfoot_reconciliation');
select kernel.book_table('reconciliation.declined_rule_proposal');

-- What people have booked, for finding what recurs.
create index statement_line_decided on reconciliation.statement_line (organisation_id, book_id, booked_on desc, id desc)
  where status in ('BOOKED', 'MATCHED');

-- Books in which something is overdue and somebody is to hear of it, of all organisations: for the job that escalates.
create function reconciliation.books_to_escalate() returns table (organisation_id text, book_id text)
language sql stable security definer set search_path = pg_catalog
as $$
  select distinct e.organisation_id, e.book_id
    from reconciliation.exception e
    join reconciliation.exception_policy p on p.organisation_id = e.organisation_id and p.book_id = e.book_id
   where e.status = 'OPEN' and e.escalated_at is null and e.due_at <= now() and p.escalate_to is not null
$$;
revoke all on function reconciliation.books_to_escalate from public;
grant execute on function reconciliation.books_to_escalate to crossfoot_reconciliation;
