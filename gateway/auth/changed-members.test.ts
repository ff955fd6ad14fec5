import { beforeEach, expect, test } from 'vitest';
import type { Actor, Role } from '#kernel/actor';
import { CrossfootError } from '#kernel/errors';
import type { DomainEvent } from '#kernel/events';
import { localTokens } from '#kernel/tokens';
import type { SubgraphSource } from '../sources/subgraph-source.ts';
import { createAuthenticator, type Authenticator, type ShownBy } from './authenticate.ts';

const tokens = localTokens('a secret of the tests, long enough to be taken');
const request = { headers: {}, socket: { remoteAddress: '127.0.0.1' } } as unknown as ShownBy;
const embedded: Actor = {
  kind: 'embed',
  id: 'mem_1',
  memberId: 'mem_1',
  name: 'Ana',
  organisationId: 'org_1',
  scopes: ['vendors:write'],
  source: 'portal',
  embed: { components: [], features: [], commands: [] },
};
const changed = { type: 'member.changed', subjectId: 'mem_1' } as unknown as DomainEvent;

let members: Map<string, { active: boolean; roles: Role[] }>;
let asked: Actor[];
/** Called when a look-up has read its answer and not yet given it. */
let meanwhile: () => void;
let authenticator: Authenticator;

const access = {
  async execute({ actor, variables }: { actor: Actor; variables: { of: { id: string }[] } }) {
    asked.push(actor);
    const _entities = variables.of.map(({ id }) => members.get(id) ?? null);
    meanwhile();
    return { data: { _entities } };
  },
} as unknown as SubgraphSource;

beforeEach(() => {
  members = new Map(['mem_1', 'mem_2'].map((id) => [id, { active: true, roles: ['ACCOUNTANT'] }]));
  [asked, meanwhile] = [[], () => undefined];
  authenticator = createAuthenticator({ access, tokens });
});

const session = async (changes: Partial<Actor> = {}): Promise<string> =>
  (await tokens.issue({ ...embedded, ...changes }, 60)).token;
const taken = (token: string, by = authenticator): Promise<boolean> =>
  by.authenticate(`Bearer ${token}`, request).then(
    () => true,
    (error: unknown) => {
      if (error instanceof CrossfootError && error.code === 'UNAUTHENTICATED') return false;
      throw error;
    },
  );

test('a session ends when its member loses a right it was given, and the sessions of others go on', async () => {
  const [seen, unseen] = [await session(), await session()];
  const other = await session({ id: 'mem_2', memberId: 'mem_2' });
  expect([await taken(seen), await taken(other)]).toEqual([true, true]);
  members.set('mem_1', { active: true, roles: ['AUDITOR'] });
  authenticator.noticed(changed);
  expect([await taken(seen), await taken(unseen), await taken(other)]).toEqual([false, false, true]);
  expect(asked.every(({ organisationId }) => organisationId === 'org_1')).toBe(true);
});

test('a session goes on when its member has gained rights', async () => {
  const token = await session();
  expect(await taken(token)).toBe(true);
  members.set('mem_1', { active: true, roles: ['OWNER'] });
  authenticator.noticed(changed);
  expect(await taken(token)).toBe(true);
});

test('a gateway that saw no event refuses it too: one that has just started', async () => {
  const token = await session();
  expect(await taken(token)).toBe(true);
  members.set('mem_1', { active: false, roles: ['ACCOUNTANT'] });
  expect(await taken(token, createAuthenticator({ access, tokens }))).toBe(false);
});

test('rights lost while they are looked up are not taken for held', async () => {
  const token = await session();
  meanwhile = () => {
    meanwhile = () => undefined;
    members.delete('mem_1');
    authenticator.noticed(changed);
  };
  expect(await taken(token)).toBe(false);
});

test('what was verified is not looked up again before something changes', async () => {
  const token = await session();
  for (let times = 0; times < 3; times += 1) expect(await taken(token)).toBe(true);
  expect(asked).toHaveLength(1);
});
