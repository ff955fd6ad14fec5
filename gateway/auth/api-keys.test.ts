import { beforeEach, expect, test } from 'vitest';
import type { Actor } from '#kernel/actor';
import { sha256Hex } from '#kernel/canonical';
import type { DomainEvent } from '#kernel/events';
import type { SubgraphSource } from '../sources/subgraph-source.ts';
import { createApiKeys, type ApiKeys } from './api-keys.ts';

const actor: Actor = {
  kind: 'key',
  id: 'key_1',
  name: 'Importer',
  organisationId: 'org_1',
  scopes: ['vendors:read'],
  source: 'api',
};
const event = (type: string) =>
  ({ type, subjectId: 'key_1', organisationId: 'org_1' }) as unknown as DomainEvent;
const good = sha256Hex('cf_good');

let live: Set<string>;
let asked: string[];
let now: number;
/** Resolves the look-ups under way; by default they are answered at once. */
let hold: (() => Promise<void>) | undefined;
let keys: ApiKeys;

const access = {
  async execute({ variables }: { variables?: Readonly<Record<string, unknown>> }) {
    const hash = String(variables?.['secretHash']);
    asked.push(hash);
    const found = live.has(hash) ? { actor: JSON.stringify(actor) } : null;
    await hold?.();
    return { data: { keyActor: found } };
  },
} as unknown as SubgraphSource;

beforeEach(() => {
  [live, asked, now, hold] = [new Set([good]), [], 1_000_000, undefined];
  keys = createApiKeys(access, () => now);
});

const isLive = (hash: string, by = keys): Promise<boolean> =>
  by.actorOf(hash).then(
    () => true,
    (error: unknown) => {
      expect(error).toMatchObject({ code: 'UNAUTHENTICATED' });
      return false;
    },
  );

test('a revoked key ends with its event, and within a second where no event comes through', async () => {
  const other = createApiKeys(access, () => now);
  expect([await isLive(good), await isLive(good, other)]).toEqual([true, true]);
  live.clear();
  keys.noticed(event('apiKey.revoked'));
  expect(await isLive(good)).toBe(false);
  now += 999;
  expect(await isLive(good, other)).toBe(true);
  now += 1;
  expect(await isLive(good, other)).toBe(false);
});

test('the second counts from the question, not from its answer', async () => {
  let release: () => void = () => undefined;
  hold = () => new Promise((resolve) => (release = resolve));
  const first = isLive(good);
  now += 900;
  live.clear();
  release();
  expect(await first).toBe(true);
  hold = undefined;
  now += 100;
  expect(await isLive(good)).toBe(false);
});

test.each([
  ['a key never seen before', false],
  ['a known key', true],
])('a look-up that a revocation has overtaken is asked again: %s', async (_what, seen) => {
  if (seen) await isLive(good);
  now += 1_000;
  let release: () => void = () => undefined;
  hold = () => new Promise((resolve) => (release = resolve));
  const under = isLive(good);
  live.clear();
  keys.noticed(event('apiKey.revoked'));
  hold = undefined;
  release();
  expect(await under).toBe(false);
});

test('an unknown key is asked for once a second, and made-up ones push no good one out', async () => {
  expect(await isLive(good)).toBe(true);
  for (let index = 0; index < 30_000; index += 1) await isLive(`made up ${index}`);
  asked = [];
  await Promise.all([isLive('guess'), isLive('guess'), isLive(good)]);
  expect(await isLive('guess')).toBe(false);
  expect(asked).toEqual(['guess']);
  now += 1_000;
  expect(await isLive('guess')).toBe(false);
  expect(asked).toEqual(['guess', 'guess']);
});

test('a key tried before it was made works when it is', async () => {
  expect(await isLive('new')).toBe(false);
  live.add('new');
  keys.noticed(event('apiKey.created'));
  expect(await isLive('new')).toBe(true);
});

test('a key is recognised from its first good use until a look-up says otherwise', async () => {
  expect(keys.recognises(good)).toBe(false);
  await isLive(good);
  now += 60_000;
  expect(keys.recognises(good)).toBe(true);
  live.clear();
  await isLive(good);
  expect(keys.recognises(good)).toBe(false);
});

test('a failed look-up is not remembered', async () => {
  hold = () => Promise.reject(new Error('connection refused'));
  await expect(keys.actorOf(good)).rejects.toThrow('connection refused');
  hold = undefined;
  expect(await isLive(good)).toBe(true);
});
