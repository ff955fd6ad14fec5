create table access.organisation (
  organisation_id text primary key,
  id text generated always as (organisation_id) stored,
  name text not null,
  created_at timestamptz not null
);
select kernel.tenant_table('access.organisation', 'crossfoot_access');

create table access.book (
  organisation_id text not null,
  id text not null,
  name text not null,
  legal_name text not null,
  tax_id text,
  country text not null check (country ~ '^[A-Z]{2}$'),
  base_currency text not null check (base_currency ~ '^[A-Z]{3}$'),
  fiscal_year_start_month int not null check (fiscal_year_start_month between 1 and 12),
  created_at timestamptz not null,
  primary key (organisation_id, id),
  unique (organisation_id, name),
  foreign key (organisation_id) references access.organisation
);
select kernel.tenant_table('access.book', 'crossfoot_access');

create table access.member (
  organisation_id text not null,
  id text not null,
  name text not null,
  email text not null,
  roles text[] not null,
  active boolean not null default true,
  created_at timestamptz not null,
  primary key (organisation_id, id),
  unique (organisation_id, email),
  foreign key (organisation_id) references access.organisation
);
select kernel.tenant_table('access.member', 'crossfoot_access');

create table access.api_key (
  organisation_id text not null,
  id text not null,
  member_id text not null,
  name text not null,
  prefix text not null,
  secret_hash text not null,
  scopes text[] not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null,
  primary key (organisation_id, id),
  foreign key (organisation_id, member_id) references access.member
);
create unique index api_key_secret on access.api_key (secret_hash);
select kernel.tenant_table('access.api_key', 'crossfoot_access');

-- A key names no organisation, so its look-up alone crosses them; it answers the one key whose full hash is given.
create function access.find_api_key(hash text)
returns table (organisation_id text, id text, member_id text, member_name text, scopes text[], member_roles text[],
               member_active boolean, expires_at timestamptz, revoked_at timestamptz)
language sql stable security definer set search_path = pg_catalog
as $$
  select k.organisation_id, k.id, k.member_id, m.name, k.scopes, m.roles, m.active, k.expires_at, k.revoked_at
    from access.api_key k join access.member m on m.organisation_id = k.organisation_id and m.id = k.member_id
   where k.secret_hash = hash
$$;
revoke all on function access.find_api_key from public;
grant execute on function access.find_api_key to crossfoot_access;
