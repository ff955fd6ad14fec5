-- Closing a command again, with a list for each column of its events: nothing is taken apart that was put together.
drop function kernel.finish_command;

-- Closes a command: its memory, its events and its audit rows in one statement. The facts of the events are joined by
-- the record separator, which JSON never holds as it is.
-- The organisation is the transaction's own; a platform command leaves its memory under 'platform'.
create function kernel.finish_command(
  memory_organisation text, command_key text, command text, input_hash text, result jsonb, at timestamptz,
  types text[], books text[], subjects text[], facts text, records text[]
) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  organisation text := kernel.organisation();
  actor text := coalesce(current_setting('crossfoot.actor', true), '');
begin
  if organisation is null then
    raise exception 'finish_command needs an organisation';
  end if;
  insert into kernel.command_log (organisation_id, key, command, input_hash, result, occurred_at)
  values (memory_organisation, command_key, command, input_hash, result, at);
  insert into kernel.outbox (organisation_id, book_id, type, subject_id, facts, actor_id, occurred_at)
  select organisation, e.book, e.type, e.subject, e.facts::jsonb, actor, at
    from unnest(types, books, subjects, string_to_array(facts, E'\x1e'))
         with ordinality as e(type, book, subject, facts, position)
   order by position;
  insert into kernel.audit_stage (organisation_id, record)
  select organisation, r from unnest(records) with ordinality as list(r, position) order by position;
end $$;

-- Closes a command that was sent as one statement: what only that statement knows is filled into the blanks that its
-- memory, its events and its audit row hold in its place, the first blank by the first text told, and so on.
create function kernel.finish_at_once(
  memory_organisation text, command_key text, command text, input_hash text, result text, at timestamptz,
  types text[], books text[], subjects text[], facts text, record text, blank text, told text[]
) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  mark text;
  fill text;
begin
  for place in 1 .. cardinality(told) loop
    mark := '"' || blank || place || '"';
    fill := to_json(told[place])::text;
    result := replace(result, mark, fill);
    facts := replace(facts, mark, fill);
    record := replace(record, mark, fill);
  end loop;
  perform kernel.finish_command(memory_organisation, command_key, command, input_hash, result::jsonb, at,
                                types, books, subjects, facts, array[record]);
end $$;

revoke all on function kernel.finish_command, kernel.finish_at_once from public;
grant execute on function kernel.finish_command, kernel.finish_at_once to crossfoot_subgraph;
