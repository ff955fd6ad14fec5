import { mkdtempSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildSchema } from 'graphql';
import { readConfig } from '#kernel/config';
import { createLog } from '#kernel/log';
import { startRouterProcess } from '../../commands/open-router.ts';
import { followSupergraphFile } from '../../commands/supergraph-file.ts';
import { composeOrThrow } from '../../gateway/graph/compose.ts';
import type { SupergraphOffer } from '../../gateway/graph/supergraph-offers.ts';

let folder: string;
let offers: SupergraphOffer[];
let following: { stop(): Promise<void> } | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossfoot-supergraph-'));
  offers = [];
});
afterEach(async () => {
  await following?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function follow(file: string, supergraphSdl: string): void {
  const gateway = { offer: (offer: SupergraphOffer) => (offers.push(offer), 'taken' as const) };
  following = followSupergraphFile({ gateway, file, supergraphSdl, log: createLog('silent', 'test') });
}

test('a file that is written or replaced is offered', async () => {
  const file = join(folder, 'supergraph.graphql');
  writeFileSync(file, 'one');
  follow(file, 'one');
  writeFileSync(file, 'the second');
  await expect.poll(() => offers).toEqual([{ supergraphSdl: 'the second', evenIfBreaking: false }]);
  writeFileSync(`${file}.new`, 'the third one');
  renameSync(`${file}.new`, file);
  await expect.poll(() => offers.at(-1)?.supergraphSdl).toBe('the third one');
});

test('a link that is turned to another folder is followed, and a file that is gone for a while is waited for', async () => {
  for (const name of ['a', 'b']) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'supergraph.graphql'), `graph ${name}`);
  }
  symlinkSync(join(folder, 'a'), join(folder, 'current'));
  follow(join(folder, 'current', 'supergraph.graphql'), 'graph a');
  rmSync(join(folder, 'current'));
  symlinkSync(join(folder, 'b'), join(folder, 'current'));
  await expect.poll(() => offers.at(-1)?.supergraphSdl).toBe('graph b');
});

test('the signal to reload offers the file as it is, even if it breaks something', async () => {
  const file = join(folder, 'supergraph.graphql');
  writeFileSync(file, 'one');
  follow(file, 'one');
  process.emit('SIGHUP', 'SIGHUP');
  await expect.poll(() => offers).toEqual([{ supergraphSdl: 'one', evenIfBreaking: true }]);
  await following?.stop();
  expect(process.listenerCount('SIGHUP')).toBe(0);
});

test('a router of any supergraph serves what its file holds, and keeps the last one that can be served', async () => {
  const file = join(folder, 'supergraph.graphql');
  const graphOf = (field: string) =>
    composeOrThrow([{ name: 'one', schema: buildSchema(`type Query { ${field}: Int }`) }]).supergraphSdl;
  writeFileSync(file, graphOf('before'));
  const router = await startRouterProcess(readConfig({ PORT: '0', LOG_LEVEL: 'silent' }), file);
  following = router;
  const fields = async (): Promise<string> => {
    const response = await fetch(`${router.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ __schema { queryType { fields { name } } } }' }),
    });
    return response.text();
  };
  expect(await fields()).toContain('"before"');
  writeFileSync(file, graphOf('after'));
  await expect.poll(fields).toContain('"after"');
  writeFileSync(file, 'no graph at all');
  writeFileSync(file, graphOf('atLast'));
  await expect.poll(fields).toContain('"atLast"');
});
