-- One chain of records for each organisation. Records come from kernel.audit_stage alone, through audit.seal.

-- What the first record of an organisation is chained to. chain.ts says the same in TypeScript.
create function audit.genesis_hash(organisation text) returns text
language sql stable parallel safe
as $$ select encode(sha256(convert_to(E'crossfoot.audit.chain\n' || organisation, 'UTF8')), 'hex') $$;

-- The hash of a record. chain.ts says the same in TypeScript, so that each record is hashed by two programs.
-- Stable, as convert_to is, or PostgreSQL could not write it into the check and would call it for each row.
create function audit.record_hash(previous_hash text, sequence bigint, record text) returns text
language sql stable parallel safe
as $$
  select encode(sha256(convert_to(
    E'crossfoot.audit.record\n' || previous_hash || E'\n' || sequence || E'\n' || record, 'UTF8')), 'hex')
$$;

create table audit.record (
  organisation_id text not null,
  -- Follows from the hash and is covered by it.
  id text not null generated always as ('aud_' || left(hash, 32)) stored,
  sequence bigint not null check (sequence > 0),
  -- For finding records only; verification compares both with the text of the record.
  command text not null,
  subject_id text not null,
  -- The text exactly as the command's transaction left it: hashes are checked over it, never over a rewriting of it.
  record text not null,
  previous_hash text not null check (previous_hash ~ '^[0-9a-f]{64}$'),
  hash text not null,
  primary key (organisation_id, id),
  unique (organisation_id, sequence),
  constraint record_hash check (hash = audit.record_hash(previous_hash, sequence, record))
);
create index record_of_subject on audit.record (organisation_id, subject_id, sequence);
create index record_of_command on audit.record (organisation_id, command, sequence);
select kernel.tenant_table('audit.record', 'crossfoot_audit');
select kernel.append_only('audit.record', 'crossfoot_audit');
revoke insert on audit.record from crossfoot_audit;

-- The newest record of each organisation.
create table audit.head (
  organisation_id text primary key,
  sequence bigint not null,
  hash text not null
);
select kernel.tenant_table('audit.head', 'crossfoot_audit');
revoke insert, update, delete on audit.head from crossfoot_audit;

-- Takes only records that go on exactly where the chain of their organisation ends, whoever inserts them.
create function audit.advance_head() returns trigger
language plpgsql
as $$
begin
  if exists (
    select 1 from (
      select a.sequence, a.previous_hash,
             coalesce(lag(a.sequence) over chain, h.sequence, 0) as last_sequence,
             coalesce(lag(a.hash) over chain, h.hash, audit.genesis_hash(a.organisation_id)) as last_hash
        from added a left join audit.head h on h.organisation_id = a.organisation_id
      window chain as (partition by a.organisation_id order by a.sequence)) as linked
     where linked.sequence <> linked.last_sequence + 1 or linked.previous_hash <> linked.last_hash) then
    raise exception using errcode = 'CF409', hint = 'STATE_CONFLICT',
      message = 'An audit record must follow the newest record of its organisation';
  end if;
  insert into audit.head (organisation_id, sequence, hash)
  select distinct on (a.organisation_id) a.organisation_id, a.sequence, a.hash
    from added a order by a.organisation_id, a.sequence desc
      on conflict (organisation_id) do update set sequence = excluded.sequence, hash = excluded.hash;
  return null;
end $$;
create trigger advance_head after insert on audit.record
  referencing new table as added for each statement execute function audit.advance_head();

-- The oldest staged rows of all organisations, each with the head of its chain; one sealer at a time gets them.
-- Rows of transactions that may still run, and all behind them, wait: a late commit is never passed over.
create function audit.staged(horizon xid8, batch int)
returns table (id bigint, organisation_id text, record text, head_sequence bigint, head_hash text)
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  perform pg_advisory_xact_lock(hashtext('crossfoot.audit.seal'));
  return query
    select s.id, s.organisation_id, s.record, h.sequence, h.hash
      from kernel.audit_stage s left join audit.head h on h.organisation_id = s.organisation_id
     where s.xid < horizon and s.xid < pg_snapshot_xmin(pg_current_snapshot())
     order by s.xid, s.id limit batch;
end $$;

-- Moves staged rows into the chains. The sealer gives places and hashes; the texts come from the stage itself, so that
-- whoever holds its role can neither make up a record nor lose one.
create function audit.seal(staged bigint[], sequences bigint[], previous_hashes text[], hashes text[],
                           commands text[], subject_ids text[]) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  sealed bigint;
begin
  with given as (
    select * from unnest(staged, sequences, previous_hashes, hashes, commands, subject_ids)
      as g(id, sequence, previous_hash, hash, command, subject_id)
  ), taken as (
    delete from kernel.audit_stage s using given g where s.id = g.id
    returning g.sequence, g.previous_hash, g.hash, g.command, g.subject_id, s.organisation_id, s.record
  )
  insert into audit.record (organisation_id, sequence, command, subject_id, record, previous_hash, hash)
  select t.organisation_id, t.sequence, t.command, t.subject_id, t.record, t.previous_hash, t.hash
    from taken t order by t.organisation_id, t.sequence;
  get diagnostics sealed = row_count;
  if sealed <> cardinality(staged) then
    raise exception 'Only % of % rows to seal are still staged', sealed, cardinality(staged);
  end if;
end $$;

revoke all on function audit.staged, audit.seal from public;
grant execute on function audit.staged, audit.seal to crossfoot_audit;
-- The stage is emptied by audit.seal alone.
revoke delete on kernel.audit_stage from crossfoot_audit;
