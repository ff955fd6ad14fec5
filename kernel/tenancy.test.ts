import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../test/support/database.ts';

let bench: Awaited<ReturnType<typeof createTestDatabase>>;
beforeAll(async () => {
  bench = await createTestDatabase();
});
afterAll(() => bench.drop());

const query = async <Row extends object>(sql: string) => (await bench.owner.query<Row>(sql)).rows;

const tenantTables = `
  select c.oid, n.nspname || '.' || c.relname as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p') and n.nspname in
         ('kernel', 'access', 'vendors', 'transactions', 'reconciliation', 'approvals', 'audit', 'sync')
     and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'organisation_id')`;

test('every table with an organisation has row-level security enabled and forced', async () => {
  const open = await query<{ name: string }>(
    `select name from (${tenantTables}) t where not (enabled and forced)`,
  );
  expect(open).toEqual([]);
  expect((await query(tenantTables)).length).toBeGreaterThan(20);
});

test('every key of a tenant table carries the organisation, so that none tells of another', async () => {
  // These three are looked up before the organisation is known, or number rows of all of them.
  const exceptions = [
    'access.api_key.api_key_secret',
    'kernel.outbox.outbox_pkey',
    'kernel.audit_stage.audit_stage_pkey',
  ];
  const loose = await query<{ name: string }>(
    `select t.name || '.' || i.relname as name from (${tenantTables}) t
       join pg_index x on x.indrelid = t.oid and x.indisunique join pg_class i on i.oid = x.indexrelid
      where not exists (
        select 1 from pg_attribute a
         where a.attrelid = t.oid and a.attname = 'organisation_id' and a.attnum = any (x.indkey::int2[]))
      order by 1`,
  );
  expect(loose.map((row) => row.name).filter((name) => !exceptions.includes(name))).toEqual([]);
});

test('every foreign key between tenant tables carries the organisation', async () => {
  const loose = await query(
    `select c.conname from pg_constraint c join (${tenantTables}) t on t.oid = c.conrelid
      where c.contype = 'f' and not exists (
        select 1 from pg_attribute a where a.attrelid = c.conrelid and a.attnum = any (c.conkey) and a.attname = 'organisation_id')
        and c.conname not like 'parked_event%'`,
  );
  expect(loose).toEqual([]);
});

test('no role of a subgraph is superuser, passes by row-level security or owns a table', async () => {
  expect(
    await query(
      `select rolname from pg_roles where rolname like 'crossfoot\\_%' and (rolsuper or rolbypassrls or rolcreaterole)`,
    ),
  ).toEqual([]);
  expect(
    await query(
      `select c.relname from pg_class c join pg_roles r on r.oid = c.relowner join pg_namespace n on n.oid = c.relnamespace
        where r.rolname like 'crossfoot\\_%' and r.rolname <> 'crossfoot_jobs'`,
    ),
  ).toEqual([]);
});

test('a role reaches its own schema and the kernel, and no other', async () => {
  const foreign = await query(
    `select r.rolname, n.nspname from pg_roles r cross join pg_namespace n
      where r.rolname in ('crossfoot_access', 'crossfoot_vendors', 'crossfoot_transactions', 'crossfoot_reconciliation',
                          'crossfoot_approvals', 'crossfoot_audit', 'crossfoot_sync')
        and n.nspname in ('access', 'vendors', 'transactions', 'reconciliation', 'approvals', 'audit', 'sync', 'jobs')
        and r.rolname <> 'crossfoot_' || n.nspname and has_schema_privilege(r.rolname, n.nspname, 'usage')`,
  );
  expect(foreign).toEqual([]);
});

test('without an organisation a role sees no row', async () => {
  const client = await bench.owner.connect();
  try {
    await client.query('begin');
    await client.query("select set_config('crossfoot.organisation', 'org_a', true)");
    await client.query('set local role crossfoot_vendors');
    await client.query(
      `insert into vendors.vendor (organisation_id, id, name, status, payment_terms_days, created_at, updated_at)
       values ('org_a', 'ven_1', 'A', 'ACTIVE', 30, now(), now())`,
    );
    expect((await client.query('select 1 from vendors.vendor')).rowCount).toBe(1);
    for (const organisation of ['org_b', '']) {
      await client.query("select set_config('crossfoot.organisation', $1, true)", [organisation]);
      expect((await client.query('select 1 from vendors.vendor')).rowCount).toBe(0);
    }
    await expect(
      client.query(
        `insert into vendors.vendor (organisation_id, id, name, status, payment_terms_days, created_at, updated_at)
         values ('org_a', 'ven_2', 'A', 'ACTIVE', 30, now(), now())`,
      ),
    ).rejects.toThrow('row-level security');
  } finally {
    await client.query('rollback');
    client.release();
  }
});
