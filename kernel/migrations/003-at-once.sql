-- Closing a command again, with a list for each column of its events: nothing is taken apart that was put together.
drop function kernel.finish_command;

-- Closes a command: its memory, its events and its audit rows in one statement. The facts of the events are joined by
-- the record separator, which JSON never holds as it is. What only the statement knows that a command was sent as is
-- told to this function, and filled into the blanks that stand in its place: the first text told into the first blank.
-- The organisation is the transaction's own; a platform command leaves its memory under 'platform'.
create function kernel.finish_command(
  memory_organisation text, command_key text, command text, input_hash text, result text, at timestamptz,
  types text[], books text[], subjects text[], facts text, records text[],
  blank text default null, told text[] default '{}'
) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  organisation text := kernel.organisation();
  actor text := coalesce(current_setting('crossfoot.actor', true), '');
  mark text;
  fill text;
begin
  if organisation is null then
    raise exception 'finish_command needs an organisation';
  end if;
  for place in 1 .. cardinality(told) loop
    mark := '"' || blank || place || '"';
    fill := to_json(told[place])::text;
    result := replace(result, mark, fill);
    facts := replace(facts, mark, fill);
    for record in 1 .. cardinality(records) loop
      records[record] := replace(records[record], mark, fill);
    end loop;
  end loop;
  insert into kernel.command_log (organisation_id, key, command, input_hash, result, occurred_at)
  values (memory_organisation, command_key, command, input_hash, result::jsonb, at);
  insert into kernel.outbox (organisation_id, book_id, type, subject_id, facts, actor_id, occurred_at)
  select organisation, e.book, e.type, e.subject, e.facts::jsonb, actor, at
    from unnest(types, books, subjects, string_to_array(facts, E'\x1e'))
         with ordinality as e(type, book, subject, facts, position)
   order by position;
  insert into kernel.audit_stage (organisation_id, record)
  select organisation, r from unnest(records) with ordinality as list(r, position) order by position;
end $$;

revoke all on function kernel.finish_command from public;
grant execute on function kernel.finish_command to crossfoot_subgraph;
