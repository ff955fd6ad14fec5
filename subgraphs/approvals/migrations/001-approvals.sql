-- The policy in force for a book is its newest; older ones stay, so that every request can name the one it followed.
create table approvals.approval_policy (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  name text not null,
  -- [{"level": 1, "above": [{"minor": "50000", "currency": "EUR"}]}, …], ascending
  levels jsonb not null check (jsonb_array_length(levels) between 1 and 5),
  four_eyes boolean not null,
  due_hours int not null check (due_hours between 1 and 720),
  active boolean not null,
  created_at timestamptz not null,
  primary key (organisation_id, id)
);
create unique index approval_policy_active on approvals.approval_policy (organisation_id, book_id) where active;
select kernel.tenant_table('approvals.approval_policy', 'crossfoot_approvals');

create table approvals.approval_request (
  organisation_id text not null,
  id text not null,
  book_id text not null,
  draft_id text not null,
  -- The version of the draft it asks about; an approval is good for no other.
  draft_version int not null check (draft_version > 0),
  policy_id text,
  status text not null check (status in ('PENDING', 'APPROVED', 'REJECTED', 'AUTO_APPROVED', 'CANCELLED')),
  total_minor bigint not null,
  total_currency text not null,
  summary text not null,
  -- Everybody who had a hand in the draft; none of them may decide.
  submitters text[] not null,
  submitted_by text,
  level int not null,
  levels int not null,
  four_eyes boolean not null,
  reason text not null,
  version int not null default 1,
  requested_at timestamptz not null,
  due_at timestamptz not null,
  decided_at timestamptz,
  primary key (organisation_id, id),
  unique (organisation_id, draft_id),
  foreign key (organisation_id, policy_id) references approvals.approval_policy
);
create index approval_request_of_book on approvals.approval_request (organisation_id, book_id, status, id);
select kernel.tenant_table('approvals.approval_request', 'crossfoot_approvals');

create table approvals.approval_decision (
  organisation_id text not null,
  id text not null,
  request_id text not null,
  -- Decisions on an earlier version of the draft stand here too, but count no more.
  version int not null,
  level int not null,
  verdict text not null check (verdict in ('APPROVE', 'REJECT')),
  comment text check (verdict = 'APPROVE' or comment is not null),
  member_id text not null,
  decided_at timestamptz not null,
  primary key (organisation_id, id),
  unique (organisation_id, request_id, version, level),
  foreign key (organisation_id, request_id) references approvals.approval_request
);
select kernel.tenant_table('approvals.approval_decision', 'crossfoot_approvals');
select kernel.append_only('approvals.approval_decision', 'crossfoot_approvals');

-- The rule of four eyes once more, where no code can pass it by.
create function approvals.guard_decision() returns trigger
language plpgsql
as $$
declare
  request approvals.approval_request;
begin
  select * into request from approvals.approval_request r
   where r.organisation_id = new.organisation_id and r.id = new.request_id;
  if new.member_id = any (request.submitters) then
    raise exception using errcode = 'CF403', hint = 'FOUR_EYES',
      message = 'You had a hand in this draft; somebody else must decide';
  end if;
  if request.four_eyes and exists (
    select 1 from approvals.approval_decision d
     where d.organisation_id = new.organisation_id and d.request_id = new.request_id
       and d.version = new.version and d.member_id = new.member_id) then
    raise exception using errcode = 'CF403', hint = 'FOUR_EYES',
      message = 'You decided an earlier level; another person must decide this one';
  end if;
  return new;
end $$;
create trigger guard_decision before insert on approvals.approval_decision
  for each row execute function approvals.guard_decision();
