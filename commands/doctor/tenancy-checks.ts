import { roleLogin, roleNames } from '#kernel/database';
import { subgraphNames } from '#kernel/config';
import { firstOf, problemsOf, type Check, type Finding, type Patient } from './check.ts';
import { migrationFiles } from './database-checks.ts';

/** Whether one organisation can see or change what is another's, and whether what stands for good can be changed. */
export const tenancyChecks: readonly Check[] = [
  {
    name: 'no role can pass by row-level security',
    remedy:
      'Take the attribute or membership from the role (alter role … nosuperuser nobypassrls nocreaterole).',
    examine: leastPrivilege,
  },
  {
    name: 'every table belongs to organisations, by row and by key',
    remedy:
      'Compare the table with its migration; run "select kernel.tenant_table(…)" for one that lost its policy.',
    examine: tenantTables,
  },
  {
    name: 'every guard of the database stands',
    remedy:
      'Create the trigger again as its migration does, or revoke the right; then look for what changed meanwhile.',
    examine: guards,
  },
];

async function leastPrivilege({ query }: Patient): Promise<Finding> {
  const problems = await problemsOf(
    query,
    `select format('%s is a superuser', r.rolname) from pg_roles r where r.rolname = any ($1) and r.rolsuper
      union all
     select format('%s passes by row-level security', r.rolname) from pg_roles r
      where r.rolname = any ($1) and r.rolbypassrls
      union all
     select format('%s may make roles', r.rolname) from pg_roles r where r.rolname = any ($1) and r.rolcreaterole
      union all
     select format('%s is a member of %s, which is stronger', r.rolname, s.rolname)
       from pg_roles r join pg_roles s on s.oid <> r.oid and (s.rolsuper or s.rolbypassrls or s.rolcreaterole)
      where r.rolname = any ($1) and not r.rolsuper and pg_has_role(r.oid, s.oid, 'MEMBER')
      union all
     select format('%s owns %s, so its policy could be dropped', r.rolname, c.oid::regclass)
       from pg_class c join pg_roles r on r.oid = c.relowner join pg_namespace n on n.oid = c.relnamespace
      where r.rolname = any ($1) and n.nspname = any ($2)`,
    [
      ['crossfoot_subgraph', ...roleNames.map(roleLogin)],
      ['kernel', ...subgraphNames],
    ],
  );
  return { problems, seen: `${roleNames.length} roles` };
}

async function tenantTables({ query }: Patient): Promise<Finding> {
  const problems = await problemsOf(
    query,
    `with tenant as (
       select c.oid, c.oid::regclass as name, c.relrowsecurity, c.relforcerowsecurity, n.nspname <> 'kernel' as own
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p')
          and (n.nspname = any ($1) or n.nspname = 'kernel' and exists (
                 select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'organisation_id'))
     )
     select format('%s has no row-level security', name) from tenant where not relrowsecurity
      union all
     select format('%s does not force row-level security on its owner', name) from tenant where not relforcerowsecurity
      union all
     select format('%s has no policy', name) from tenant t
      where own and not exists (select 1 from pg_policy p where p.polrelid = t.oid)
      union all
     select format('the policy %s of %s does not ask for the organisation', p.polname, name)
       from tenant t join pg_policy p on p.polrelid = t.oid
      where own and p.polpermissive
        -- What the platform publishes for everybody is read by all organisations and written by none.
        and not (p.polcmd = 'r' and pg_get_expr(p.polqual, p.polrelid) = '(organisation_id = ''platform''::text)')
        and (pg_get_expr(p.polqual, p.polrelid) not like '%kernel.organisation()%'
             or pg_get_expr(p.polwithcheck, p.polrelid) not like '%kernel.organisation()%')
      union all
     select format('the primary key of %s does not begin with organisation_id', name) from tenant t
      where own and not exists (
        select 1 from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
         where i.indrelid = t.oid and i.indisprimary and a.attname = 'organisation_id')
      union all
     select format('%s is a view, which could show rows of every organisation', c.oid::regclass)
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('v', 'm') and n.nspname = any ($1)`,
    [subgraphNames],
  );
  const tables = await query<{ tables: number }>(
    `select count(*)::int as tables from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and n.nspname = any ($1)`,
    [subgraphNames],
  );
  return { problems, seen: `${tables[0]?.tables ?? 0} tables` };
}

interface Promised {
  /** `trigger on schema.table`. */
  readonly triggers: Set<string>;
  readonly appendOnly: Set<string>;
}

async function guards({ query }: Patient): Promise<Finding> {
  const promised = promisedGuards(migrationFiles().map(({ sql }) => sql));
  const found = await query<{ guard: string; enabled: boolean }>(
    `select t.tgname || ' on ' || n.nspname || '.' || c.relname as guard, t.tgenabled in ('O', 'A') as enabled
       from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
      where not t.tgisinternal`,
  );
  const enabled = new Map(found.map((one) => [one.guard, one.enabled]));
  const problems: string[] = [];
  for (const guard of promised.triggers) {
    if (!enabled.has(guard)) problems.push(`the trigger ${guard} is gone`);
    else if (!enabled.get(guard)) problems.push(`the trigger ${guard} is disabled`);
  }
  const rights = await query<{ problem: string }>(
    `select format('%s may %s rows of %s', r.rolname, lower(right_name), name) as problem
       from unnest($1::text[]) as name, pg_roles r, unnest(array['UPDATE', 'DELETE', 'TRUNCATE']) as right_name
      where to_regclass(name) is not null and r.rolname = any ($2)
        and has_table_privilege(r.oid, to_regclass(name), right_name)`,
    [[...promised.appendOnly], roleNames.map(roleLogin)],
  );
  problems.push(...rights.map((one) => one.problem));
  const seen = `${promised.triggers.size} triggers, ${promised.appendOnly.size} append-only tables`;
  return { problems: firstOf(problems), seen };
}

/** The triggers and append-only tables that the migrations leave behind, read from their own text. */
export function promisedGuards(migrations: readonly string[]): Promised {
  const promised: Promised = { triggers: new Set(), appendOnly: new Set() };
  const steps =
    /create\s+(?:or replace\s+)?(?:constraint\s+)?trigger\s+(?<made>\w+)[^;]*?\son\s+(?<on>\w+\.\w+)|drop\s+trigger\s+(?:if exists\s+)?(?<dropped>\w+)\s+on\s+(?<from>\w+\.\w+)|kernel\.append_only\('(?<kept>\w+\.\w+)'/gi;
  for (const sql of migrations) {
    for (const { groups = {} } of sql.replaceAll(/--.*$/gm, '').matchAll(steps)) {
      const { made, on, dropped, from, kept } = groups;
      if (made && on) promised.triggers.add(`${made} on ${on}`);
      if (dropped && from) promised.triggers.delete(`${dropped} on ${from}`);
      if (!kept) continue;
      promised.appendOnly.add(kept);
      for (const name of ['append_only_rows', 'append_only_table'])
        promised.triggers.add(`${name} on ${kept}`);
    }
  }
  return promised;
}
