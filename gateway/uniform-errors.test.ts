import { createClient as createStreamClient } from 'graphql-sse';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CrossfootError, remedies, type ErrorCode } from '#kernel/errors';
import { statusOf } from './error-format.ts';
import { subscribeWith, transports, type Subscribed, type Transport } from './fixtures/live-clients.ts';
import {
  socketClient,
  startSmallPlatform,
  type Answer,
  type SmallPlatform,
} from './fixtures/small-platform.ts';

/** Every code there is, refused or failing, over every transport: one status, one shape. */
let platform: SmallPlatform;
let token: string;
const open: Subscribed[] = [];

beforeAll(async () => {
  platform = await startSmallPlatform();
  token = await platform.token();
  platform.data.vendors.set('ven_1', { id: 'ven_1', name: 'Acme' });
  platform.data.entries.set('je_1', { id: 'je_1', number: 'JE-1', vendorId: 'ven_1' });
});
afterAll(() => platform.stop());

const nothing = (): void => undefined;
beforeEach(() => {
  for (const source of Object.values(platform.sources)) source.before = nothing;
});
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

const codes = Object.keys(remedies) as ErrorCode[];
const said = 'What is wrong, in a sentence';
type Shown = NonNullable<Answer['body']['errors']>[number];

/** What is shown of an error with this code; what is ours is never told. */
function expected(code: ErrorCode) {
  const traceId = expect.stringMatching(/^[0-9a-f]{32}$/) as string;
  const message = code === 'INTERNAL' ? 'Something went wrong on our side' : said;
  return { message, extensions: { code, remedy: remedies[code], traceId } };
}

describe.each(codes)('%s', (code) => {
  test('refuses a request with its status, whatever it asks for', async () => {
    platform.sources.access.before = () => {
      throw new CrossfootError(code, said);
    };
    const key = { authorization: `Bearer cf_${code.toLowerCase()}` };
    const json = { ...key, 'content-type': 'application/json' };
    const body = JSON.stringify({ query: '{ viewerName }' });
    const requests: [path: string, init: RequestInit][] = [
      ['/graphql', { method: 'POST', headers: json, body }],
      ['/graphql/stream', { method: 'POST', headers: { ...json, accept: 'text/event-stream' }, body }],
      ['/files?name=a', { method: 'POST', headers: key, body: 'a' }],
      ['/files/file_0', { headers: key }],
    ];
    for (const [path, init] of requests) {
      const response = await fetch(`${platform.url}${path}`, init);
      expect([path, response.status]).toEqual([path, statusOf(code)]);
      const answer = (await response.json()) as Answer['body'];
      expect(answer).toEqual({
        errors: [expected(code)],
        extensions: { traceId: response.headers.get('x-trace-id') },
      });
      expect(answer.errors?.[0]?.extensions.traceId).toBe(response.headers.get('x-trace-id'));
      expect(response.headers.get('www-authenticate')).toBe(code === 'UNAUTHENTICATED' ? 'Bearer' : null);
    }
  });

  test('stands in an answer alike over HTTP, a socket and an event stream', async () => {
    platform.sources.transactions.before = () => {
      throw new CrossfootError(code, said);
    };
    const query = '{ journalEntry(id: "je_1") { number } }';
    const answers: unknown[] = [
      (await platform.ask(query, { token })).body.errors,
      ...(await Promise.all([overSocket(query), overStream(query)])),
    ];
    for (const errors of answers) expect(errors).toMatchObject([expected(code)]);
    const keys = answers.map((errors) => Object.keys((errors as Shown[])[0] ?? {}).toSorted());
    expect(new Set(keys.map(String)).size).toBe(1);
    for (const errors of answers) {
      expect(Object.keys((errors as Shown[])[0]?.extensions ?? {}).toSorted()).toEqual([
        'code',
        'remedy',
        'traceId',
      ]);
    }
  });

  test('ends a subscription alike on every transport, with the place to resume', async () => {
    const ended = await Promise.all(transports.map((transport) => endedBy(code, transport)));
    for (const error of ended) {
      const { message, extensions } = expected(code);
      const lastCursor = expect.any(String) as string;
      expect(error).toMatchObject({ message, extensions: { ...extensions, lastCursor } });
      expect(Object.keys((error as Shown).extensions).toSorted()).toEqual([
        'code',
        'lastCursor',
        'remedy',
        'traceId',
      ]);
    }
  });
});

async function overSocket(query: string): Promise<unknown> {
  const client = socketClient(platform.url, token);
  try {
    const { value } = await client.iterate({ query }).next();
    return (value as Answer['body'] | undefined)?.errors;
  } finally {
    await client.dispose();
  }
}

async function overStream(query: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}` };
  const client = createStreamClient({ url: `${platform.url}/graphql/stream`, headers, retryAttempts: 0 });
  try {
    const { value } = await client.iterate({ query }).next();
    return (value as Answer['body'] | undefined)?.errors;
  } finally {
    client.dispose();
  }
}

/** The error with which a subscription ends when its event cannot be rendered. */
async function endedBy(code: ErrorCode, transport: Transport): Promise<unknown> {
  const query = `subscription { journalEntryChanged(kind: "${code} ${transport}") { cursor journalEntry { number } } }`;
  const subscribed = subscribeWith({ url: platform.url, token, transport, query });
  open.push(subscribed);
  const event = {
    type: 'journalEntry.posted' as const,
    subjectId: 'je_1',
    facts: { kind: `${code} ${transport}` },
  };
  platform.sources.transactions.before = nothing;
  platform.events.emit(event);
  await expect.poll(() => (platform.events.emit(event), subscribed.told.length)).toBeGreaterThan(0);
  platform.sources.transactions.before = ({ events }) => {
    if (events?.some(({ facts }) => JSON.stringify(facts).includes(code)))
      throw new CrossfootError(code, said);
  };
  platform.events.emit(event);
  await subscribed.over;
  return subscribed.told.at(-1)?.errors?.[0];
}
