import { expect, test } from 'vitest';
import type { Actor } from '#kernel/actor';
import { CrossfootError } from '#kernel/errors';
import type { DomainEvent } from '#kernel/events';
import { localTokens } from '#kernel/tokens';
import type { SubgraphSource } from '../sources/subgraph-source.ts';
import { createAuthenticator, type ShownBy } from './authenticate.ts';

const tokens = localTokens('a secret of the tests, long enough to be taken');
const request = { headers: {}, socket: { remoteAddress: '127.0.0.1' } } as unknown as ShownBy;
const embedded: Actor = {
  kind: 'embed',
  id: 'mem_1',
  memberId: 'mem_1',
  name: 'Ana',
  organisationId: 'org_1',
  scopes: ['vendors:read'],
  source: 'portal',
  embed: { components: [], features: [], commands: [] },
};

const changed = (subjectId: string, occurredAt = new Date()): DomainEvent =>
  ({ type: 'member.changed', subjectId, occurredAt }) as unknown as DomainEvent;
/** Lets the clock of the tokens go on by a little. */
const aMoment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

test('sessions made before the rights of their member changed end, those made after it do not', async () => {
  const authenticator = createAuthenticator({ access: {} as SubgraphSource, tokens });
  const taken = async (token: string): Promise<boolean> =>
    authenticator.authenticate(`Bearer ${token}`, request).then(
      () => true,
      (error: unknown) => {
        if (error instanceof CrossfootError && error.code === 'UNAUTHENTICATED') return false;
        throw error;
      },
    );
  const [seen, unseen] = [await tokens.issue(embedded, 60), await tokens.issue(embedded, 60)];
  const other = await tokens.issue({ ...embedded, id: 'mem_2', memberId: 'mem_2' }, 60);
  expect(await taken(seen.token)).toBe(true);
  await aMoment();
  authenticator.noticed(changed('mem_1'));
  expect(await taken(seen.token)).toBe(false);
  expect(await taken(unseen.token)).toBe(false);
  expect(await taken(other.token)).toBe(true);
  await aMoment();
  expect(await taken((await tokens.issue(embedded, 60)).token)).toBe(true);
});
