import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Actor } from '#kernel/actor';
import { createEpochs } from './epochs.ts';
import { rightsKeyOf, scopeKeyOf } from './scope-key.ts';

const actor: Required<Actor> = {
  kind: 'member',
  id: 'mem_1',
  name: 'Ana',
  memberId: 'mem_1',
  organisationId: 'org_1',
  scopes: ['vendors:read', 'transactions:read'],
  source: 'api',
  credentialId: 'key_1',
  expiresAt: 1,
  traceId: 'a',
  spanId: 'b',
  view: 'partner',
  embed: { components: ['kpi-strip'], features: [], commands: [] },
  costPerSecond: 100,
};

/** What each property decides; a new one of Actor must be entered here and in the key. */
const decided: Record<keyof Required<Actor>, 'request' | 'person' | 'rights'> = {
  kind: 'rights',
  id: 'person',
  name: 'person',
  memberId: 'person',
  organisationId: 'rights',
  scopes: 'rights',
  source: 'person',
  credentialId: 'person',
  expiresAt: 'person',
  traceId: 'request',
  spanId: 'request',
  view: 'rights',
  embed: 'rights',
  costPerSecond: 'rights',
};

test('every property of an actor is decided about', () => {
  const text = readFileSync(join(import.meta.dirname, '../../kernel/actor.ts'), 'utf8');
  const body = /export interface Actor \{\n([\s\S]*?)\n\}/.exec(text)?.[1] ?? '';
  const properties = [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map((match) => match[1] ?? '');
  expect(properties.length).toBeGreaterThan(5);
  expect(properties.toSorted()).toEqual(Object.keys(decided).toSorted());
});

test.each(Object.keys(decided) as (keyof Actor)[])('the keys decide about %s', (name) => {
  const value = name === 'scopes' ? ['vendors:read'] : 'another';
  const other = { ...actor, [name]: value } as Actor;
  const { [name]: _gone, ...without } = actor;
  for (const changed of [other, without as Actor]) {
    if (name === 'scopes' && changed !== other) continue;
    expect(scopeKeyOf(changed) !== scopeKeyOf(actor)).toBe(decided[name] !== 'request');
    expect(rightsKeyOf(changed) !== rightsKeyOf(actor)).toBe(decided[name] === 'rights');
  }
});

test('a property nobody has heard of is part of both keys, whatever its shape', () => {
  const restricted = { ...actor, views: { books: ['bk_1'] } } as Actor;
  const other = { ...actor, views: { books: ['bk_2'] } } as Actor;
  for (const key of [scopeKeyOf, rightsKeyOf]) {
    expect(new Set([key(actor), key(restricted), key(other)]).size).toBe(3);
  }
});

test('the order of rights does not matter, and what is left out is as undefined', () => {
  const turned = { ...actor, scopes: actor.scopes.toReversed(), traceId: 'b' };
  expect(scopeKeyOf(turned)).toBe(scopeKeyOf(actor));
  const { memberId: _member, ...nobody } = actor;
  expect(scopeKeyOf({ ...actor, memberId: undefined } as unknown as Actor)).toBe(scopeKeyOf(nobody));
});

test('no text of one property can pass for another', () => {
  const one = { ...actor, id: 'a","name":"b', name: 'c' };
  const other = { ...actor, id: 'a', name: 'b","name":"c' };
  expect(scopeKeyOf(one)).not.toBe(scopeKeyOf(other));
});

test('an epoch grows for its organisation alone, and for all by the platform', () => {
  const epochs = createEpochs();
  const first = epochs.of('org_1');
  epochs.raise('org_1');
  const second = epochs.of('org_1');
  expect(second).toBeGreaterThan(first);
  expect(epochs.of('org_2')).toBe(first);
  epochs.raise('platform');
  expect(epochs.of('org_1')).toBeGreaterThan(second);
  expect(epochs.of('org_2')).toBeGreaterThan(first);
});

test('an epoch never comes again, however many organisations there are', () => {
  const epochs = createEpochs();
  epochs.raise('org_0');
  const before = epochs.of('org_0');
  for (let index = 1; index <= 50_000; index += 1) epochs.raise(`org_${index}`);
  expect(epochs.of('org_0')).toBeGreaterThan(before);
  expect(epochs.of('org_50000')).toBeGreaterThanOrEqual(epochs.of('org_0'));
});
