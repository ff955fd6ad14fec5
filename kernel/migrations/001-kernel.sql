-- What every subgraph stands on: the tenant of the request, the outbox, the memory of commands,
-- the intake of the audit log and the positions of event consumers.

create schema kernel;

-- The organisation the running transaction works for. Null when nobody set it: every policy then hides every row.
create function kernel.organisation() returns text
language sql stable parallel safe
as $$ select nullif(current_setting('crossfoot.organisation', true), '') $$;

-- Makes a table a tenant table: row-level security forced, one policy on organisation_id, rights for the subgraph's role.
create function kernel.tenant_table(target regclass, application name) returns void
language plpgsql
as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format(
    'create policy tenant on %s using (organisation_id = (select kernel.organisation())) '
    'with check (organisation_id = (select kernel.organisation()))', target);
  execute format('grant select, insert, update, delete on %s to %I', target, application);
end $$;

create function kernel.refuse_change() returns trigger
language plpgsql
as $$
begin
  raise exception using
    errcode = 'CF403',
    message = format('%s of %s.%s is refused: rows of this table are never changed or removed',
                     tg_op, tg_table_schema, tg_table_name),
    hint = 'STATE_CONFLICT';
end $$;

-- Makes a table append-only for everybody, its owner included.
create function kernel.append_only(target regclass, application name) returns void
language plpgsql
as $$
begin
  execute format('create trigger append_only_rows before update or delete on %s '
                 'for each row execute function kernel.refuse_change()', target);
  execute format('create trigger append_only_table before truncate on %s '
                 'for each statement execute function kernel.refuse_change()', target);
  execute format('revoke update, delete, truncate on %s from %I', target, application);
end $$;

-- Events, in the transaction of the change they tell of. Readers take rows below the oldest running
-- transaction in the order (xid, id), so that a late commit is never passed over.
create table kernel.outbox (
  id bigint generated always as identity primary key,
  xid xid8 not null default pg_current_xact_id(),
  organisation_id text not null,
  book_id text,
  type text not null,
  subject_id text not null,
  facts jsonb not null,
  actor_id text not null,
  occurred_at timestamptz not null
);
create index outbox_order on kernel.outbox (xid, id);
create index outbox_of_organisation on kernel.outbox (organisation_id, type, xid, id);
alter table kernel.outbox enable row level security;
alter table kernel.outbox force row level security;
-- The relay alone reads across organisations; it writes nothing here.
create policy relay_reads on kernel.outbox for select to crossfoot_relay using (true);
grant select on kernel.outbox to crossfoot_relay;

-- Every keyed command and its result, for ever: a repeated key answers with the first result.
create table kernel.command_log (
  organisation_id text not null,
  key text not null,
  command text not null,
  input_hash text not null,
  result jsonb not null,
  occurred_at timestamptz not null,
  primary key (organisation_id, key)
);
alter table kernel.command_log enable row level security;
alter table kernel.command_log force row level security;

-- Audit rows wait here, in the transaction of their command, until the audit subgraph seals them.
create table kernel.audit_stage (
  id bigint generated always as identity primary key,
  xid xid8 not null default pg_current_xact_id(),
  organisation_id text not null,
  record text not null check (record is json object)
);
create index audit_stage_order on kernel.audit_stage (xid, id);
alter table kernel.audit_stage enable row level security;
alter table kernel.audit_stage force row level security;
create policy sealer_takes on kernel.audit_stage to crossfoot_audit using (true);
grant select, delete on kernel.audit_stage to crossfoot_audit;

create table kernel.consumer (
  name text primary key,
  xid xid8 not null,
  event_id bigint not null,
  updated_at timestamptz not null default now()
);
grant select, insert, update on kernel.consumer to crossfoot_relay;

-- Events a handler could not take; tried again with growing pauses, never dropped.
create table kernel.parked_event (
  consumer text not null,
  event_id bigint not null references kernel.outbox (id),
  attempts int not null,
  problem text not null,
  next_attempt_at timestamptz not null,
  primary key (consumer, event_id)
);
grant select, insert, update, delete on kernel.parked_event to crossfoot_relay;

-- Opens a command: sets who the transaction works for and answers the stored row of a repeated key.
create function kernel.begin_command(organisation text, actor text, command_key text) returns jsonb
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  known jsonb;
begin
  perform set_config('crossfoot.organisation', organisation, true), set_config('crossfoot.actor', actor, true);
  select jsonb_build_object('command', l.command, 'inputHash', l.input_hash, 'result', l.result) into known
    from kernel.command_log l where l.organisation_id = organisation and l.key = command_key;
  return known;
end $$;

-- Closes a command: its memory, its events and its audit rows in one statement.
-- The organisation is the transaction's own; a platform command leaves its memory under 'platform'.
create function kernel.finish_command(entry jsonb, events jsonb, records text[]) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  organisation text := kernel.organisation();
begin
  if organisation is null then
    raise exception 'finish_command needs an organisation';
  end if;
  insert into kernel.command_log (organisation_id, key, command, input_hash, result, occurred_at)
  values (entry->>'logOrganisation', entry->>'key', entry->>'command', entry->>'inputHash',
          entry->'result', (entry->>'occurredAt')::timestamptz);
  insert into kernel.outbox (organisation_id, book_id, type, subject_id, facts, actor_id, occurred_at)
  select organisation, e->>'bookId', e->>'type', e->>'subjectId', e->'facts',
         coalesce(current_setting('crossfoot.actor', true), ''), (entry->>'occurredAt')::timestamptz
    from jsonb_array_elements(events) with ordinality as list(e, position) order by position;
  insert into kernel.audit_stage (organisation_id, record)
  select organisation, r from unnest(records) with ordinality as list(r, position) order by position;
end $$;

revoke all on function kernel.begin_command, kernel.finish_command from public;
grant execute on function kernel.begin_command, kernel.finish_command to crossfoot_subgraph;
grant usage on schema kernel to crossfoot_subgraph, crossfoot_relay;
