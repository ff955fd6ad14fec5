import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CrossfootError } from '#kernel/errors';
import { sleep } from '#kernel/sleep';
import { startSmallPlatform, type SmallPlatform } from '../fixtures/small-platform.ts';

const slow = 40;

let platform: SmallPlatform;
const lines: Record<string, unknown>[] = [];

beforeAll(async () => {
  const log = pino(
    { level: 'warn' },
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
        done();
      },
    }),
  );
  platform = await startSmallPlatform({
    log,
    config: {
      port: 0,
      host: '127.0.0.1',
      oidc: undefined,
      uploadLimitBytes: 1024,
      allowedOrigins: [],
      observability: { traces: undefined, slowOperationMilliseconds: slow, timedRequests: 0 },
    },
  });
  platform.data.vendors.set('ven_1', { id: 'ven_1', name: 'Acme' });
  platform.data.entries.set('je_secret', { id: 'je_secret', number: 'JE-1', vendorId: 'ven_1' });
});
afterAll(() => platform.stop());

const query = 'query Slow($id: ID!) { journalEntry(id: $id) { number vendor { name } } }';
const slowLines = () => lines.filter(({ msg }) => msg === 'a slow operation');

// The first goes through Apollo Server, the second the short way; both must be told of alike.
test.each(['first', 'second'])('a slow operation, asked for the %s time, is logged once', async () => {
  lines.length = 0;
  platform.sources.vendors.before = () => sleep(slow + 10);
  const answer = await platform.ask(query, {
    variables: { id: 'je_secret' },
    headers: { 'graphql-client-name': 'desk', 'graphql-client-version': '3' },
  });
  platform.sources.vendors.before = () => undefined;
  expect(answer.body.errors).toBeUndefined();
  const [line, ...others] = slowLines();
  expect(others).toEqual([]);
  expect(line).toMatchObject({
    name: 'Slow',
    type: 'query',
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    cost: 4,
    client: { name: 'desk', version: '3' },
    traceId: answer.headers.get('x-trace-id'),
    fetches: [
      { subgraph: 'transactions', path: '', kind: 'root', entities: 0, failed: false },
      { subgraph: 'vendors', path: 'journalEntry.vendor', kind: 'entities', entities: 1, failed: false },
    ],
  });
  expect(JSON.stringify(line)).not.toMatch(/je_secret|Acme|JE-1|Bearer/);
});

test('a quick operation is not logged', async () => {
  lines.length = 0;
  await platform.ask('{ viewerName }');
  await platform.ask('{ viewerName }');
  expect(slowLines()).toEqual([]);
});

test('a call of a subgraph counts by its outcome', async () => {
  const count = async (outcome: string): Promise<number> => {
    const text = await (await fetch(`${platform.url}/metrics`)).text();
    const found = new RegExp(
      `^crossfoot_subgraph_fetch_seconds_count\\{subgraph="transactions",kind="root",outcome="${outcome}"\\} (\\d+)`,
      'm',
    ).exec(text);
    return Number(found?.[1] ?? 0);
  };
  const before = await Promise.all(['ok', 'errors', 'failed'].map(count));
  const { transactions } = platform.sources;
  await platform.ask('{ journalEntry(id: "je_secret") { number } }');
  await platform.ask('{ refused }');
  transactions.before = () => {
    throw new CrossfootError('UNAVAILABLE', 'away');
  };
  await platform.ask('{ journalEntry(id: "je_none") { number } }');
  transactions.before = () => undefined;
  const after = await Promise.all(['ok', 'errors', 'failed'].map(count));
  expect(after.map((value, at) => value - (before[at] ?? 0))).toEqual([1, 1, 1]);
});
