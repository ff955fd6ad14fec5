-- Closes a command that was sent as one statement: what only that statement knows is filled into the blanks that its
-- memory, its events and its audit row hold in its place, the first blank by the first text told, and so on.
create function kernel.finish_at_once(entry text, events text, record text, blank text, told text[]) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  mark text;
  fill text;
begin
  for place in 1 .. cardinality(told) loop
    mark := '"' || blank || place || '"';
    fill := to_json(told[place])::text;
    entry := replace(entry, mark, fill);
    events := replace(events, mark, fill);
    record := replace(record, mark, fill);
  end loop;
  perform kernel.finish_command(entry::jsonb, events::jsonb, array[record]);
end $$;

revoke all on function kernel.finish_at_once from public;
grant execute on function kernel.finish_at_once to crossfoot_subgraph;
