import { afterAll, beforeAll, expect, test } from 'vitest';
import { sha256Hex } from '#kernel/canonical';
import { openWorkbench, type Workbench } from '../../test/support/workbench.ts';
import { addMember } from './add-member.ts';
import { changeMemberRoles } from './change-member-roles.ts';
import { createApiKey } from './create-api-key.ts';
import { createEmbedSession } from './create-embed-session.ts';
import { createOrganisation } from './create-organisation.ts';
import { openBook } from './open-book.ts';
import { revokeApiKey } from './revoke-api-key.ts';
import { access } from './subgraph.ts';
import type { Actor } from '#kernel/actor';

let bench: Workbench;
let owner: Actor;
let ownerKey: string;

const platform: Actor = {
  kind: 'platform',
  id: 'installation',
  name: 'installation',
  organisationId: 'platform',
  scopes: ['platform:admin'],
  source: 'api',
};

beforeAll(async () => {
  bench = await openWorkbench([access]);
  const made = await bench.door('access').run(createOrganisation, acme, {
    actor: platform,
    idempotencyKey: 'acme',
  });
  ownerKey = made.result?.secret ?? '';
  owner = {
    ...bench.actor('Olga', ['OWNER'], made.result?.organisationId),
    id: made.result?.memberId ?? '',
    memberId: made.result?.memberId,
  };
});
afterAll(() => bench.close());

const acme = { name: 'Acme', owner: { name: 'Olga', email: 'olga@acme.example' } };

async function keyActor(secret: string): Promise<Actor | undefined> {
  const data = await bench.query<{ keyActor: { actor: string } | null }>(
    'access',
    'query ($hash: String!) { keyActor(secretHash: $hash) { actor } }',
    { actor: { ...platform, scopes: ['platform:internal'] }, variables: { hash: sha256Hex(secret) } },
  );
  return data.keyActor ? (JSON.parse(data.keyActor.actor) as Actor) : undefined;
}

async function newMember(roles: string[]): Promise<string> {
  const email = `${Math.random().toString(36).slice(2)}@acme.example`;
  const outcome = await bench
    .door('access')
    .run(addMember, { name: 'Somebody', email, roles }, { actor: owner });
  return outcome.result?.memberId ?? '';
}

test('the same key opens an organisation once, another request under it is a conflict', async () => {
  const again = await bench.door('access').run(createOrganisation, acme, {
    actor: platform,
    idempotencyKey: 'acme',
  });
  expect(again.replayed).toBe(true);
  expect(again.result?.organisationId).toBe(owner.organisationId);
  const other = { ...acme, name: 'Another' };
  const conflict = await bench.door('access').run(createOrganisation, other, {
    actor: platform,
    idempotencyKey: 'acme',
  });
  expect(conflict.errors.map((error) => error.code)).toEqual(['IDEMPOTENCY_CONFLICT']);
});

test('a repeated key does not show the secret again, and no table holds it', async () => {
  const again = await bench.door('access').run(createOrganisation, acme, {
    actor: platform,
    idempotencyKey: 'acme',
  });
  expect(again.result?.secret).toBeUndefined();
  const dump = await bench.owner.query(
    `select (select string_agg(l::text, ' ') from kernel.command_log l) as log,
            (select string_agg(k::text, ' ') from access.api_key k) as keys`,
  );
  expect(JSON.stringify(dump.rows)).not.toContain(ownerKey.slice(-20));
});

test('only the platform opens organisations', async () => {
  const outcome = await bench.door('access').run(createOrganisation, acme, { actor: owner });
  expect(outcome.errors.map((error) => error.code)).toEqual(['FORBIDDEN']);
});

test('a key acts for its member with no more than the rights of both', async () => {
  const memberId = await newMember(['ACCOUNTANT']);
  const made = await bench
    .door('access')
    .run(
      createApiKey,
      { memberId, name: 'import', scopes: ['transactions:write', 'vendors:read'] },
      { actor: owner },
    );
  const secret = made.result?.secret ?? '';
  expect(await keyActor(secret)).toMatchObject({ memberId, scopes: ['vendors:read', 'transactions:write'] });
  await bench.door('access').run(changeMemberRoles, { memberId, roles: ['AUDITOR'] }, { actor: owner });
  expect(await keyActor(secret)).toMatchObject({ scopes: ['vendors:read'] });
});

test('a key cannot be given rights its member lacks', async () => {
  const memberId = await newMember(['AUDITOR']);
  const made = await bench
    .door('access')
    .run(createApiKey, { memberId, name: 'x', scopes: ['transactions:post'] }, { actor: owner });
  expect(made.errors).toMatchObject([{ code: 'FIELD_INVALID', path: ['scopes'] }]);
});

test('a revoked or expired key is nobody', async () => {
  const memberId = await newMember(['AUDITOR']);
  const past = await bench
    .door('access')
    .run(createApiKey, { memberId, name: 'old', expiresAt: '2020-01-01T00:00:00Z' }, { actor: owner });
  expect(await keyActor(past.result?.secret ?? '')).toBeUndefined();
  const live = await bench.door('access').run(createApiKey, { memberId, name: 'live' }, { actor: owner });
  expect(await keyActor(live.result?.secret ?? '')).toBeDefined();
  await bench.door('access').run(revokeApiKey, { apiKeyId: live.result?.apiKeyId }, { actor: owner });
  expect(await keyActor(live.result?.secret ?? '')).toBeUndefined();
  expect(await keyActor('cf_made_up')).toBeUndefined();
});

test('the only owner cannot stop being one', async () => {
  const outcome = await bench
    .door('access')
    .run(changeMemberRoles, { memberId: owner.memberId, roles: ['AUDITOR'] }, { actor: owner });
  expect(outcome.errors.map((error) => error.code)).toEqual(['STATE_CONFLICT']);
});

test('an embed session holds what its components need and its member may, and no more', async () => {
  const memberId = await newMember(['SUBMITTER']);
  const outcome = await bench
    .door('access')
    .run(createEmbedSession, { memberId, components: ['approval-inbox'] }, { actor: owner });
  const actor = await bench.services.tokens.verify(outcome.result?.token ?? '');
  expect(actor).toMatchObject({
    kind: 'embed',
    memberId,
    organisationId: owner.organisationId,
    source: 'portal',
  });
  expect(actor.scopes).toContain('approvals:read');
  expect(actor.scopes).not.toContain('approvals:decide');
  expect(actor.scopes).not.toContain('transactions:write');
});

test('a dry run shows the result and keeps nothing', async () => {
  const book = { name: 'Dry', legalName: 'Dry Ltd', country: 'GB', baseCurrency: 'GBP' };
  const dry = await bench.door('access').run(openBook, book, { actor: owner, dryRun: true });
  expect(dry.result?.bookId).toMatch(/^bk_/);
  const data = await bench.query<{ books: unknown[] }>('access', '{ books { id } }', { actor: owner });
  expect(data.books).toEqual([]);
});

test('bad input comes back as data with path and remedy, all of it at once', async () => {
  const book = { name: '', legalName: 'X', country: 'Germany', baseCurrency: 'EURO' };
  const outcome = await bench.door('access').run(openBook, book, { actor: owner });
  expect(outcome.errors.map((error) => [error.code, error.path[0]])).toEqual([
    ['FIELD_INVALID', 'name'],
    ['FIELD_INVALID', 'country'],
    ['CURRENCY_UNKNOWN', 'baseCurrency'],
  ]);
  expect(outcome.errors.every((error) => error.remedy.length > 10)).toBe(true);
});

test('another organisation sees nothing of this one', async () => {
  await bench
    .door('access')
    .run(
      openBook,
      { name: 'Main', legalName: 'Acme GmbH', country: 'DE', baseCurrency: 'EUR' },
      { actor: owner },
    );
  const stranger = bench.actor('Mallory');
  const data = await bench.query<{ books: unknown[]; organisation: unknown }>(
    'access',
    '{ books { id } organisation { id } }',
    { actor: stranger },
  );
  expect(data).toEqual({ books: [], organisation: null });
  expect(ownerKey).toMatch(/^cf_/);
});

test('features give the rights and commands they need, and nothing of another component', async () => {
  const memberId = await newMember(['OWNER']);
  const grant = async (input: Record<string, unknown>) => {
    const outcome = await bench
      .door('access')
      .run(createEmbedSession, { memberId, ...input }, { actor: owner });
    return bench.services.tokens.verify(outcome.result?.token ?? '');
  };
  const looking = await grant({ components: ['approval-inbox', 'match-review'] });
  expect(looking.scopes.filter((scope) => !scope.endsWith(':read'))).toEqual([]);
  expect(looking.embed).toMatchObject({ features: [], commands: [] });
  const deciding = await grant({
    components: ['approval-inbox', 'match-review'],
    features: ['decide', 'split'],
  });
  expect(deciding.scopes.filter((scope) => !scope.endsWith(':read'))).toEqual([
    'reconciliation:write',
    'approvals:decide',
  ]);
  expect(deciding.embed?.commands).toEqual(['decideApproval', 'matchManually']);
});

test('a feature that none of the components has, a book that is not there and what is no origin are refused', async () => {
  const memberId = await newMember(['OWNER']);
  const errorsOf = async (input: Record<string, unknown>) => {
    const all = { memberId, components: ['approval-inbox'], ...input };
    const outcome = await bench.door('access').run(createEmbedSession, all, { actor: owner });
    expect(outcome.result).toBeUndefined();
    return outcome.errors.map(({ code, path }) => [code, ...path]);
  };
  expect(await errorsOf({ features: ['decide', 'undo'] })).toEqual([['FIELD_INVALID', 'features']]);
  expect(await errorsOf({ bookId: 'bk_000' })).toEqual([['NOT_FOUND']]);
  // The audit trail is that of all books.
  expect(await errorsOf({ bookId: 'bk_000', components: ['audit-trail'] })).toEqual([
    ['FIELD_INVALID', 'bookId'],
  ]);
  for (const origin of ['portal.example', 'https://portal.example/path', 'ftp://portal.example', '*']) {
    expect(await errorsOf({ origin })).toEqual([['FIELD_INVALID', 'origin']]);
  }
});

test('a key keeps the view it was made with; left out, it sees the whole graph', async () => {
  const memberId = await newMember(['ACCOUNTANT']);
  const made = async (input: Record<string, unknown>) => {
    const all = { memberId, name: 'A view', ...input };
    const outcome = await bench.door('access').run(createApiKey, all, { actor: owner });
    const { apiKeyId = '', secret = '' } = outcome.result ?? {};
    const shown = await bench.query<{ organisation: { apiKeys: { id: string; view: string }[] } }>(
      'access',
      '{ organisation { apiKeys { id view } } }',
      { actor: owner },
    );
    const { view } = shown.organisation.apiKeys.find((key) => key.id === apiKeyId) ?? {};
    return { view, actor: (await keyActor(secret))?.view };
  };
  expect(await made({ view: 'PARTNER' })).toEqual({ view: 'PARTNER', actor: 'partner' });
  expect(await made({})).toEqual({ view: 'INTERNAL', actor: 'internal' });
  const wrong = await bench
    .door('access')
    .run(createApiKey, { memberId, name: 'A view', view: 'EVERYTHING' }, { actor: owner });
  expect(wrong.errors.map(({ code, path }) => [code, ...path])).toEqual([['FIELD_INVALID', 'view']]);
});

test('a key can have a limit of its own, which its actor carries', async () => {
  const memberId = await newMember(['AUDITOR']);
  const limits = [undefined, 250];
  const found = [];
  for (const costPerSecond of limits) {
    const made = await bench
      .door('access')
      .run(createApiKey, { memberId, name: 'limited', costPerSecond }, { actor: owner });
    found.push((await keyActor(made.result?.secret ?? ''))?.costPerSecond);
  }
  expect(found).toEqual(limits);
});
