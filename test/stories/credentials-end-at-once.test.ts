import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mutate, openCompany, type Company } from '../support/company.ts';
import { eventually, modes, startTestPlatform, type Platform } from '../support/platform.ts';

describe.each(modes)('what ends a credential ends its requests and sockets, in %s', (mode) => {
  let platform: Platform;
  let company: Company;

  beforeAll(async () => {
    platform = await startTestPlatform(mode);
    company = await openCompany(platform);
  });
  afterAll(() => platform?.stop());

  async function viewer(token: string): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${platform.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: '{ viewer { kind name member { id } } }' }),
    });
    return { status: response.status, body: await response.json() };
  }

  /** A member of their own with a key, so that ending it disturbs nobody. */
  async function newKey(): Promise<{ memberId: string; apiKeyId: string; secret: string }> {
    const email = `${Math.random().toString(36).slice(2)}@kestrel.example`;
    const added = await mutate<{ member: { id: string } }>(company.owner, 'addMember', {
      input: {
        name: 'Nora',
        email,
        roles: ['ACCOUNTANT'],
      },
      fields: 'member { id }',
    });
    const memberId = added.member.id;
    const made = await mutate<{ apiKey: { id: string }; secret: string }>(company.owner, 'createApiKey', {
      input: { memberId, name: 'live' },
      fields: 'apiKey { id } secret',
    });
    return { memberId, apiKeyId: made.apiKey.id, secret: made.secret };
  }

  /** Opens a socket; answers when it is connected, with what will close it. */
  async function connect(token: string): Promise<{ closed: Promise<{ code: number }> }> {
    const client = createClient({
      url: `${platform.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      lazy: false,
      retryAttempts: 0,
      onNonLazyError: () => undefined,
      connectionParams: { authorization: `Bearer ${token}` },
    });
    const closed = new Promise<{ code: number }>((resolve) => {
      client.on('closed', (event) => resolve(event as { code: number }));
    });
    await new Promise<void>((resolve) => client.on('connected', () => resolve()));
    return { closed };
  }

  test('a key works from its making to its revocation, which also closes its socket', async () => {
    const { memberId, apiKeyId, secret } = await newKey();
    expect(await viewer(secret)).toMatchObject({
      status: 200,
      body: { data: { viewer: { kind: 'key', name: 'Nora', member: { id: memberId } } } },
    });
    const { closed } = await connect(secret);
    await mutate(company.owner, 'revokeApiKey', { input: { apiKeyId }, fields: 'apiKey { id }' });
    expect(await closed).toMatchObject({ code: 4401 });
    await eventually(async () => (await viewer(secret)).status === 401);
  });

  test('a change of roles closes the socket of a key so that it comes back with its new rights', async () => {
    const { memberId, secret } = await newKey();
    const { closed } = await connect(secret);
    await mutate(company.owner, 'changeMemberRoles', {
      input: { memberId, roles: ['AUDITOR'] },
      fields: 'member { id }',
    });
    expect(await closed).toMatchObject({ code: 4403 });
    expect((await viewer(secret)).status).toBe(200);
  });
});
