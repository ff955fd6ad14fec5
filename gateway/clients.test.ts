import { createHash } from 'node:crypto';
import { ApolloClient, gql, HttpLink, InMemoryCache, type ApolloLink } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { cacheExchange, Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient as createStreamClient } from 'graphql-sse';
import { createClient as createSocketClient, type Sink } from 'graphql-ws';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startSmallPlatform, type SmallPlatform } from './fixtures/small-platform.ts';

/** The clients people use, as they are published, against the gateway's own routes. */
let platform: SmallPlatform;
let authorization: string;
const closing: (() => unknown)[] = [];

beforeEach(async () => {
  platform = await startSmallPlatform();
  platform.data.vendors.set('ven_1', { id: 'ven_1', name: 'Acme' });
  platform.data.entries.set('je_1', { id: 'je_1', number: 'JE-1', vendorId: 'ven_1' });
  authorization = `Bearer ${await platform.token()}`;
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await platform.stop();
});

const entry = 'query Entry($id: ID!) { journalEntry(id: $id) { id number vendor { id name } } }';
const rename = 'mutation Rename($to: String!) { rename(to: $to) }';
const changes = `subscription Changes { journalEntryChanged { cursor change journalEntry { id number vendor { id name } } } }`;
const acme = { id: 'ven_1', name: 'Acme' };
const answered = { journalEntry: { id: 'je_1', number: 'JE-1', vendor: acme } };
const event = {
  journalEntryChanged: {
    cursor: expect.any(String),
    change: 'posted',
    journalEntry: { id: 'je_1', number: 'JE-1', vendor: acme },
  },
};

/** Emits an event as soon as somebody subscribes to it. */
async function emitToSubscriber(): Promise<void> {
  await expect
    .poll(async () => (await fetch(`${platform.url}/metrics`)).text())
    .toMatch(/^crossfoot_live_subscriptions(\{.*\})? 1$/m);
  platform.events.emit({ type: 'journalEntry.posted', subjectId: 'je_1' });
}

function socketClient() {
  const client = createSocketClient({
    url: `${platform.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization },
  });
  closing.push(() => client.dispose());
  return client;
}

function streamClient() {
  const client = createStreamClient({ url: `${platform.url}/graphql/stream`, headers: { authorization } });
  closing.push(() => client.dispose());
  return client;
}

describe.each([
  ['graphql-ws', socketClient],
  ['graphql-sse', streamClient],
])('%s', (_name, open) => {
  const first = async (query: string, variables?: Record<string, unknown>) =>
    (await open().iterate({ query, variables }).next()).value as unknown;

  test('asks, changes and follows', async () => {
    expect(await first(entry, { id: 'je_1' })).toMatchObject({ data: answered });
    expect(await first(rename, { to: 'Books' })).toMatchObject({ data: { rename: 'Books' } });
    const [got] = await Promise.all([first(changes), emitToSubscriber()]);
    expect(got).toMatchObject({ data: event });
  });

  test('is told what is wrong with an operation', async () => {
    const code = expect.stringMatching(/^GRAPHQL_(VALIDATION|PARSE)_FAILED$/);
    const refusals = [{ extensions: { code, remedy: expect.any(String) } }];
    for (const refused of ['{ nothing }', 'subscription { nothing }', '{ viewerName']) {
      const told = await first(refused).catch((errors: unknown) => ({ errors }));
      expect(told).toMatchObject({ errors: refusals });
    }
    expect(await first('{ refused viewerName }')).toMatchObject({
      data: { refused: null, viewerName: 'Ana' },
      errors: [{ path: ['refused'], extensions: { code: 'PERIOD_CLOSED' } }],
    });
  });
});

test('over a socket a refused operation is an error of the protocol, not a result', async () => {
  const refused = socketClient().iterate({ query: '{ nothing }' }).next();
  await expect(refused).rejects.toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
});

describe('Apollo Client', () => {
  function open(link: ApolloLink) {
    const client = new ApolloClient({ link, cache: new InMemoryCache() });
    closing.push(() => client.stop());
    return client;
  }
  const http = () => new HttpLink({ uri: `${platform.url}/graphql`, headers: { authorization } });

  /** The first answer to a subscription. */
  function following(client: ApolloClient): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const subscription = client.subscribe({ query: gql(changes) }).subscribe({
        next: (result) => resolve(result.error ?? result.data),
        error: reject,
      });
      closing.push(() => subscription.unsubscribe());
    });
  }

  test('asks and changes over HTTP, and reads an entity it has seen from its cache', async () => {
    const client = open(http());
    const ask = () => client.query({ query: gql(entry), variables: { id: 'je_1' } });
    expect((await ask()).data).toMatchObject(answered);
    const before = platform.sources.transactions.asked.length;
    expect((await ask()).data).toMatchObject(answered);
    expect(platform.sources.transactions.asked).toHaveLength(before);
    expect(client.cache.extract()).toHaveProperty('Vendor:ven_1');
    const changed = await client.mutate({ mutation: gql(rename), variables: { to: 'Books' } });
    expect(changed.data).toEqual({ rename: 'Books' });
  });

  test('shows the code and the remedy of an error', async () => {
    const failed = open(http()).query({ query: gql('{ refused }') });
    await expect(failed).rejects.toMatchObject({
      errors: [{ extensions: { code: 'PERIOD_CLOSED', remedy: expect.any(String) } }],
    });
    const invalid = open(http()).query({ query: gql('{ nothing }') });
    await expect(invalid).rejects.toMatchObject({
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
  });

  test('registers an operation by its hash and sends the hash alone from then on', async () => {
    const sent: { query?: string; extensions?: object }[] = [];
    const watching = new HttpLink({
      uri: `${platform.url}/graphql`,
      headers: { authorization },
      fetch: (input, init) => {
        sent.push(JSON.parse(init?.body as string) as object);
        return fetch(input, init);
      },
    });
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    const client = open(new PersistedQueryLink({ sha256 }).concat(watching));
    const ask = () => client.query({ query: gql(entry), variables: { id: 'je_1' }, fetchPolicy: 'no-cache' });
    expect((await ask()).data).toMatchObject(answered);
    expect((await ask()).data).toMatchObject(answered);
    expect(sent.map(({ query }) => query !== undefined)).toEqual([false, true, false]);
  });

  test('follows over a socket', async () => {
    const client = open(new GraphQLWsLink(socketClient()));
    const [got] = await Promise.all([following(client), emitToSubscriber()]);
    expect(got).toMatchObject(event);
  });

  test('follows over HTTP in parts', async () => {
    const [got] = await Promise.all([following(open(http())), emitToSubscriber()]);
    expect(got).toMatchObject(event);
  });
});

describe('urql', () => {
  type Forward = Parameters<typeof subscriptionExchange>[0]['forwardSubscription'];
  interface Followed {
    subscribe(payload: { query: string; variables?: Record<string, unknown> }, sink: Sink): () => void;
  }
  const over =
    (client: Followed): Forward =>
    ({ query = '', variables }) => ({
      subscribe: (sink) => ({
        unsubscribe: client.subscribe({ query, variables: { ...(variables as object) } }, sink as Sink),
      }),
    });

  function open(forwardSubscription?: Forward): Client {
    const live = forwardSubscription ? [subscriptionExchange({ forwardSubscription })] : [];
    return new Client({
      url: `${platform.url}/graphql`,
      preferGetMethod: false,
      fetchOptions: { headers: { authorization } },
      fetchSubscriptions: !forwardSubscription,
      exchanges: [cacheExchange, fetchExchange, ...live],
    });
  }

  function following(client: Client): Promise<unknown> {
    return new Promise((resolve) => {
      const following = client.subscription(changes, {}).subscribe(({ data, error }) => {
        resolve(error ?? data);
      });
      closing.push(() => following.unsubscribe());
    });
  }

  test('asks and changes over HTTP', async () => {
    const client = open();
    expect((await client.query(entry, { id: 'je_1' }).toPromise()).data).toMatchObject(answered);
    expect((await client.mutation(rename, { to: 'Books' }).toPromise()).data).toEqual({ rename: 'Books' });
    const { error } = await client.query('{ refused }', {}).toPromise();
    expect(error?.graphQLErrors[0]?.extensions).toMatchObject({ code: 'PERIOD_CLOSED' });
  });

  test.each([
    ['a socket', () => over(socketClient())],
    ['an event stream', () => over(streamClient())],
    ['HTTP, in the form its own fetch asks for', () => undefined],
  ])('follows over %s', async (_name, transport) => {
    const [got] = await Promise.all([following(open(transport())), emitToSubscriber()]);
    expect(got).toMatchObject(event);
  });
});
