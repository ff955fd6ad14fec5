import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import pg from 'pg';
import { z } from 'zod';
import type { Actor } from '#kernel/actor';
import { command } from '#kernel/command';
import { roleUrl } from '#kernel/database';
import { newId } from '#kernel/ids';
import { sleep } from '#kernel/sleep';
import { openWorkbench, type Workbench } from '../../test/support/workbench.ts';
import { recordHash } from './chain.ts';
import { audit } from './subgraph.ts';
import { verifyInstallation } from './verify-installation.ts';

let bench: Workbench;
/** Each test has an organisation of its own, and so a chain of its own. */
let ana: Actor;

beforeAll(async () => {
  bench = await openWorkbench([audit]);
});
afterAll(() => bench.close());
beforeEach(() => {
  ana = bench.actor('Ana', ['OWNER'], newId('org'));
});

const note = command({
  name: 'note',
  description: 'Leaves audit rows of the given subjects; of none, the one every command leaves.',
  scope: 'transactions:write',
  input: z.object({ subjects: z.array(z.string()).default([]), value: z.string().default('one') }),
  async run(transaction, { subjects, value }) {
    for (const subjectId of subjects) {
      transaction.audit({ subjectType: 'Thing', subjectId, before: { value: 'none' }, after: { value } });
    }
    return {};
  },
});

/** Runs the command as often as told and waits until the sealer has sealed its rows. */
async function noted(count: number, actor = ana): Promise<void> {
  for (let index = 1; index <= count; index += 1) {
    await bench.door('audit').run(note, { subjects: [`thing_${index}`], value: String(index) }, { actor });
  }
  await sealedUpTo(count, actor);
}

async function sealedUpTo(count: number, actor = ana): Promise<void> {
  while ((await sequences(actor)).length < count) await sleep(5);
}

async function sequences(actor = ana): Promise<number[]> {
  const found = await bench.owner.query<{ sequence: string }>(
    'select sequence from audit.record where organisation_id = $1 order by sequence',
    [actor.organisationId],
  );
  return found.rows.map((row) => Number(row.sequence));
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

interface Verification {
  valid: boolean;
  records: number;
  headHash: string;
  firstBroken: number | null;
  problem: string | null;
}

async function verify(expectedHead?: { sequence: number; hash: string }, actor = ana): Promise<Verification> {
  const data = await bench.query<{ verifyAudit: Verification }>(
    'audit',
    `query ($expectedHead: AuditHeadInput) {
       verifyAudit(expectedHead: $expectedHead) { valid records headHash firstBroken problem } }`,
    { actor, variables: { expectedHead } },
  );
  return data.verifyAudit;
}

const ownerUrl = (): string => String(bench.owner.options.connectionString);

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

/** What a database administrator can do who takes all guards away and puts them back. */
async function tamper(sql: string): Promise<void> {
  const text = sql.replaceAll('$org', pg.escapeLiteral(ana.organisationId));
  await bench.owner.query(`
    begin;
    alter table audit.record disable trigger all, drop constraint record_hash;
    ${text};
    alter table audit.record enable trigger all, add constraint record_hash
      check (hash = audit.record_hash(previous_hash, sequence, record)) not valid;
    commit`);
}

const page = `edges { node { sequence occurredAt actorName actorKind actor { id } command subjectType subjectId source
  before after record hash previousHash } } pageInfo { endCursor hasNextPage } totalCount`;

interface Page {
  edges: { node: Record<string, unknown> & { sequence: number; record: string; previousHash: string } }[];
  pageInfo: { endCursor: string; hasNextPage: boolean };
  totalCount: number;
}

async function auditRecords(args = '', actor = ana): Promise<Page> {
  const data = await bench.query<{ auditRecords: Page }>('audit', `{ auditRecords${args} { ${page} } }`, {
    actor,
  });
  return data.auditRecords;
}

test('every command leaves a sealed record of who did what to which thing', async () => {
  await noted(1);
  const { edges } = await auditRecords();
  expect(edges).toHaveLength(1);
  const { node } = edges[0]!;
  expect(node).toMatchObject({
    sequence: 1,
    actorName: 'Ana',
    actorKind: 'member',
    actor: { id: 'mem_ana' },
    command: 'note',
    subjectType: 'Thing',
    subjectId: 'thing_1',
    source: 'api',
    before: '{"value":"none"}',
    after: '{"value":"1"}',
  });
  expect(node['hash']).toBe(recordHash(node.previousHash, 1, node.record));
});

test('a command that notes nothing leaves a record, one that is undone or repeated leaves none', async () => {
  await bench.door('audit').run(note, {}, { actor: ana, dryRun: true });
  await bench.door('audit').run(note, {}, { actor: ana, idempotencyKey: 'once' });
  await bench.door('audit').run(note, {}, { actor: ana, idempotencyKey: 'once' });
  await sealedUpTo(1);
  await bench.door('audit').run(note, { subjects: ['last'] }, { actor: ana });
  await sealedUpTo(2);
  const { edges } = await auditRecords('(oldestFirst: true)');
  expect(edges.map(({ node }) => [node['subjectType'], node['subjectId'], node['after']])).toEqual([
    ['command', 'note', null],
    ['Thing', 'last', '{"value":"one"}'],
  ]);
});

test('what the platform did itself has no person', async () => {
  const actor: Actor = { ...ana, kind: 'system', id: 'ledger', name: 'ledger', memberId: undefined };
  await noted(1, actor);
  const { edges } = await auditRecords();
  expect(edges[0]?.node).toMatchObject({ actor: null, actorKind: 'system', actorName: 'ledger' });
});

test('records are listed newest first, in pages, by subject and by command', async () => {
  await noted(5);
  const first = await auditRecords('(first: 2)');
  expect(first.edges.map(({ node }) => node.sequence)).toEqual([5, 4]);
  expect(first.totalCount).toBe(5);
  const next = await auditRecords(`(first: 3, after: "${first.pageInfo.endCursor}")`);
  expect(next.edges.map(({ node }) => node.sequence)).toEqual([3, 2, 1]);
  expect(next.pageInfo.hasNextPage).toBe(false);
  const oldest = await auditRecords('(first: 2, oldestFirst: true)');
  const after = await auditRecords(`(oldestFirst: true, after: "${oldest.pageInfo.endCursor}")`);
  expect([...oldest.edges, ...after.edges].map(({ node }) => node.sequence)).toEqual(upTo(5));
  expect((await auditRecords('(subjectId: "thing_4")')).edges.map(({ node }) => node.sequence)).toEqual([4]);
  expect((await auditRecords('(command: "note")')).totalCount).toBe(5);
  expect((await auditRecords('(command: "other")')).edges).toEqual([]);
});

test('a journal entry and an approval request show their trail', async () => {
  await bench.door('audit').run(note, { subjects: ['je_1', 'apr_1', 'je_1'] }, { actor: ana });
  await sealedUpTo(3);
  const data = await bench.query<{ _entities: { auditTrail: { sequence: number }[] }[] }>(
    'audit',
    `{ _entities(representations: [{ __typename: "JournalEntry", id: "je_1" }, { __typename: "ApprovalRequest", id: "apr_1" },
         { __typename: "JournalEntry", id: "je_2" }]) {
         ... on JournalEntry { auditTrail { sequence } } ... on ApprovalRequest { auditTrail { sequence } } } }`,
    { actor: ana },
  );
  const trails = data._entities.map(({ auditTrail }) => auditTrail.map(({ sequence }) => sequence));
  expect(trails).toEqual([[1, 3], [2], []]);
});

test('nobody reads or verifies the audit log without the right', async () => {
  const actor = { ...ana, scopes: [] };
  await expect(auditRecords('', actor)).rejects.toThrow('scope');
  await expect(verify(undefined, actor)).rejects.toThrow('scope');
});

test('an organisation sees and verifies its own chain only', async () => {
  await noted(2);
  const other = bench.actor('Otto', ['OWNER'], newId('org'));
  expect(await auditRecords('', other)).toMatchObject({ edges: [], totalCount: 0 });
  expect(await verify(undefined, other)).toMatchObject({ valid: true, records: 0 });
  await noted(1, other);
  expect((await auditRecords('', other)).edges.map(({ node }) => node.sequence)).toEqual([1]);
  expect(await verify()).toMatchObject({ valid: true, records: 2 });
});

test('verification seals what was committed, where no sealer runs', async () => {
  const { background: _none, ...unattended } = audit;
  const alone = await openWorkbench([unattended]);
  await alone.door('audit').run(note, { subjects: ['a', 'b'] });
  // Transactions of other databases of the server may hold the horizon back for a moment.
  for (let records = 0; records < 2;) {
    const data = await alone.query<{ verifyAudit: Verification }>(
      'audit',
      '{ verifyAudit { valid records } }',
    );
    expect(data.verifyAudit.valid).toBe(true);
    records = data.verifyAudit.records;
  }
  await alone.close();
});

test('many writers of several organisations get chains without gaps', async () => {
  const actors = upTo(4).map(() => bench.actor('Ana', ['OWNER'], newId('org')));
  await Promise.all(
    upTo(20).map(async (writer) => {
      for (const value of upTo(10)) {
        const actor = actors[(writer + value) % actors.length]!;
        await bench.door('audit').run(note, { subjects: [`w${writer}`, `v${value}`] }, { actor });
      }
    }),
  );
  for (const actor of actors) {
    await sealedUpTo(100, actor);
    expect(await sequences(actor)).toEqual(upTo(100));
    expect(await verify(undefined, actor)).toMatchObject({ valid: true, records: 100, problem: null });
  }
});

test('a transaction that takes long is not passed over', async () => {
  const slow = await connect(ownerUrl());
  await slow.query('begin');
  await slow.query('insert into kernel.audit_stage (organisation_id, record) values ($1, $2)', [
    ana.organisationId,
    JSON.stringify({ command: 'slow', subjectId: 'thing_slow' }),
  ]);
  await bench.door('audit').run(note, {}, { actor: ana });
  expect(await verify()).toMatchObject({ valid: true, records: 0 });
  await slow.query('commit');
  await slow.end();
  await sealedUpTo(2);
  const found = await bench.owner.query(
    'select command from audit.record where organisation_id = $1 order by sequence',
    [ana.organisationId],
  );
  expect(found.rows.map((row: { command: string }) => row.command)).toEqual(['slow', 'note']);
});

test('a sealer that dies between commit and seal loses nothing and seals nothing twice', async () => {
  const blocker = await connect(ownerUrl());
  await blocker.query('begin; lock table audit.record in share row exclusive mode');
  for (const value of ['1', '2', '3']) await bench.door('audit').run(note, { value }, { actor: ana });
  for (let killed = 0; killed < 2;) {
    const answer = await bench.owner.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query like '%audit.seal(%'`,
    );
    killed += answer.rowCount ?? 0;
    await sleep(5);
  }
  expect(await sequences()).toEqual([]);
  await blocker.query('commit');
  await blocker.end();
  await sealedUpTo(3);
  expect(await verify()).toMatchObject({ valid: true, records: 3 });
});

test('a row that holds what PostgreSQL cannot index is sealed like any other', async () => {
  const nasty = `a\0b${'x'.repeat(9000)}`;
  await bench.door('audit').run(note, { subjects: [nasty], value: '\0' }, { actor: ana });
  await bench.owner.query('insert into kernel.audit_stage (organisation_id, record) values ($1, $2)', [
    ana.organisationId,
    '{"no":"record of a command"}',
  ]);
  await bench.door('audit').run(note, {}, { actor: ana });
  await sealedUpTo(3);
  expect(await verify()).toMatchObject({ valid: true, records: 3 });
});

const tamperings = [
  [
    'a changed record',
    "update audit.record set record = replace(record, 'Ana', 'Eva') where organisation_id = $org and sequence = 3",
    3,
  ],
  [
    'a changed record with a fitting hash',
    `update audit.record set record = 'x', hash = audit.record_hash(previous_hash, sequence, 'x'), command = '', subject_id = ''
      where organisation_id = $org and sequence = 3`,
    4,
  ],
  [
    'a record filed under another subject',
    "update audit.record set subject_id = 'z' where organisation_id = $org and sequence = 2",
    2,
  ],
  ['a removed record', 'delete from audit.record where organisation_id = $org and sequence = 2', 2],
  [
    'a removed record with the rest moved up',
    `delete from audit.record where organisation_id = $org and sequence = 2;
     update audit.record set sequence = sequence + 50 where organisation_id = $org and sequence > 2;
     update audit.record set sequence = sequence - 51 where organisation_id = $org and sequence > 50`,
    2,
  ],
  ['a removed end', 'delete from audit.record where organisation_id = $org and sequence > 3', 4],
  ['a forged head', "update audit.head set hash = repeat('0', 64) where organisation_id = $org", 5],
  ['a removed head', 'delete from audit.head where organisation_id = $org', 1],
  [
    'swapped records',
    `update audit.record set sequence = 100 where organisation_id = $org and sequence = 2;
     update audit.record set sequence = 2 where organisation_id = $org and sequence = 4;
     update audit.record set sequence = 4 where organisation_id = $org and sequence = 100`,
    2,
  ],
] as const;

test.each(tamperings)(
  '%s is found, though the database owner took all guards away',
  async (_name, sql, broken) => {
    await noted(5);
    await tamper(sql);
    const found = await verify();
    expect(found).toMatchObject({ valid: false, firstBroken: broken });
    const all = await verifyInstallation(ownerUrl());
    expect(all.find((one) => one.organisationId === ana.organisationId)).toMatchObject({
      valid: false,
      firstBroken: broken,
      problem: found.problem,
    });
  },
);

test('a log cut off at its end together with its head is found by who kept a head', async () => {
  await noted(3);
  const before = await verify();
  const kept = { sequence: before.records, hash: before.headHash };
  await bench.door('audit').run(note, {}, { actor: ana });
  await sealedUpTo(4);
  expect(await verify(kept)).toMatchObject({ valid: true, records: 4 });
  await tamper(`delete from audit.record where organisation_id = $org and sequence > 2;
    update audit.head h set sequence = 2, hash = r.hash from audit.record r
     where h.organisation_id = $org and r.organisation_id = $org and r.sequence = 2`);
  expect(await verify()).toMatchObject({ valid: true, records: 2 });
  expect(await verify(kept)).toMatchObject({ valid: false, records: 2, firstBroken: 3 });
  expect(await verify({ ...kept, sequence: 2 })).toMatchObject({ valid: false, firstBroken: 2 });
  await expect(verify({ sequence: 3, hash: 'nothing' })).rejects.toThrow('expectedHead');
});

test('an organisation whose whole log vanished is found by verifying the installation', async () => {
  const raise = command({
    name: 'raise',
    description: 'Raises an event.',
    scope: 'transactions:write',
    input: z.object({}),
    async run(transaction) {
      transaction.emit({ type: 'member.changed', subjectId: 'mem_1', facts: {} });
      return {};
    },
  });
  await bench.door('audit').run(raise, {}, { actor: ana });
  await sealedUpTo(1);
  const ofAna = async () =>
    (await verifyInstallation(ownerUrl())).find((one) => one.organisationId === ana.organisationId);
  expect(await ofAna()).toMatchObject({ valid: true, records: 1, unsealed: 0 });
  await tamper(
    'delete from audit.record where organisation_id = $org; delete from audit.head where organisation_id = $org',
  );
  expect(await ofAna()).toMatchObject({ valid: false, records: 0, firstBroken: 1 });
});

test('records and heads cannot be changed, removed or made up, by the owner or by the role of the subgraph', async () => {
  await noted(2);
  const org = pg.escapeLiteral(ana.organisationId);
  const hash = "repeat('0', 64)";
  const changes = [
    `update audit.record set record = 'x' where organisation_id = ${org}`,
    `delete from audit.record where organisation_id = ${org}`,
    'truncate audit.record',
  ];
  for (const sql of changes) {
    await expect(bench.owner.query(sql)).rejects.toMatchObject({ code: 'CF403' });
  }
  const astray = `insert into audit.record (organisation_id, sequence, command, subject_id, record, previous_hash, hash)
    values (${org}, 3, '', '', 'x', ${hash}, audit.record_hash(${hash}, 3, 'x'))`;
  await expect(bench.owner.query(astray)).rejects.toMatchObject({ code: 'CF409' });
  const database = { ownerUrl: ownerUrl(), secret: inject('secret') };
  const role = await connect(roleUrl(database, 'audit'));
  await role.query("select set_config('crossfoot.organisation', $1, false)", [ana.organisationId]);
  expect((await role.query('select 1 from audit.record')).rowCount).toBe(2);
  const refused = [
    ...changes,
    astray,
    `update audit.head set sequence = 0`,
    'delete from audit.head',
    'delete from kernel.audit_stage',
    "insert into kernel.audit_stage (organisation_id, record) values ('org_x', '{}')",
  ];
  for (const sql of refused) {
    await expect(role.query(sql)).rejects.toMatchObject({ code: '42501' });
  }
  await role.end();
});

test('the role of the subgraph can seal what is staged only, only in its place, and only with its hash', async () => {
  await noted(1);
  const slow = await connect(ownerUrl());
  // While this transaction runs nothing behind it is sealed, so that the row below stays staged.
  await slow.query('begin; select pg_current_xact_id()');
  await bench.door('audit').run(note, {}, { actor: ana });
  const staged = await bench.owner.query<{ id: string; record: string }>(
    'select id, record from kernel.audit_stage where organisation_id = $1',
    [ana.organisationId],
  );
  const { id, record } = staged.rows[0]!;
  const head = (await auditRecords()).edges[0]!.node;
  const previous = String(head['hash']);
  const database = { ownerUrl: ownerUrl(), secret: inject('secret') };
  const role = await connect(roleUrl(database, 'audit'));
  const seal = (row: { id: string; sequence: number; previous: string; hash: string }) =>
    role.query(
      'select audit.seal($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[])',
      [[row.id], [row.sequence], [row.previous], [row.hash], ['note'], ['note']],
    );
  const right = { id, sequence: 2, previous, hash: recordHash(previous, 2, record) };
  await expect(seal({ ...right, id: '0' })).rejects.toThrow('still staged');
  await expect(seal({ ...right, hash: recordHash(previous, 2, 'x') })).rejects.toMatchObject({
    code: '23514',
  });
  const skipping = { ...right, sequence: 3, hash: recordHash(previous, 3, record) };
  await expect(seal(skipping)).rejects.toMatchObject({ code: 'CF409' });
  const astray = { ...right, previous: right.hash, hash: recordHash(right.hash, 2, record) };
  await expect(seal(astray)).rejects.toMatchObject({ code: 'CF409' });
  await seal(right);
  await role.end();
  await slow.query('commit');
  await slow.end();
  expect(await verify()).toMatchObject({ valid: true, records: 2 });
});
