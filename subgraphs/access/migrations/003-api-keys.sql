-- The view of the graph in which a key asks.
alter table access.api_key add column view text not null default 'INTERNAL' check (view in ('INTERNAL', 'PARTNER'));

-- What a key's operations may cost each second, where it has a limit of its own.
alter table access.api_key add column cost_per_second int check (cost_per_second > 0);

drop function access.find_api_key;
create function access.find_api_key(hash text)
returns table (organisation_id text, id text, member_id text, member_name text, scopes text[], view text, member_roles text[],
               member_active boolean, expires_at timestamptz, revoked_at timestamptz, cost_per_second int)
language sql stable security definer set search_path = pg_catalog
as $$
  select k.organisation_id, k.id, k.member_id, m.name, k.scopes, k.view, m.roles, m.active, k.expires_at, k.revoked_at,
         k.cost_per_second
    from access.api_key k join access.member m on m.organisation_id = k.organisation_id and m.id = k.member_id
   where k.secret_hash = hash
$$;
revoke all on function access.find_api_key from public;
grant execute on function access.find_api_key to crossfoot_access;
