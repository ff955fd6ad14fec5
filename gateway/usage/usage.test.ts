import { buildSchema, getOperationAST, parse, type OperationDefinitionNode } from 'graphql';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '#kernel/actor';
import { createLog } from '#kernel/log';
import { createTestDatabase } from '../../test/support/database.ts';
import { createAdmission, type Admit } from '../operations/admission.ts';
import { profileOf } from './coordinates.ts';
import { recordUsage, type UsageRecorder } from './usage.ts';
import { usageStore, type UsageBatch, type UsageStore } from './usage-store.ts';

const schema = buildSchema(`
  type Query { thing(id: ID!, kind: Kind): Thing things(filter: Filter): [Thing!] old: Int @deprecated(reason: "2026-01-01") }
  type Mutation { make(input: Make!): Thing }
  type Thing { id: ID! name: String size: Int @deprecated(reason: "2026-01-01") thing: Thing }
  enum Kind { A B @deprecated(reason: "2026-01-01") }
  input Filter { kind: Kind text: String any: [Filter!] }
  input Make { name: String! kind: Kind }
`);

function profile(text: string, name?: string) {
  const document = parse(text);
  return profileOf(schema, {
    document,
    operation: getOperationAST(document, name) as OperationDefinitionNode,
  });
}

describe('an operation touches', () => {
  test.each([
    ['{ thing(id: 1) { name } }', ['Query.thing', 'Query.thing(id:)', 'Thing.name']],
    [
      'query ($kind: Kind) { thing(id: 1, kind: $kind) { id } }',
      ['Kind', 'Query.thing', 'Query.thing(id:)', 'Query.thing(kind:)', 'Thing.id'],
    ],
    [
      '{ things(filter: { any: [{ kind: B }] }) { ...F } } fragment F on Thing { thing { size } }',
      [
        'Filter.any',
        'Filter.kind',
        'Kind.B',
        'Query.things',
        'Query.things(filter:)',
        'Thing.size',
        'Thing.thing',
      ],
    ],
    [
      'mutation ($input: Make!) { make(input: $input) { __typename } }',
      ['Kind', 'Make', 'Mutation.make', 'Mutation.make(input:)'],
    ],
    ['{ nothing thing(id: 1) { nothing } }', ['Query.thing', 'Query.thing(id:)']],
  ])('%s', (text, coordinates) => {
    expect(profile(text).coordinates).toEqual(coordinates);
  });

  test('what is deprecated, said apart', () => {
    const { deprecated } = profile('{ old thing(id: 1, kind: B) { name size } }');
    expect(deprecated).toEqual(['Kind.B', 'Query.old', 'Thing.size']);
  });

  test('only its own fields in a document of several', () => {
    const text = 'query A { old } query B { things { ...F } } fragment F on Thing { id }';
    expect(profile(text, 'B').coordinates).toEqual(['Query.things', 'Thing.id']);
  });
});

test('operations that differ in values only are one, and no value is kept', () => {
  const asked = (id: string, text: string) =>
    profile(`{ thing(id: ${id}) { name } things(filter: { text: "${text}" }) { id } }`);
  expect(asked('1', 'secret')).toEqual(asked('22', 'another'));
  expect(JSON.stringify(asked('1', 'secret'))).not.toContain('secret');
  expect(profile('{ thing(id: 1) { id } }').hash).not.toBe(profile('{ thing(id: 1) { name } }').hash);
});

describe('recorded usage', () => {
  let bench: Awaited<ReturnType<typeof createTestDatabase>>;
  const running: { stop(): Promise<void> }[] = [];
  beforeAll(async () => {
    bench = await createTestDatabase();
  });
  afterEach(async () => {
    for (const one of running.splice(0).toReversed()) await one.stop();
    await bench.owner.query('truncate gateway.usage, gateway.operation');
  });
  afterAll(() => bench.drop());

  const actor = {
    kind: 'member',
    id: 'mem_1',
    name: 'Ana',
    organisationId: 'org_1',
    scopes: [],
    source: 'api',
  } as Actor;

  interface Gateway {
    readonly recorder: UsageRecorder;
    readonly registry: Registry;
    readonly send: (query: string, client?: string) => void;
  }

  function gateway(store: UsageStore = stored()): Gateway {
    const registry = new Registry();
    const recorder = recordUsage({
      store,
      schema: () => schema,
      registry,
      log: createLog('silent', 'usage'),
    });
    running.push(recorder);
    const admit: Admit = createAdmission(schema, { gates: [recorder.gate] });
    return {
      recorder,
      registry,
      send: (query, client = 'web') =>
        void admit({ query }, { actor, client: { name: client, version: '1' } }),
    };
  }

  function stored(): UsageStore {
    const store = usageStore(bench.database);
    running.push(store);
    return store;
  }

  const read = async (client?: string) =>
    (await stored().read({ days: 30, client })).map(({ client: by, name, count }) => [by, name, count]);

  test('of several gateways adds up', async () => {
    const [one, two] = [gateway(), gateway()];
    for (const sender of [one, one, two]) sender.send('query Named { things { id } }');
    two.send('query Named { things { id } }', 'mobile');
    await Promise.all([one.recorder.flush(), two.recorder.flush()]);
    one.send('query Named { things { id } }');
    await one.recorder.stop();
    expect(await read()).toEqual([
      ['web', 'Named', 4],
      ['mobile', 'Named', 1],
    ]);
    expect(await read('mobile')).toEqual([['mobile', 'Named', 1]]);
  });

  test('names the fields and when they were used last', async () => {
    const before = Date.now() - 1;
    const { send, recorder } = gateway();
    send('{ thing(id: 1) { size } }');
    await recorder.flush();
    const [use] = await stored().read({ days: 1 });
    expect(use?.coordinates).toEqual(['Query.thing', 'Query.thing(id:)', 'Thing.size']);
    expect(use?.lastUsedAt.getTime()).toBeGreaterThanOrEqual(before);
  });

  test('outlives a database that is away for a while', async () => {
    const real = stored();
    const batches: UsageBatch[] = [];
    let away = true;
    const store: UsageStore = {
      ...real,
      async add(batch) {
        batches.push(batch);
        if (away) throw new Error('away');
        await real.add(batch);
      },
    };
    const { send, recorder } = gateway(store);
    send('query Kept { old }');
    await recorder.flush();
    send('query Kept { old }');
    expect(await read()).toEqual([]);
    away = false;
    await recorder.flush();
    await recorder.flush();
    expect(batches).toHaveLength(2);
    expect(await read()).toEqual([['web', 'Kept', 2]]);
  });

  test('does not grow without end for a caller who makes up operations', async () => {
    const batches: UsageBatch[] = [];
    const store = { ...stored(), add: async (batch: UsageBatch) => void batches.push(batch) };
    const { send, recorder } = gateway(store);
    for (let index = 0; index < 10_050; index += 1) send('{ old }', `client ${index}`);
    await recorder.flush();
    expect(batches[0]?.counts).toHaveLength(10_000);
  });

  test('is forgotten after its time', async () => {
    await bench.owner.query(
      `insert into gateway.operation values ('h', 'Old', 'query', '{}');
       insert into gateway.usage values (current_date - 500, 'web', '1', 'h', 5, now())`,
    );
    const { send, recorder } = gateway();
    send('{ old }');
    await recorder.flush();
    const { rows } = await bench.owner.query('select name from gateway.operation');
    expect(rows).toEqual([{ name: '' }]);
  });

  test('of what is deprecated is a figure by field and client, with an end to the number of clients', async () => {
    const { send, registry } = gateway();
    send('{ old }');
    send('{ old things { id } }');
    for (let index = 0; index < 300; index += 1) send('{ old }', `client ${index}`);
    const text = await registry.metrics();
    expect(text).toContain('crossfoot_deprecated_field_uses_total{field="Query.old",client="web"} 2');
    expect(text).toContain('crossfoot_deprecated_field_uses_total{field="Query.old",client="other"} 101');
  });

  test('is nothing that the gateway role could mix with rows of organisations', async () => {
    const { rows } = await bench.owner.query(
      `select count(*)::int as reached from pg_namespace n
        where n.nspname in ('kernel', 'access', 'transactions', 'audit')
          and has_schema_privilege('crossfoot_gateway', n.nspname, 'usage')`,
    );
    expect(rows).toEqual([{ reached: 0 }]);
  });
});
