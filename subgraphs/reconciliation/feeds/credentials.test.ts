import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '#kernel/actor';
import { feedBench } from '../../../test/support/feeds.ts';
import { openAccount } from '../../../test/support/reconciliation.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { createBankFeed } from './create-bank-feed.ts';
import { rotateBankFeedSecret } from './rotate-bank-feed-secret.ts';
import { setBankFeedCredentials } from './set-bank-feed-credentials.ts';
import { reconciliation } from '../subgraph.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench([reconciliation]);
});
afterAll(() => bench.close());

const feeds = feedBench(() => bench);
const door = () => bench.door('reconciliation');
let organisations = 0;
function stranger(): Actor {
  organisations += 1;
  return bench.actor('Ines', ['OWNER'], `org_0secret${organisations}`);
}

const password = 'correct horse battery staple';
// An address for documentation: nobody answers there, and feeds may not go there.
const sftp = { host: '192.0.2.1', user: 'kestrel', hostKey: `SHA256:${'A'.repeat(43)}`, password };

/** Everything the database holds of feeds, of what was told and what was audited, as one text. */
async function allRows(): Promise<string> {
  const tables = ['reconciliation.bank_feed', 'kernel.outbox', 'kernel.command_log', 'kernel.audit_stage'];
  const texts = await Promise.all(
    tables.map(async (table) => JSON.stringify((await bench.owner.query(`select * from ${table}`)).rows)),
  );
  return texts.join('\n');
}

test('credentials are sealed, shown by a hint alone, and replaced as a whole', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  const bankFeedId = await feeds.open(actor, bookId, { kind: 'SFTP', folder: undefined, sftp });
  const feed = await feeds.ended(actor, bankFeedId, 1);
  expect(feed).toMatchObject({ status: 'FAILING', problem: { code: 'FEED_ADDRESS_REFUSED' } });
  expect(feed.credentialHint).toBe('password …aple');
  expect(await allRows()).not.toContain(password);

  const set = (given: object) => door().run(setBankFeedCredentials, { bankFeedId, ...given }, { actor });
  expect((await set({ password: 'another one, quite long' })).errors).toEqual([]);
  expect((await feeds.feedNow(actor, bankFeedId)).credentialHint).toBe('password …long');
  expect((await set({ password: 'short' })).errors).toEqual([]);
  expect((await feeds.feedNow(actor, bankFeedId)).credentialHint).toBe('password …');
  for (const wrong of [{}, { headers: [{ name: 'A', value: 'b' }] }, { password, privateKey: 'x' }]) {
    expect((await set(wrong)).errors).toMatchObject([{ code: 'FIELD_INVALID' }]);
  }
  expect(await allRows()).not.toContain('another one, quite long');
});

test('the secret of a pushed feed is told once, and its hash alone is kept', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  const once = { actor, idempotencyKey: 'once' };
  const input = { bookId, name: 'Push', kind: 'PUSH' };
  const made = await door().run(createBankFeed, input, once);
  const first = made.result?.secret ?? '';
  expect((await door().run(createBankFeed, input, once)).result?.secret).toBeUndefined();
  const bankFeedId = made.result?.bankFeedId;
  const rotated = await door().run(rotateBankFeedSecret, { bankFeedId }, { actor });
  const second = rotated.result?.secret ?? '';
  expect(second).not.toBe(first);
  const rows = await allRows();
  for (const secret of [first, second]) {
    expect(secret).toMatch(/^cff_/);
    expect(rows).not.toContain(secret);
  }
});

test('a feed says what it needs', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  const create = async (given: object) => {
    const { errors } = await door().run(createBankFeed, { bookId, name: 'Bank', ...given }, { actor });
    return errors.map(({ code, path }) => `${code} ${path.join('.')}`);
  };
  expect(await create({ kind: 'SFTP' })).toEqual(['FIELD_INVALID sftp']);
  expect(await create({ kind: 'SFTP', sftp: { ...sftp, hostKey: 'MD5:aa' } })).toEqual([
    'FIELD_INVALID sftp.hostKey',
  ]);
  expect(await create({ kind: 'SFTP', sftp: { ...sftp, password: undefined } })).toEqual([
    'FIELD_INVALID sftp',
  ]);
  expect(await create({ kind: 'HTTPS', https: { url: 'no address' } })).toEqual(['FIELD_INVALID https.url']);
  const headers = [{ name: 'Host', value: 'other.example' }];
  expect(await create({ kind: 'HTTPS', https: { url: 'https://bank.example/', headers } })).toEqual([
    'FIELD_INVALID https.headers.0.name',
  ]);
  expect(await create({ kind: 'PUSH', schedule: { everyMinutes: 5 } })).toEqual(['FIELD_INVALID schedule']);
  expect(await create({ kind: 'PUSH', bankAccountId: 'ba_none' })).toEqual([
    'BANK_ACCOUNT_UNKNOWN bankAccountId',
  ]);
  expect(await create({ kind: 'PUSH' })).toEqual([]);
  expect(await create({ kind: 'PUSH' })).toEqual(['ALREADY_EXISTS name']);
});
