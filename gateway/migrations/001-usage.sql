-- Who still uses what: counts for each day, and which parts of the schema an operation touches. No texts and no
-- variables, which could hold what belongs to an organisation, and no organisation.

create table gateway.operation (
  hash text primary key,
  name text not null,
  type text not null check (type in ('query', 'mutation', 'subscription')),
  coordinates text[] not null
);

create table gateway.usage (
  day date not null,
  client text not null,
  client_version text not null,
  hash text not null,
  count bigint not null check (count > 0),
  last_used_at timestamptz not null,
  primary key (day, client, client_version, hash)
);

grant select, insert, update, delete on gateway.operation, gateway.usage to crossfoot_gateway;
