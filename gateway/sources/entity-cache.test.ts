import type { ExecutionResult } from 'graphql';
import { expect, test } from 'vitest';
import type { Actor } from '#kernel/actor';
import type { DomainEvent, EventType } from '#kernel/events';
import type { SubgraphRequest } from '#kernel/subgraph-request';
import { createEntityCache } from './entity-cache.ts';
import { createEpochs } from './epochs.ts';
import type { SubgraphSource } from './subgraph-source.ts';

const actor: Actor = {
  kind: 'member',
  id: 'mem_1',
  name: 'Ana',
  organisationId: 'org_1',
  scopes: ['vendors:read'],
  source: 'api',
};
const step = 'query Q__vendors__1($r:[_Any!]!){_entities(representations:$r){...on Vendor{name status}}}';

/** Vendors in a Map behind the cache, with every id that was asked for. */
function vendors(options: { capacityBytes?: number } = {}) {
  const names = new Map(Array.from({ length: 50 }, (_, index) => [`ven_${index}`, `Vendor ${index}`]));
  const asked: string[][] = [];
  const looked: [number, number][] = [];
  const epochs = createEpochs();
  let time = 0;
  const inner: SubgraphSource & { before: () => void | Promise<void>; after: () => void | Promise<void> } = {
    before: () => undefined,
    after: () => undefined,
    async execute({ query, variables }: SubgraphRequest): Promise<ExecutionResult> {
      if (query.startsWith('mutation')) {
        await inner.before();
        return { data: { done: true } };
      }
      const list = (Object.values(variables ?? {})[0] ?? []) as { id: string }[];
      asked.push(list.map(({ id }) => id));
      await inner.before();
      const data = {
        _entities: list.map(({ id }) => (names.has(id) ? { name: names.get(id), status: 'ACTIVE' } : null)),
      };
      await inner.after();
      return { data };
    },
    render: () => Promise.resolve([]),
    ready: async () => true,
  };
  const cache = createEntityCache({
    capacityBytes: options.capacityBytes ?? 1024 * 1024,
    epochs,
    now: () => time,
    looked: (known, missing) => looked.push([known, missing]),
  });
  const source = cache.over('vendors', inner);
  const ask = async (
    ids: readonly string[],
    change: Partial<SubgraphRequest> = {},
  ): Promise<(string | null)[]> => {
    const r = ids.map((id) => ({ __typename: 'Vendor', id }));
    const answer = await source.execute({ query: step, variables: { r }, actor, ...change });
    const entities = answer.data?.['_entities'] as ({ name: string } | null)[];
    return entities.map((one) => one?.name ?? null);
  };
  const notice = (type: EventType, subjectId: string, organisationId = 'org_1'): void => {
    epochs.raise(organisationId);
    cache.noticed({ type, subjectId, organisationId } as DomainEvent);
  };
  const write = (change: Partial<SubgraphRequest> = {}) =>
    source.execute({ query: 'mutation { a }', actor, ...change });
  return {
    names,
    asked,
    looked,
    epochs,
    inner,
    cache,
    source,
    ask,
    notice,
    write,
    wait: (ms: number) => (time += ms),
  };
}

const ids = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `ven_${from + index}`);

test('a fetch for 25 entities of which 20 are known asks for 5, and answers all in their order', async () => {
  const { ask, asked, looked } = vendors();
  await ask(ids(0, 20));
  expect(await ask(ids(0, 25).toReversed())).toEqual(
    ids(0, 25)
      .toReversed()
      .map((id) => id.replace('ven_', 'Vendor ')),
  );
  expect(asked[1]).toEqual(ids(20, 25).toReversed());
  expect(looked).toEqual([
    [0, 20],
    [20, 5],
  ]);
  await ask(ids(0, 25));
  expect(asked).toHaveLength(2);
});

test('what a reader does to its answer stays its own', async () => {
  const { source, ask } = vendors();
  const request = { query: step, variables: { r: [{ __typename: 'Vendor', id: 'ven_1' }] }, actor };
  for (let time = 0; time < 2; time += 1) {
    const answer = await source.execute(request);
    const entities = answer.data?.['_entities'] as { name: string }[];
    expect(entities).toMatchObject([{ name: 'Vendor 1' }]);
    for (const entity of entities) entity.name = 'changed';
  }
  expect(await ask(['ven_1'])).toEqual(['Vendor 1']);
});

test('what is not there is asked for again', async () => {
  const { ask, asked, names } = vendors();
  expect(await ask(['ven_x'])).toEqual([null]);
  names.set('ven_x', 'New');
  expect(await ask(['ven_x'])).toEqual(['New']);
  expect(asked).toHaveLength(2);
});

test.each<[string, Partial<SubgraphRequest>]>([
  ['another organisation', { actor: { ...actor, organisationId: 'org_2' } }],
  ['other rights', { actor: { ...actor, scopes: ['vendors:read', 'access:read'] } }],
  ['another view of the graph', { actor: { ...actor, view: 'partner' } }],
  ['other fields', { query: step.replace('name', 'name country') }],
  ['other names of fields', { query: step.replace('status', 'name2: status') }],
])('%s gets an answer of its own', async (_what, change) => {
  const { ask, asked } = vendors();
  await ask(['ven_1']);
  await ask(['ven_1'], change);
  expect(asked).toHaveLength(2);
});

test('somebody else with the same rights gets what is known', async () => {
  const { ask, asked } = vendors();
  await ask(['ven_1']);
  await ask(['ven_1'], { actor: { ...actor, id: 'mem_2', name: 'Ben', traceId: 'x' } });
  expect(asked).toHaveLength(1);
});

test.each([
  ['further fields of the root', step.replace('}}}', '}}vendors{id}}')],
  ['a field that is not kept', step.replace('status', 'aliases{name}')],
  ['an argument', step.replace('status', 'status(at:1)')],
  ['a directive', step.replace('status', 'status @include(if:true)')],
  ['another type', step.replace('Vendor', 'Draft')],
  ['a second variable', step.replace('$r:', '$x:Int,$r:')],
  ['a fragment of its own', step.replace('{name status}', '{...F}') + ' fragment F on Vendor{name status}'],
])('%s is always asked', async (_what, query) => {
  const { ask, asked } = vendors();
  await ask(['ven_1'], { query });
  await ask(['ven_1'], { query });
  expect(asked).toHaveLength(2);
});

test('an entity found by more than its id is always asked', async () => {
  const { source, asked } = vendors();
  const request = {
    query: step,
    variables: { r: [{ __typename: 'Vendor', id: 'ven_1', country: 'DE' }] },
    actor,
  };
  await source.execute(request);
  await source.execute(request);
  expect(asked).toHaveLength(2);
});

test('an event of an entity makes it be asked again, and no other', async () => {
  const { ask, asked, names, notice } = vendors();
  await ask(['ven_1', 'ven_2']);
  names.set('ven_1', 'Renamed');
  notice('vendor.changed', 'ven_1');
  expect(await ask(['ven_1', 'ven_2'])).toEqual(['Renamed', 'Vendor 2']);
  expect(asked[1]).toEqual(['ven_1']);
  notice('vendor.changed', 'ven_1', 'org_2');
  notice('member.changed', 'ven_1');
  await ask(['ven_1', 'ven_2']);
  expect(asked).toHaveLength(2);
});

test.each(['before', 'after'] as const)(
  'what was read while an event came is not kept, when it came %s the rows were read',
  async (moment) => {
    const { ask, asked, inner, names, notice } = vendors();
    inner[moment] = () => {
      inner[moment] = () => undefined;
      names.set('ven_1', 'Renamed');
      notice('vendor.changed', 'ven_1');
    };
    await ask(['ven_1']);
    expect(await ask(['ven_1'])).toEqual(['Renamed']);
    expect(asked).toHaveLength(2);
  },
);

test('a write drops what the subgraph has of the organisation before it is answered', async () => {
  const { ask, asked, names, write } = vendors();
  await ask(['ven_1']);
  await ask(['ven_1'], { actor: { ...actor, organisationId: 'org_2' } });
  names.set('ven_1', 'Renamed');
  await write();
  expect(await ask(['ven_1'])).toEqual(['Renamed']);
  await ask(['ven_1'], { actor: { ...actor, organisationId: 'org_2' } });
  expect(asked).toHaveLength(3);
  await write({ actor: { ...actor, organisationId: 'platform' } });
  await ask(['ven_1'], { actor: { ...actor, organisationId: 'org_2' } });
  expect(asked).toHaveLength(4);
});

test('a write that fails drops too, because it may have happened', async () => {
  const { ask, names, inner, write } = vendors();
  await ask(['ven_1']);
  names.set('ven_1', 'Renamed');
  inner.before = () => {
    inner.before = () => undefined;
    throw new Error('the answer was lost');
  };
  await write().catch(() => undefined);
  expect(await ask(['ven_1'])).toEqual(['Renamed']);
});

test('an answer with errors is not kept, and its errors stand at the entities that were asked for', async () => {
  const { ask, asked, source, inner } = vendors();
  await ask(['ven_1']);
  const execute = inner.execute.bind(inner);
  inner.execute = async (request) => ({
    ...(await execute(request)),
    errors: [{ message: 'no', path: ['_entities', 1, 'name'], extensions: { code: 'FORBIDDEN' } }] as never,
  });
  const r = ['ven_0', 'ven_1', 'ven_2'].map((id) => ({ __typename: 'Vendor', id }));
  const answer = await source.execute({ query: step, variables: { r }, actor });
  expect(answer.errors).toMatchObject([
    { path: ['_entities', 2, 'name'], extensions: { code: 'FORBIDDEN' } },
  ]);
  await ask(['ven_0']);
  expect(asked).toEqual([['ven_1'], ['ven_0', 'ven_2'], ['ven_0']]);
});

test('memory is bounded, and what was not used for longest leaves first', async () => {
  const { ask, asked, cache } = vendors({ capacityBytes: 10_000 });
  await ask(['ven_0']);
  for (let index = 1; index < 50; index += 1) {
    await ask(['ven_0', `ven_${index}`]);
    expect(cache.bytes).toBeLessThanOrEqual(10_000);
  }
  expect(asked.filter((list) => list.includes('ven_0'))).toHaveLength(1);
  await ask(['ven_1']);
  expect(asked.filter((list) => list.includes('ven_1'))).toHaveLength(2);
});

test('what is old is asked again, should no event come', async () => {
  const { ask, asked, wait } = vendors();
  await ask(['ven_1']);
  wait(29_999);
  await ask(['ven_1']);
  expect(asked).toHaveLength(1);
  wait(1);
  await ask(['ven_1']);
  expect(asked).toHaveLength(2);
});
