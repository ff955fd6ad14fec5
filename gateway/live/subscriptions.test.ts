import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Client, ExecutionResult } from 'graphql-ws';
import { encodeCursor, type DomainEvent } from '#kernel/events';
import { startSmallPlatform, type SmallPlatform } from '../fixtures/small-platform.ts';

let platform: SmallPlatform;
const clients: Client[] = [];

beforeEach(async () => {
  platform = await startSmallPlatform();
  platform.data.vendors.set('ven_1', { id: 'ven_1', name: 'Acme' });
  for (let n = 1; n <= 50; n += 1) {
    const id = `je_${n}`;
    platform.data.entries.set(id, { id, number: `JE-${n}`, vendorId: 'ven_1' });
  }
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
  await platform.stop();
});

const changes = `subscription ($after: Cursor, $bookId: ID, $kind: ID) {
  journalEntryChanged(after: $after, bookId: $bookId, kind: $kind) {
    cursor change journalEntry { id number vendor { name } }
  }
}`;

interface Change {
  readonly cursor: string;
  readonly change: string;
  readonly journalEntry: { id: string; number: string; vendor: { name: string } | null } | null;
}
type Message = ExecutionResult<{ journalEntryChanged: Change }>;

async function subscribe(variables: Record<string, unknown> = {}, token?: string) {
  const client = platform.client(token ?? (await platform.token()));
  clients.push(client);
  return { client, messages: client.iterate<{ journalEntryChanged: Change }>({ query: changes, variables }) };
}

async function take(messages: AsyncIterator<unknown>, count: number): Promise<Change[]> {
  const taken: Change[] = [];
  while (taken.length < count) {
    const next = await messages.next();
    if (next.done) throw new Error(`The subscription ended after ${taken.length} of ${count} messages`);
    const { data, errors } = next.value as Message;
    if (errors || !data) throw new Error(JSON.stringify(errors));
    taken.push(data.journalEntryChanged);
  }
  return taken;
}

function posted(n: number, more: { bookId?: string; organisationId?: string; facts?: object } = {}) {
  return { type: 'journalEntry.posted' as const, subjectId: `je_${n}`, ...more, facts: { ...more.facts } };
}

/** Resolves when the gateway has opened the subscription that was sent. */
async function following(): Promise<void> {
  await expect.poll(() => metric('crossfoot_live_subscriptions')).toBe('1');
}

async function metric(name: string): Promise<string | undefined> {
  const text = await (await fetch(`${platform.url}/metrics`)).text();
  return new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1];
}

/** Two answers of the gateway later, what it had to do for earlier messages is done. */
async function settled(): Promise<void> {
  for (let n = 0; n < 3; n += 1) await platform.ask('{ viewerName }');
}

const numbers = (taken: readonly Change[]) => taken.map((change) => change.journalEntry?.number);

test('an event arrives with fields of two subgraphs and a cursor', async () => {
  const { messages } = await subscribe({ after: cursorBefore() });
  const [event] = platform.events.emit(posted(1));
  const [change] = await take(messages, 1);
  expect(change).toEqual({
    cursor: encodeCursor((event as DomainEvent).position),
    change: 'posted',
    journalEntry: { id: 'je_1', number: 'JE-1', vendor: { name: 'Acme' } },
  });
});

/** A cursor behind which lies everything a test will emit. */
function cursorBefore(): string {
  const [event] = platform.events.append({ type: 'member.added', subjectId: 'mem_9' });
  return encodeCursor((event as DomainEvent).position);
}

test('without a cursor a subscription begins with what happens from now on', async () => {
  platform.events.emit(posted(1));
  const { messages } = await subscribe();
  const first = messages.next();
  await following();
  platform.events.emit(posted(2));
  const { value } = await first;
  expect((value as Message).data?.journalEntryChanged.journalEntry?.number).toBe('JE-2');
});

test('a later event shows what another subgraph says by then', async () => {
  const { messages } = await subscribe({ after: cursorBefore() });
  platform.events.emit(posted(1));
  await take(messages, 1);
  platform.data.vendors.set('ven_1', { id: 'ven_1', name: 'Acme Renamed' });
  platform.events.emit(posted(1));
  expect((await take(messages, 1))[0]?.journalEntry?.vendor).toEqual({ name: 'Acme Renamed' });
});

test('a client that was away gets what it missed, in order, each event once', async () => {
  const first = await subscribe({ after: cursorBefore() });
  platform.events.emit(posted(1), posted(2));
  const seen = await take(first.messages, 2);
  await first.client.dispose();
  platform.events.emit(posted(3), posted(4));
  platform.events.emit(posted(5));
  const second = await subscribe({ after: seen.at(-1)?.cursor });
  const missed = await take(second.messages, 3);
  platform.events.emit(posted(6));
  const fresh = await take(second.messages, 1);
  expect(numbers([...missed, ...fresh])).toEqual(['JE-3', 'JE-4', 'JE-5', 'JE-6']);
});

test('events committed while a client catches up are neither lost nor doubled', async () => {
  const after = cursorBefore();
  for (let n = 1; n <= 10; n += 1) platform.events.append(posted(n));
  const { messages } = await subscribe({ after });
  const taken = take(messages, 40);
  for (let n = 11; n <= 40; n += 1) {
    platform.events.emit(posted(n));
    if (n % 7 === 0) await settled();
  }
  expect(numbers(await taken)).toEqual(Array.from({ length: 40 }, (_, index) => `JE-${index + 1}`));
});

test('an event seen by catching up before the feed has read it comes once', async () => {
  const after = cursorBefore();
  platform.events.append(posted(1));
  const { messages } = await subscribe({ after });
  expect(numbers(await take(messages, 1))).toEqual(['JE-1']);
  // Only now does the feed hear of it.
  platform.events.wake();
  platform.events.emit(posted(2));
  expect(numbers(await take(messages, 1))).toEqual(['JE-2']);
});

test('subscribers get the events of their own organisation only', async () => {
  const { messages } = await subscribe({ after: cursorBefore() });
  platform.events.emit(posted(1, { organisationId: 'org_2' }), posted(2));
  expect(numbers(await take(messages, 1))).toEqual(['JE-2']);
});

test('bookId and further arguments select by book and by fact', async () => {
  const { messages } = await subscribe({ after: cursorBefore(), bookId: 'bk_1', kind: 'MANUAL' });
  platform.events.emit(
    posted(1, { bookId: 'bk_2', facts: { kind: 'MANUAL' } }),
    posted(2, { bookId: 'bk_1', facts: { kind: 'BANK' } }),
    posted(3, { bookId: 'bk_1', facts: { kind: 'MANUAL' } }),
  );
  expect(numbers(await take(messages, 1))).toEqual(['JE-3']);
});

test('the feed reads an event once for all its subscribers', async () => {
  const after = cursorBefore();
  const all = await Promise.all(Array.from({ length: 8 }, () => subscribe({ after })));
  platform.events.emit(posted(1));
  await Promise.all(all.map(({ messages }) => take(messages, 1)));
  const before = platform.events.reads();
  platform.events.emit(posted(2));
  await Promise.all(all.map(({ messages }) => take(messages, 1)));
  expect(platform.events.reads() - before).toBeLessThanOrEqual(2);
});

test.each(['nonsense', Buffer.from('1').toString('base64url')])('the cursor %s is refused', async (after) => {
  const { messages } = await subscribe({ after });
  await expect(messages.next()).rejects.toMatchObject([{ extensions: { code: 'CURSOR_INVALID' } }]);
});

test('a cursor behind everything there is is refused, because nobody can have got it here', async () => {
  const { messages } = await subscribe({ after: encodeCursor({ xid: 10n ** 15n, id: 1n }) });
  await expect(messages.next()).rejects.toMatchObject([{ extensions: { code: 'CURSOR_INVALID' } }]);
});

test('a subscription the actor may not have ends with FORBIDDEN', async () => {
  const token = await platform.token({ scopes: ['vendors:read'] });
  const { messages } = await subscribe({ after: cursorBefore() }, token);
  platform.events.emit(posted(1));
  await expect(messages.next()).rejects.toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});

test('a subscriber without a right of the second subgraph gets the rest and a typed error', async () => {
  const token = await platform.token({ scopes: ['transactions:read'] });
  const { messages } = await subscribe({ after: cursorBefore() }, token);
  platform.events.emit(posted(1));
  const { value } = await messages.next();
  expect(value).toMatchObject({
    data: { journalEntryChanged: { journalEntry: { number: 'JE-1', vendor: null } } },
    errors: [{ extensions: { code: 'FORBIDDEN' } }],
  });
});

test('when an event cannot be rendered the subscription ends where it can be resumed', async () => {
  const { messages } = await subscribe({ after: cursorBefore() });
  platform.events.emit(posted(1));
  const [seen] = await take(messages, 1);
  platform.sources.transactions.before = () => {
    throw new Error('connection refused');
  };
  platform.events.emit(posted(2));
  const ended = messages.next();
  await expect(ended).rejects.toMatchObject([{ extensions: { code: 'INTERNAL', lastCursor: seen?.cursor } }]);
  platform.sources.transactions.before = () => undefined;
  const again = await subscribe({ after: seen?.cursor });
  expect(numbers(await take(again.messages, 1))).toEqual(['JE-2']);
});

test('when rendering falls behind, subscribers get everything later and none is ended', async () => {
  const { messages } = await subscribe({ after: cursorBefore() });
  platform.events.emit(posted(1));
  await take(messages, 1);
  const held = Promise.withResolvers<void>();
  const rendering = Promise.withResolvers<void>();
  platform.sources.transactions.before = (request) => {
    if (!request.events) return undefined;
    rendering.resolve();
    return held.promise;
  };
  platform.events.emit(posted(2));
  await rendering.promise;
  for (let n = 0; n < 1_001; n += 1) platform.events.append(posted(3));
  platform.events.wake();
  await settled();
  platform.sources.transactions.before = () => undefined;
  held.resolve();
  const taken = await take(messages, 1_002);
  expect(new Set(taken.map((change) => change.cursor)).size).toBe(1_002);
  expect(numbers(taken.slice(0, 2))).toEqual(['JE-2', 'JE-3']);
});

test('a subscription that ends leaves nothing behind', async () => {
  const { client, messages } = await subscribe({ after: cursorBefore() });
  platform.events.emit(posted(1));
  await take(messages, 1);
  await client.dispose();
  await expect.poll(() => metric('crossfoot_live_subscriptions')).toBe('0');
  await expect.poll(() => metric('crossfoot_live_sockets')).toBe('0');
});

test('an invalid subscription is refused before it begins', async () => {
  const client = platform.client(await platform.token());
  clients.push(client);
  const messages = client.iterate({ query: 'subscription { journalEntryChanged { nothing } }' });
  await expect(messages.next()).rejects.toMatchObject([
    { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
  ]);
});
