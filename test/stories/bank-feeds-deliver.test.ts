import { createServer, type Server } from 'node:http';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { mutate, openCompany, type Company } from '../support/company.ts';
import { camtStatement, type Movement } from '../support/papers.ts';
import { eventually, modes, startTestPlatform, type Platform } from '../support/platform.ts';
import { sshdInstalled, startSftp, type TestSftp } from '../support/sftp-server.ts';
import { linesNow, postInvoice } from '../support/steps.ts';

/** One movement of a day, in a statement that goes on where the one of the day before ended. */
const movement = (day: number): Movement => ({
  cents: -10_000 - day,
  on: `2026-10-${String(day).padStart(2, '0')}`,
  name: 'Nordlicht Hosting GmbH',
  text: `Payment of day ${day}`,
});
const statement = (day: number): Uint8Array => {
  const before = Array.from({ length: day - 1 }, (_, at) => movement(at + 1).cents);
  const opening = before.reduce((sum, cents) => sum + cents, 1_000_000);
  // The helper dates balances on the last day of the month, so each statement tells its own days.
  const text = Buffer.from(camtStatement([movement(day)], { id: `D${day}`, opening })).toString();
  return Buffer.from(text.replaceAll('<Dt>2026-10-31</Dt>', `<Dt>${movement(day).on}</Dt>`));
};

interface Feed {
  readonly id: string;
  readonly status: string;
  readonly problem: { readonly code: string } | null;
  readonly files: { readonly edges: { readonly node: { readonly name: string; readonly state: string } }[] };
}

describe.each(modes)('files of banks come in by themselves, in %s', (mode) => {
  let platform: Platform;
  let company: Company;
  let sftp: TestSftp;
  let web: Server;
  const served = statement(4);
  let asked = 0;

  beforeAll(async () => {
    if (!sshdInstalled) return;
    sftp = await startSftp();
    web = createServer((request, response) => {
      asked += 1;
      const tag = `"${served.length}-${Buffer.from(served).toString('hex').length}"`;
      if (request.headers.authorization !== 'Bearer of the bank') response.writeHead(401).end();
      else if (request.headers['if-none-match'] === tag) response.writeHead(304).end();
      else response.writeHead(200, { etag: tag }).end(served);
    });
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    platform = await startTestPlatform(mode, { environment: { CROSSFOOT_FEED_HOSTS: '127.0.0.1' } });
    company = await openCompany(platform);
    await postInvoice(company, { number: 'NH-1', net: 500 });
  });
  afterAll(async () => {
    await platform?.stop();
    await sftp?.close();
    web?.close();
  });
  beforeEach((context) => context.skip(!sshdInstalled, 'sshd is not installed'));

  const create = async (input: object): Promise<{ id: string; secret: string }> => {
    const made = await mutate<{ bankFeed: { id: string }; secret: string }>(company.owner, 'createBankFeed', {
      input: { bookId: company.bookId, ...input },
      fields: 'bankFeed { id } secret',
    });
    return { id: made.bankFeed.id, secret: made.secret };
  };
  const feedNow = async (id: string): Promise<Feed> => {
    const { bankFeed } = await company.owner.run<{ bankFeed: Feed }>(
      'query ($id: ID!) { bankFeed(id: $id) { id status problem { code } files { edges { node { name state } } } } }',
      { id },
    );
    return bankFeed;
  };
  const states = async (id: string) =>
    (await feedNow(id)).files.edges.map(({ node }) => `${node.name} ${node.state}`).toSorted();
  const pull = (id: string) => mutate(company.owner, 'pullBankFeed', { input: { bankFeedId: id } });
  const lines = async () => (await linesNow(company)).map(({ remittance }) => remittance).toSorted();
  const send = (id: string, secret: string, bytes: Uint8Array) =>
    fetch(`${platform.url}/feeds/${id}?name=day.xml`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/xml' },
      body: Buffer.from(bytes),
    });

  test('from a drop folder, over SFTP, from an address and sent to us: every line once, reconciled', async () => {
    const inbox = join(platform.dataFolder, 'feeds', company.organisationId, 'inbox');
    mkdirSync(inbox, { recursive: true });
    writeFileSync(join(inbox, '1.xml'), statement(1));
    const drop = await create({
      name: 'Drop',
      kind: 'FOLDER',
      folder: { path: 'inbox' },
      settleSeconds: 1,
      afterwards: 'MOVE',
    });
    await eventually(async () => (await states(drop.id)).includes('1.xml IMPORTED'));
    await eventually(async () => readdirSync(inbox).join() === 'done');

    const push = await create({ name: 'Push', kind: 'PUSH' });
    const answer = await send(push.id, push.secret, statement(2));
    expect(answer.status).toBe(200);
    const first = (await answer.json()) as { state: string; statementIds: string[]; problems: unknown[] };
    expect(first).toMatchObject({ state: 'IMPORTED', problems: [] });
    expect(first.statementIds).toHaveLength(1);
    const again = await send(push.id, push.secret, statement(2));
    expect(await again.json()).toEqual(first);
    expect((await send(push.id, `${push.secret.slice(0, -1)}_`, statement(2))).status).toBe(401);
    expect((await send(drop.id, push.secret, statement(2))).status).toBe(401);
    expect((await send(push.id, company.keys.owner, statement(2))).status).toBe(200);
    const refused = await send(push.id, push.secret, Buffer.from('nothing of the kind'));
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({ state: 'REFUSED', problems: [{ code: 'FORMAT_UNKNOWN' }] });

    writeFileSync(join(sftp.folder, '3.xml'), statement(3));
    const { host, port, user, folder: path, privateKey } = sftp;
    const server = { host, port, user, path, hostKey: sftp.hostKey(), privateKey };
    const bank = await create({ name: 'Bank', kind: 'SFTP', sftp: server, settleSeconds: 1 });
    await eventually(async () => (await states(bank.id)).includes('3.xml IMPORTED'));

    const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}/statement.xml`;
    const headers = [{ name: 'Authorization', value: 'Bearer of the bank' }];
    const address = await create({ name: 'Address', kind: 'HTTPS', https: { url, headers } });
    await eventually(async () => (await states(address.id)).includes('statement.xml IMPORTED'));
    const before = asked;
    await pull(address.id);
    await eventually(async () => asked > before);
    expect(await states(address.id)).toHaveLength(1);

    const told = await company.owner.run(
      'query ($b: ID!) { bankFeeds(bookId: $b) { credentialHint place } }',
      {
        b: company.bookId,
      },
    );
    expect(JSON.stringify(told)).not.toContain('of the bank');
    await eventually(async () => (await linesNow(company)).every(({ status }) => status !== 'UNMATCHED'));
    expect(await lines()).toEqual([1, 2, 3, 4].map((day) => expect.stringContaining(`day ${day}`)));
  });

  test('a power cut in the middle loses nothing and doubles nothing', async () => {
    const { bankFeeds } = await company.owner.run<{ bankFeeds: { id: string; name: string }[] }>(
      'query ($b: ID!) { bankFeeds(bookId: $b) { id name } }',
      { b: company.bookId },
    );
    const idOf = (name: string) => bankFeeds.find((feed) => feed.name === name)?.id ?? '';
    const days = Array.from({ length: 12 }, (_, at) => at + 5);
    for (const day of days) writeFileSync(join(sftp.folder, `${day}.xml`), statement(day));
    await pull(idOf('Bank'));
    // Somewhere between the first file and the last.
    await eventually(async () => (await lines()).length > 4);
    await platform.killAndRestart();
    // The run of the dead process holds the feed until its lease is over, which a clock would show in four minutes.
    await platform.owner.query(
      `update reconciliation.bank_feed_run set leased_until = now() where status = 'RUNNING'`,
    );
    await eventually(async () => {
      const { status } = await feedNow(idOf('Bank'));
      if (status !== 'PAUSED') await pull(idOf('Bank'));
      const now = await states(idOf('Bank'));
      return days.every((day) => now.some((one) => one === `${day}.xml IMPORTED`));
    }, 60_000);
    expect(await lines()).toHaveLength(4 + days.length);
    expect(new Set(await lines()).size).toBe(4 + days.length);
  });

  test('a server with another key is refused, told with what to do, and taken again once its key is pinned', async () => {
    const { bankFeeds } = await company.owner.run<{ bankFeeds: { id: string; name: string }[] }>(
      'query ($b: ID!) { bankFeeds(bookId: $b) { id name } }',
      { b: company.bookId },
    );
    const bankFeedId = bankFeeds.find(({ name }) => name === 'Bank')?.id ?? '';
    await sftp.changeKey();
    await pull(bankFeedId);
    // A look of before may have met the server while it was down.
    await eventually(async () => (await feedNow(bankFeedId)).problem?.code === 'FEED_HOST_KEY_CHANGED');
    expect((await feedNow(bankFeedId)).status).toBe('FAILING');
    const { exceptions } = await company.owner.run<{ exceptions: { edges: { node: { reason: string } }[] } }>(
      'query ($b: ID!) { exceptions(bookId: $b, status: OPEN) { edges { node { reason } } } }',
      { b: company.bookId },
    );
    expect(exceptions.edges.map(({ node }) => node.reason)).toContain('FEED_FAILED');
    await mutate(company.owner, 'changeBankFeed', { input: { bankFeedId, hostKey: sftp.hostKey() } });
    await pull(bankFeedId);
    await eventually(async () => (await feedNow(bankFeedId)).status === 'ACTIVE');
  });
});
