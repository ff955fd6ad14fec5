import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Client, ExecutionResult } from 'graphql-ws';
import { encodeCursor } from '#kernel/events';
import { startSmallPlatform, type SmallPlatform } from '../fixtures/small-platform.ts';

let platform: SmallPlatform;
let first: string;
const clients: Client[] = [];

beforeEach(async () => {
  platform = await startSmallPlatform();
  first = platform.supergraphSdl;
  platform.data.vendors.set('ven_1', { id: 'ven_1', name: 'Acme', country: 'DE' });
  for (let n = 1; n <= 30; n += 1) {
    const id = `je_${n}`;
    platform.data.entries.set(id, { id, number: `JE-${n}`, vendorId: 'ven_1' });
  }
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
  await platform.stop();
});

const query = '{ journalEntry(id: "je_1") { number vendor { name country } } }';
const answer = { journalEntry: { number: 'JE-1', vendor: { name: 'Acme', country: 'DE' } } };
/** The same graph, said differently. */
const reworded = (turn: number): string => `${first}\n# ${turn}\n`;
/** A graph in which vendors have no country. */
const narrower = (): string => {
  const changed = first.replace(/^ +country: String.*\n/m, '');
  expect(changed).not.toBe(first);
  return changed;
};

interface Told {
  readonly messages: ExecutionResult<{
    journalEntryChanged: { cursor: string; journalEntry: { number: string } };
  }>[];
  readonly errors: unknown[];
}

async function follow(fields: string): Promise<Told> {
  const client = platform.client(await platform.token());
  clients.push(client);
  const told: Told = { messages: [], errors: [] };
  const text = `subscription { journalEntryChanged { cursor journalEntry { number ${fields} } } }`;
  const open = await metric('crossfoot_live_subscriptions');
  client.subscribe(
    { query: text },
    {
      next: (message) => told.messages.push(message as never),
      error: (error) => told.errors.push(...[error].flat()),
      complete: () => undefined,
    },
  );
  await expect.poll(() => metric('crossfoot_live_subscriptions')).toBe(open + 1);
  return told;
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${platform.url}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1) ?? 0);
}

const posted = (n: number) => ({ type: 'journalEntry.posted' as const, subjectId: `je_${n}` });
const numbers = (told: Told) =>
  told.messages.map(({ data }) => data?.journalEntryChanged.journalEntry.number);

test('twenty supergraphs are taken under load, without a failed request or a lost event', async () => {
  const told = await follow('vendor { name }');
  const token = await platform.token();
  let asking = true;
  let answers = 0;
  const failures: unknown[] = [];
  const ask = async (turn: number): Promise<void> => {
    for (let count = 0; asking; count += 1) {
      // Some texts are known to the gateway and some are new to it.
      const text = turn % 2 === 0 ? query : query.replace('{', `query Q${turn}_${count} {`);
      const { status, body } = await platform.ask(text, { token });
      if (status !== 200 || body.errors || JSON.stringify(body.data) !== JSON.stringify(answer))
        failures.push(body);
      answers += 1;
    }
  };
  const load = Promise.all(Array.from({ length: 6 }, (_, turn) => ask(turn)));
  for (let turn = 1; turn <= 20; turn += 1) {
    const before = answers;
    platform.events.emit(posted(turn));
    expect(platform.gateway.offer({ supergraphSdl: reworded(turn) })).toBe('taken');
    await expect.poll(() => answers, { interval: 5 }).toBeGreaterThan(before + 12);
  }
  asking = false;
  await load;
  expect(failures).toEqual([]);
  await expect.poll(() => told.messages.length).toBe(20);
  expect(numbers(told)).toEqual(Array.from({ length: 20 }, (_, index) => `JE-${index + 1}`));
  expect(told.errors).toEqual([]);
  expect(await metric('crossfoot_supergraph_offers_total{outcome="taken"}')).toBe(20);
});

test('what is under way ends on the graph with which it began', async () => {
  // In the second round the gateway knows the operation.
  for (let round = 1; round <= 2; round += 1) {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const arrived = new Promise<void>((resolve) => {
      platform.sources.transactions.before = () => {
        resolve();
        return held;
      };
    });
    const underWay = platform.ask(query);
    await arrived;
    expect(platform.gateway.offer({ supergraphSdl: narrower() })).toBe('taken');
    platform.sources.transactions.before = () => undefined;
    release();
    expect((await underWay).body.data).toEqual(answer);
    const after = await platform.ask(query);
    expect(after.body.errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
    expect(platform.gateway.offer({ supergraphSdl: first })).toBe('taken');
    expect((await platform.ask(query)).body.data).toEqual(answer);
  }
});

test.each([
  ['is no GraphQL', () => 'type Query {'],
  ['is no supergraph', () => 'type Query { a: Int }'],
  ['is empty', () => ''],
  ['ends in the middle', () => first.slice(0, first.length / 2)],
  ['names a subgraph nobody knows', () => first.replace('name: "vendors"', 'name: "strangers"')],
])('a supergraph that %s is refused, and the present one is served on', async (_what, make) => {
  expect(platform.gateway.offer({ supergraphSdl: make(), evenIfBreaking: true })).toBe('refused');
  expect((await platform.ask(query)).body.data).toEqual(answer);
  expect(await metric('crossfoot_supergraph_offers_total{outcome="refused"}')).toBe(1);
});

test('the same supergraph again changes nothing', () => {
  expect(platform.gateway.offer({ supergraphSdl: first })).toBe('unchanged');
});

test('a supergraph that breaks a subscription under way is refused', async () => {
  const told = await follow('vendor { name country }');
  expect(platform.gateway.offer({ supergraphSdl: narrower() })).toBe('refused');
  platform.events.emit(posted(1), posted(2));
  await expect.poll(() => numbers(told)).toEqual(['JE-1', 'JE-2']);
  expect((await platform.ask(query)).body.data).toEqual(answer);
});

test('taken all the same, it ends that subscription with the place to resume from, and no other', async () => {
  const broken = await follow('vendor { name country }');
  const fine = await follow('vendor { name }');
  const [event] = platform.events.emit(posted(1));
  await expect.poll(() => [...numbers(broken), ...numbers(fine)]).toEqual(['JE-1', 'JE-1']);
  expect(platform.gateway.offer({ supergraphSdl: narrower(), evenIfBreaking: true })).toBe('taken');
  await expect
    .poll(() => broken.errors)
    .toMatchObject([
      {
        extensions: {
          code: 'SUBSCRIPTION_SCHEMA_RELOAD',
          lastCursor: event && encodeCursor(event.position),
        },
      },
    ]);
  platform.events.emit(posted(2));
  await expect.poll(() => numbers(fine)).toEqual(['JE-1', 'JE-2']);
  expect(numbers(broken)).toEqual(['JE-1']);
});

test('a supergraph that breaks a registered operation is refused, unless that was broken before', async () => {
  const registered = (text: string) => ({
    hash: 'a'.repeat(64),
    text,
    name: 'VendorList',
    file: 'operations.json',
  });
  for (const [text, outcome] of [
    ['query VendorList { journalEntry(id: "1") { vendor { country } } }', 'refused'],
    ['query VendorList { journalEntry(id: "1") { vendor { name } } }', 'taken'],
    ['query VendorList { journalEntry(id: "1") { vendor { country motto } } }', 'taken'],
  ] as const) {
    const all = [registered(text)];
    const other = await startSmallPlatform({ registered: { all, has: () => true, textOf: () => text } });
    expect(other.gateway.offer({ supergraphSdl: narrower() })).toBe(outcome);
    await other.stop();
  }
});
