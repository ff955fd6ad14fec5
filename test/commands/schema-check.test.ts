import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { getOperationAST, buildSchema, parse, type OperationDefinitionNode } from 'graphql';
import { profileOf } from '../../gateway/usage/coordinates.ts';
import { usageStore } from '../../gateway/usage/usage-store.ts';
import type { SchemaCheckReport } from '../../commands/schema-check.ts';
import { createTestDatabase } from '../support/database.ts';

const before = `
  type Query { thing(id: ID!): Thing count: Int }
  type Thing { id: ID! name: String size: Int colour: String weight: Int }
`;
/** `colour` is used, `weight` was used long ago, `size` by nobody. */
const after = `
  type Query { thing(id: ID!): Thing count: Int }
  type Thing { id: ID! name: String! }
`;

let bench: Awaited<ReturnType<typeof createTestDatabase>>;
let folder: string;
const root = join(import.meta.dirname, '../..');

beforeAll(async () => {
  bench = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'crossfoot-check-'));
});
beforeEach(() => bench.owner.query('truncate gateway.usage, gateway.operation'));
afterAll(async () => {
  await bench.drop();
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function used(text: string, { client = 'web', daysAgo = 0, count = 3 } = {}): Promise<void> {
  const document = parse(text);
  const operation = getOperationAST(document) as OperationDefinitionNode;
  const profile = profileOf(buildSchema(before), { document, operation });
  const lastUsedAt = new Date(Date.now() - daysAgo * 86_400_000);
  const day = lastUsedAt.toISOString().slice(0, 10);
  const store = usageStore(bench.database);
  await store.add({
    operations: [profile],
    counts: [{ day, client, version: '2.1', hash: profile.hash, count, lastUsedAt }],
  });
  await store.stop();
}

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function crossfoot(args: readonly string[], environment: Record<string, string> = {}): Promise<Ran> {
  const { ownerUrl, secret } = bench.database;
  const env = {
    ...process.env,
    DATABASE_URL: ownerUrl,
    CROSSFOOT_SECRET: secret,
    CROSSFOOT_DATA: join(folder, 'data'),
    ...environment,
  };
  return new Promise((resolve) => {
    execFile(process.execPath, ['main.ts', ...args], { cwd: root, env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr });
    });
  });
}

async function report(args: readonly string[], environment: Record<string, string> = {}) {
  const { code, stdout, stderr } = await crossfoot(['schema', 'check', ...args, '--json'], environment);
  expect(stderr).toBe('');
  const found = JSON.parse(stdout) as SchemaCheckReport;
  const verdicts = found.changes.map(({ coordinate, verdict }) => [coordinate, verdict]);
  return { code, found, verdicts: Object.fromEntries(verdicts) as Record<string, string> };
}

describe('a change of the schema', () => {
  test('fails when somebody uses what it breaks, and says who and when', async () => {
    await used('query Old { thing(id: 1) { weight } }', { daysAgo: 60 });
    await used('query Shown { thing(id: 1) { colour } }');
    await used('query Count { count }', { client: 'mobile' });
    const files = [file('before.graphql', before), file('after.graphql', after)];
    const { code, found, verdicts } = await report(files);
    expect(code).toBe(1);
    expect(found.ok).toBe(false);
    expect(verdicts).toEqual({
      'Thing.colour': 'breaks',
      'Thing.size': 'unused',
      'Thing.weight': 'unused',
      'Thing.name': 'safe',
    });
    const [colour] = found.changes.filter(({ coordinate }) => coordinate === 'Thing.colour');
    expect(colour?.uses).toEqual([
      { client: 'web', version: '2.1', operation: 'Shown', count: 3, lastUsedAt: expect.any(String) },
    ]);
    // Seen over a longer span, the old use counts as well.
    const longer = await report([...files, '--days', '90']);
    expect(longer.verdicts['Thing.weight']).toBe('breaks');
    const text = await crossfoot(['schema', 'check', ...files]);
    expect(text.code).toBe(1);
    expect(text.stdout).toMatch(
      /BREAKS \(1\)\n {2}Thing.colour was removed\n {6}web 2.1: Shown \(3 times, last 20/,
    );
  });

  test('passes when nobody uses what it breaks', async () => {
    await used('query Count { count }');
    const { code, found } = await report([file('before.graphql', before), file('after.graphql', after)]);
    expect([code, found.ok]).toEqual([0, true]);
    expect(found.recordedSince).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  test('fails when nothing is known of usage', async () => {
    const files = [file('before.graphql', before), file('after.graphql', after)];
    const { code, found, verdicts } = await report(files);
    expect([code, found.recordedSince, verdicts['Thing.size']]).toEqual([1, null, 'breaks']);
  });

  test('fails when a registered operation needs what it breaks, used or not', async () => {
    await used('query Count { count }');
    const manifest = file('mobile.json', JSON.stringify({ one: 'query Planned { thing(id: 1) { size } }' }));
    const files = [file('before.graphql', before), file('after.graphql', after)];
    const { code, found, verdicts } = await report(files, { CROSSFOOT_OPERATIONS: manifest });
    expect([code, verdicts['Thing.size'], verdicts['Thing.colour']]).toEqual([1, 'breaks', 'unused']);
    const [size] = found.changes.filter(({ coordinate }) => coordinate === 'Thing.size');
    expect(size?.uses).toEqual([{ client: 'mobile.json', version: '', operation: 'Planned', count: 0 }]);
  });
});

test('the project as it is breaks nobody, against itself and against what was recorded', async () => {
  await used('query Gone { count }');
  const itself = await report(['--against', join(root, 'schema/api.graphql')]);
  expect([itself.code, itself.found.changes]).toEqual([0, []]);
  const recorded = await report(['--against', 'recorded']);
  expect([recorded.code, recorded.verdicts]).toEqual([1, { 'Query.count': 'breaks' }]);
});

test('what can be no schema is refused in words', async () => {
  for (const against of ['--output=x', join(root, 'schema/supergraph.graphql')]) {
    const { code, stderr } = await crossfoot(['schema', 'check', `--against=${against}`]);
    expect(code).toBe(1);
    expect(stderr).toContain(against);
  }
  expect((await crossfoot(['schema', 'check'])).stderr).toContain('Say what to compare with');
});

test('usage is shown by client', async () => {
  await used('query Shown { thing(id: 1) { colour } }');
  await used('query Count { count }', { client: 'mobile', count: 9 });
  const all = await crossfoot(['schema', 'usage']);
  expect(all.stdout).toMatch(/mobile 2.1 {2}query Count {2}9 times[\s\S]*web 2.1 {2}query Shown {2}3 times/);
  const one = await crossfoot(['schema', 'usage', '--client', 'web', '--json']);
  const { uses } = JSON.parse(one.stdout) as {
    uses: { client: string; name: string; deprecated: string[] }[];
  };
  expect(uses).toMatchObject([{ client: 'web', name: 'Shown', deprecated: [] }]);
});
