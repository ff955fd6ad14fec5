import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mutate, openCompany, type Company } from '../support/company.ts';
import { eventually, modes, startTestPlatform, type Platform } from '../support/platform.ts';

const portal = 'https://portal.example';

describe.each(modes)('a session of embedded components, in %s', (mode) => {
  let platform: Platform;
  let company: Company;
  let otherBook: string;
  let token: string;
  let client: Client;

  beforeAll(async () => {
    platform = await startTestPlatform(mode);
    company = await openCompany(platform);
    const opened = await mutate<{ book: { id: string } }>(company.owner, 'openBook', {
      input: { name: 'Second', legalName: 'Second GmbH', country: 'DE', baseCurrency: 'EUR' },
      fields: 'book { id }',
    });
    otherBook = opened.book.id;
    await eventually(() => hasChart(otherBook));
    token = await session({ components: ['approval-inbox', 'match-review'], features: ['accept'] });
    client = createClient({
      url: `${platform.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: class extends WebSocket {
        constructor(address: string, protocols: string) {
          super(address, protocols, { origin: portal });
        }
      },
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 0,
    });
  });
  afterAll(async () => {
    await client?.dispose();
    await platform?.stop();
  });

  async function hasChart(bookId: string): Promise<boolean> {
    const query = `{ accounts(bookId: "${bookId}") { code } }`;
    const { accounts } = await company.owner.run<{ accounts: { code: string }[] }>(query);
    return accounts.some(({ code }) => code === '9999');
  }

  async function session(input: Record<string, unknown>): Promise<string> {
    const { viewer } = await company.owner.run<{ viewer: { member: { id: string } } }>(
      '{ viewer { member { id } } }',
    );
    const made = await mutate<{ token: string }>(company.owner, 'createEmbedSession', {
      input: { memberId: viewer.member.id, bookId: company.bookId, origin: portal, ...input },
      fields: 'token',
    });
    return made.token;
  }

  interface Answer {
    readonly status: number;
    readonly data?: Record<string, unknown> | null;
    readonly code?: string | undefined;
  }

  async function ask(query: string, headers: Record<string, string> = { origin: portal }): Promise<Answer> {
    const response = await fetch(`${platform.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
      body: JSON.stringify({ query }),
    });
    const body = (await response.json()) as {
      data?: Record<string, unknown> | null;
      errors?: { extensions: { code: string } }[];
    };
    return { status: response.status, data: body.data, code: body.errors?.[0]?.extensions.code };
  }

  const decide =
    'mutation { decideApproval(input: { approvalRequestId: "x", verdict: APPROVE, version: 1 }) { errors { code } } }';
  const accept = 'mutation { acceptMatch(input: { matchId: "x" }) { errors { code } } }';

  test('it is taken from the pages it is for, and from nowhere else', async () => {
    expect(await ask('{ viewer { kind } }')).toMatchObject({
      status: 200,
      data: { viewer: { kind: 'embed' } },
    });
    expect(await ask('{ viewer { kind } }', { origin: 'https://evil.example' })).toMatchObject({
      status: 401,
    });
    expect(await ask('{ viewer { kind } }', {})).toMatchObject({ status: 401 });
  });

  test('it does what its features do, and nothing else over any transport', async () => {
    expect(await ask(accept)).toMatchObject({
      status: 200,
      data: { acceptMatch: { errors: [{ code: 'FIELD_INVALID' }] } },
    });
    expect(await ask(decide)).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    const overSocket = client.iterate({ query: decide }).next();
    await expect(overSocket).rejects.toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    const stream = await fetch(`${platform.url}/graphql/stream`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${token}`,
        origin: portal,
      },
      body: JSON.stringify({ query: decide }),
    });
    expect(await stream.text()).toContain('"FORBIDDEN"');
  });

  test('it sees one book only, live and otherwise', async () => {
    expect((await ask('{ books { id } }')).data).toEqual({ books: [{ id: company.bookId }] });
    expect((await ask(`{ book(id: "${otherBook}") { id } }`)).data).toEqual({ book: null });
    const live = client.iterate<{ journalEntryChanged: { journalEntry: { id: string } | null } }>({
      query: 'subscription { journalEntryChanged { journalEntry { id } } }',
    });
    const first = live.next();
    await post(otherBook);
    const id = await post(company.bookId);
    const { value } = await first;
    expect((value as { data: unknown } | undefined)?.data).toEqual({
      journalEntryChanged: { journalEntry: { id } },
    });
    await live.return?.();
  });

  async function post(bookId: string): Promise<string> {
    const amount = { amount: '100.00', currency: 'EUR' };
    const made = await mutate<{ journalEntry: { id: string } }>(company.owner, 'postJournalEntry', {
      input: {
        bookId,
        postedOn: '2026-10-16',
        description: 'Postage',
        lines: [
          { accountCode: '6855', side: 'DEBIT', ...amount },
          { accountCode: '9999', side: 'CREDIT', ...amount },
        ],
      },
      fields: 'journalEntry { id }',
    });
    return made.journalEntry.id;
  }
});
