import type { ExecutionResult } from 'graphql';
import { expect, test } from 'vitest';
import type { Actor } from '#kernel/actor';
import type { SubgraphRequest } from '#kernel/subgraph-request';
import { createEpochs } from './epochs.ts';
import { plainCopy } from './plain-copy.ts';
import { sharingSource } from './sharing-source.ts';
import type { SubgraphSource } from './subgraph-source.ts';

const actor: Actor = {
  kind: 'member',
  id: 'mem_1',
  name: 'Ana',
  organisationId: 'org_1',
  scopes: ['vendors:read'],
  source: 'api',
};
const read: SubgraphRequest = {
  query: 'query ($id: ID!) { vendor(id: $id) { name } }',
  variables: { id: '1' },
  actor,
};

/** A source whose answers come when the test says so. */
function held(share = true) {
  const asked: {
    request: SubgraphRequest;
    answer: (result: ExecutionResult) => void;
    fail: (e: Error) => void;
  }[] = [];
  const inner: SubgraphSource = {
    execute: (request) =>
      new Promise((resolve, reject) => asked.push({ request, answer: resolve, fail: reject })),
    render: () =>
      new Promise((resolve) =>
        asked.push({ request: read, answer: () => resolve([]), fail: () => undefined }),
      ),
    ready: async () => true,
  };
  const epochs = createEpochs();
  let joined = 0;
  const source = sharingSource(inner, { epochs, share, joined: () => (joined += 1) });
  return { asked, epochs, source, joined: () => joined };
}

const named = (name: string): ExecutionResult => ({ data: { vendor: { name, tags: ['a'] } } });

test('equal reads at the same time ask once, and each may change its own answer', async () => {
  const { asked, source, joined } = held();
  const answers = [1, 2, 3].map((trace) =>
    source.execute({ ...read, actor: { ...actor, traceId: String(trace) } }),
  );
  expect([asked.length, joined()]).toEqual([1, 2]);
  asked[0]?.answer(named('Acme'));
  const results = await Promise.all(answers);
  expect(results).toEqual([named('Acme'), named('Acme'), named('Acme')]);
  const vendors = results.map((one) => one.data?.['vendor'] as { tags: string[] });
  vendors[0]?.tags.push('b');
  expect(vendors[1]?.tags).toEqual(['a']);
  expect(vendors[1]?.tags).not.toBe(vendors[2]?.tags);
});

test('a read after the answer asks again', async () => {
  const { asked, source } = held();
  const first = source.execute(read);
  asked[0]?.answer(named('Acme'));
  await first;
  void source.execute(read);
  expect(asked).toHaveLength(2);
});

test.each<[string, Partial<SubgraphRequest>]>([
  ['text', { query: '{ vendor(id: "1") { id } }' }],
  ['variables', { variables: { id: '2' } }],
  ['operation name', { operationName: 'Other' }],
  ['organisation', { actor: { ...actor, organisationId: 'org_2' } }],
  ['person', { actor: { ...actor, id: 'mem_2' } }],
  ['kind of person', { actor: { ...actor, kind: 'embed' } }],
  ['rights', { actor: { ...actor, scopes: ['vendors:read', 'vendors:write'] } }],
])('a read with another %s is asked by itself', (_what, change) => {
  const { asked, source } = held();
  void source.execute(read);
  void source.execute({ ...read, ...change });
  expect(asked).toHaveLength(2);
});

test("a failure is everybody's, and the next read asks again", async () => {
  const { asked, source } = held();
  const answers = Promise.allSettled([source.execute(read), source.execute(read)]);
  asked[0]?.fail(new Error('gone'));
  expect((await answers).map((one) => one.status)).toEqual(['rejected', 'rejected']);
  void source.execute(read);
  expect(asked).toHaveLength(2);
});

const write: SubgraphRequest = { query: 'mutation { rename { id } }', actor };

test('writes are never shared, nor is what is rendered, nor what has the shape of neither', () => {
  const { asked, source } = held();
  for (const request of [write, { ...write, query: 'fragment F on Vendor { id } query { a { ...F } }' }]) {
    asked.length = 0;
    void source.execute(request);
    void source.execute(request);
    expect(asked).toHaveLength(2);
  }
  asked.length = 0;
  void source.render({ ...read, events: [] });
  void source.render({ ...read, events: [] });
  expect(asked).toHaveLength(2);
});

test('a read that begins after a write began or ended joins none from before', async () => {
  const { asked, source } = held();
  void source.execute(read);
  const writing = source.execute(write);
  void source.execute(read);
  expect(asked).toHaveLength(3);
  asked[1]?.answer({ data: {} });
  await writing;
  const after = source.execute(read);
  expect(asked).toHaveLength(4);
  asked[0]?.answer(named('Old'));
  asked[3]?.answer(named('New'));
  expect(await after).toEqual(named('New'));
});

test('a write that fails ends an epoch too', async () => {
  const { asked, source } = held();
  const writing = source.execute(write);
  void source.execute(read);
  asked[0]?.fail(new Error('the answer was lost'));
  await writing.catch(() => undefined);
  void source.execute(read);
  expect(asked).toHaveLength(3);
});

test('a read that begins after an event was seen joins none from before, in its organisation alone', () => {
  const { asked, epochs, source } = held();
  const stranger: SubgraphRequest = { ...read, actor: { ...actor, organisationId: 'org_2' } };
  void source.execute(read);
  void source.execute(stranger);
  epochs.raise('org_1');
  void source.execute(read);
  void source.execute(stranger);
  expect(asked.map(({ request }) => request.actor.organisationId)).toEqual(['org_1', 'org_2', 'org_1']);
});

test('switched off, nothing is shared and writes begin epochs still', () => {
  const { asked, epochs, source } = held(false);
  void source.execute(read);
  void source.execute(read);
  expect(asked).toHaveLength(2);
  const before = epochs.of('org_1');
  void source.execute(write);
  expect(epochs.of('org_1')).toBeGreaterThan(before);
});

test('what the gateway looks up for itself is seen as it is now', () => {
  const { asked, source } = held();
  const gateway: SubgraphRequest = {
    ...read,
    actor: { ...actor, kind: 'system', organisationId: 'platform' },
  };
  void source.execute(gateway);
  void source.execute(gateway);
  expect(asked).toHaveLength(2);
});

test('a copy keeps every name, also those objects have by themselves', () => {
  const answer = JSON.parse('{"__proto__":{"a":[1,null]},"constructor":"b"}') as Record<string, unknown>;
  const copy = plainCopy(answer);
  expect(JSON.stringify(copy)).toBe('{"__proto__":{"a":[1,null]},"constructor":"b"}');
  expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
});
