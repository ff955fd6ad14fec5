import { mkdtempSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLog } from '#kernel/log';
import { followSupergraphFile } from '../../commands/supergraph-file.ts';
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
