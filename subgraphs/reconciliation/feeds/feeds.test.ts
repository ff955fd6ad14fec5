import { appendFileSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemActor, type Actor } from '#kernel/actor';
import { eventually } from '../../../test/support/eventually.ts';
import { linesOf, mt940, openAccount } from '../../../test/support/reconciliation.ts';
import { upload } from '../../../test/support/upload.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { changeBankFeed } from './change-bank-feed.ts';
import { createBankFeed } from './create-bank-feed.ts';
import { noteFeedFiles } from './note-feed-files.ts';
import { openFeedRun } from './open-feed-run.ts';
import { pauseBankFeed } from './pause-bank-feed.ts';
import { pullBankFeed } from './pull-bank-feed.ts';
import { pushBankFeedFile } from './push-bank-feed-file.ts';
import { retryBankFeedFile } from './retry-bank-feed-file.ts';
import { reconciliation } from '../subgraph.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench([reconciliation]);
});
afterAll(() => bench.close());

let organisations = 0;
/** An organisation of its own for each test, because an account is open once in an organisation. */
function stranger(): Actor {
  organisations += 1;
  return bench.actor('Ines', ['OWNER'], `org_0feed${organisations}`);
}

const door = () => bench.door('reconciliation');
const dropFolder = (actor: Actor, path: string) =>
  join(bench.services.dataFolder, 'feeds', actor.organisationId, path);

interface ShownFeed {
  readonly status: string;
  readonly failures: number;
  readonly problem: { readonly code: string; readonly remedy: string } | null;
  readonly files: { readonly edges: { readonly node: ShownFile }[] };
  readonly runs: { readonly edges: { readonly node: { status: string; found: number; waiting: number } }[] };
}
interface ShownFile {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly content: string | null;
  readonly fileId: string | null;
  readonly problems: { readonly code: string; readonly message: string }[];
  readonly statements: { readonly id: string }[];
}

async function feedNow(actor: Actor, id: string): Promise<ShownFeed> {
  const data = await bench.query<{ bankFeed: ShownFeed }>(
    'reconciliation',
    `query ($id: ID!) { bankFeed(id: $id) { status failures problem { code remedy }
       files { edges { node { id name state content fileId problems { code message } statements { id } } } }
       runs { edges { node { status found waiting } } } } }`,
    { actor, variables: { id } },
  );
  return data.bankFeed;
}

/** Looks into the feed once more and waits until that has ended. */
async function look(actor: Actor, bankFeedId: string): Promise<ShownFeed> {
  const before = (await feedNow(actor, bankFeedId)).runs.edges.length;
  expect((await door().run(pullBankFeed, { bankFeedId }, { actor })).errors).toEqual([]);
  return ended(actor, bankFeedId, before + 1);
}

async function ended(actor: Actor, bankFeedId: string, runs: number): Promise<ShownFeed> {
  const found = await eventually(async () => {
    const feed = await feedNow(actor, bankFeedId);
    const all = feed.runs.edges;
    return all.length >= runs && all.every(({ node }) => node.status !== 'RUNNING') && feed;
  });
  return found as ShownFeed;
}

async function folderFeed(actor: Actor, bookId: string, more: object = {}): Promise<string> {
  const outcome = await door().run(
    createBankFeed,
    { bookId, name: 'Drop', kind: 'FOLDER', folder: { path: 'inbox' }, settleSeconds: 1, ...more },
    { actor },
  );
  expect(outcome.errors).toEqual([]);
  return outcome.result?.bankFeedId ?? '';
}

const files = (feed: ShownFeed) => feed.files.edges.map(({ node }) => node).toReversed();
const states = (feed: ShownFeed) => files(feed).map(({ name, state }) => [name, state]);
const lines = [{ day: '260302', amount: '250.50', name: 'ADA', text: 'Rechnung 7', bankReference: 'B-1' }];

test('files of a drop folder are imported once, kept, and a bad one stops nothing', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  const inbox = dropFolder(actor, 'inbox');
  mkdirSync(inbox, { recursive: true });
  writeFileSync(join(inbox, 'a.sta'), mt940({ lines }));
  writeFileSync(join(inbox, 'b.txt'), 'this is no statement');
  writeFileSync(join(inbox, 'c.sta.part'), mt940({ lines }));
  const bankFeedId = await folderFeed(actor, bookId);
  const first = await ended(actor, bankFeedId, 1);
  expect(states(first)).toEqual([
    ['a.sta', 'IMPORTED'],
    ['b.txt', 'REFUSED'],
  ]);
  expect(files(first)[1]?.problems[0]).toMatchObject({ code: 'FORMAT_UNKNOWN' });
  expect(await linesOf(bench, bookId, actor)).toHaveLength(1);

  writeFileSync(join(inbox, 'copy.sta'), mt940({ lines }));
  const second = await look(actor, bankFeedId);
  expect(states(second)).toEqual([
    ['a.sta', 'IMPORTED'],
    ['b.txt', 'REFUSED'],
    ['copy.sta', 'DUPLICATE'],
  ]);
  expect(second).toMatchObject({ status: 'ACTIVE', problem: null });
  expect(readdirSync(inbox).toSorted()).toEqual(['a.sta', 'b.txt', 'c.sta.part', 'copy.sta']);
});

test('a file that still grows is left alone until it stands still, and is then put away', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  const inbox = dropFolder(actor, 'inbox');
  mkdirSync(inbox, { recursive: true });
  const text = mt940({ lines });
  const path = join(inbox, 'a.sta');
  writeFileSync(path, text.slice(0, 100));
  const bankFeedId = await folderFeed(actor, bookId, { afterwards: 'MOVE', settleSeconds: 3600 });
  const waiting = await ended(actor, bankFeedId, 1);
  expect(states(waiting)).toEqual([['a.sta', 'WAITING']]);
  expect(waiting.runs.edges[0]?.node).toMatchObject({ status: 'SUCCEEDED', found: 1, waiting: 1 });

  appendFileSync(path, text.slice(100));
  await door().run(changeBankFeed, { bankFeedId, settleSeconds: 1 }, { actor });
  writeFileSync(join(inbox, 'bad.txt'), 'this is no statement');
  const taken = await look(actor, bankFeedId);
  expect(states(taken)).toEqual([
    ['a.sta', 'IMPORTED'],
    ['bad.txt', 'REFUSED'],
  ]);
  expect(readdirSync(inbox).toSorted()).toEqual(['done', 'refused']);
  expect(readdirSync(join(inbox, 'done'))).toEqual(['a.sta']);
  expect(readdirSync(join(inbox, 'refused'))).toEqual(['bad.txt']);

  // The same name with other bytes is another file, and nothing that was put away is written over.
  writeFileSync(
    path,
    mt940({ opening: '250.50', lines: [{ ...lines[0]!, day: '260303', bankReference: 'B-2' }] }),
  );
  expect(states(await look(actor, bankFeedId))).toContainEqual(['a.sta', 'IMPORTED']);
  expect(readdirSync(join(inbox, 'done'))).toHaveLength(2);
  expect(await linesOf(bench, bookId, actor)).toHaveLength(2);
});

test('a folder that leads out of the drop folders is refused and told to a person', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  const own = dropFolder(actor, '');
  mkdirSync(own, { recursive: true });
  symlinkSync('/', join(own, 'inbox'));
  const feed = await ended(actor, await folderFeed(actor, bookId), 1);
  expect(feed).toMatchObject({ status: 'FAILING', failures: 1, problem: { code: 'FEED_ADDRESS_REFUSED' } });
  const { exceptions } = await bench.query<{ exceptions: { edges: { node: object }[] } }>(
    'reconciliation',
    'query ($b: ID!) { exceptions(bookId: $b) { edges { node { reason status subjectType } } } }',
    { actor, variables: { b: bookId } },
  );
  expect(exceptions.edges).toEqual([
    { node: { reason: 'FEED_FAILED', status: 'OPEN', subjectType: 'BankFeed' } },
  ]);
  const outside = await door().run(
    createBankFeed,
    { bookId, name: 'Out', kind: 'FOLDER', folder: { path: '../other' } },
    { actor },
  );
  expect(outside.errors).toMatchObject([{ code: 'FIELD_INVALID', path: ['folder', 'path'] }]);
});

test('a file that is sent twice answers the same, and a refused one is taken once its account is open', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  const made = await door().run(createBankFeed, { bookId, name: 'Bank', kind: 'PUSH' }, { actor });
  const bankFeedId = made.result?.bankFeedId ?? '';
  expect(made.result?.secret).toMatch(new RegExp(`^cff_${actor.organisationId}\\.${bankFeedId}\\.`));
  const send = async (text: string) => {
    const fileId = await upload(bench, text, { actor });
    return door().run(pushBankFeedFile, { bankFeedId, fileId, name: 'today.sta' }, { actor });
  };
  const first = await send(mt940({ lines }));
  expect(first).toMatchObject({ errors: [], result: { state: 'IMPORTED' } });
  expect(await send(mt940({ lines }))).toEqual(first);

  const other = mt940({ lines, account: 'DE02120300000000202051' });
  const refused = await send(other);
  expect(refused.errors.map(({ code }) => code)).toEqual(['BANK_ACCOUNT_UNKNOWN']);
  expect(refused.result).toMatchObject({ state: 'REFUSED', statementIds: [] });
  expect((await send(other)).errors).toEqual(refused.errors);
  await openAccount(bench, { actor, bookId, iban: 'DE02120300000000202051' });
  const [, kept] = files(await feedNow(actor, bankFeedId));
  const { id: bankFeedFileId, fileId } = kept!;
  const again = await door().run(retryBankFeedFile, { bankFeedFileId, fileId }, { actor });
  expect(again).toMatchObject({ errors: [], result: { state: 'IMPORTED' } });
  const twice = await door().run(retryBankFeedFile, { bankFeedFileId, fileId }, { actor });
  expect(twice.errors).toMatchObject([{ code: 'STATE_CONFLICT' }]);

  await door().run(pauseBankFeed, { bankFeedId }, { actor });
  expect((await send(mt940({ lines: [] }))).errors).toMatchObject([{ code: 'STATE_CONFLICT' }]);
});

test('a report of a payment provider is told apart from statements', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  const made = await door().run(createBankFeed, { bookId, name: 'Bank', kind: 'PUSH' }, { actor });
  const text = [
    'Merchant Account,Psp Reference,Merchant Reference,Payment Method,Creation Date,Type,Modification Reference,Gross Currency,Gross Debit (GC),Gross Credit (GC),Exchange Rate,Net Currency,Net Debit (NC),Net Credit (NC),Commission (NC),Markup (NC),Scheme Fees (NC),Interchange (NC),Batch Number',
    'Kestrel,P1,ORDER-1,visa,2026-03-02 10:00:00,Settled,M1,EUR,,99.00,1,EUR,,97.00,1.50,0.50,,,1',
    'Kestrel,,,,2026-03-02 10:00:00,MerchantPayout,"TX900001XT batch 1, Kestrel",,,,,EUR,97.00,,,,,,1',
  ].join('\n');
  const fileId = await upload(bench, text, { actor, name: 'settlement.csv' });
  const sent = { bankFeedId: made.result?.bankFeedId, fileId, name: 'settlement.csv' };
  expect(await door().run(pushBankFeedFile, sent, { actor })).toMatchObject({
    errors: [],
    result: { state: 'IMPORTED', statementIds: [] },
  });
  const [file] = files(await feedNow(actor, sent.bankFeedId ?? ''));
  expect(file?.content).toBe('PAYOUT_REPORT');
});

test('whoever ends in the middle of a look loses nothing: the next one takes what was left', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  const inbox = dropFolder(actor, 'inbox');
  mkdirSync(inbox, { recursive: true });
  const bankFeedId = await folderFeed(actor, bookId, { afterwards: 'DELETE' });
  await ended(actor, bankFeedId, 1);
  // What a killed process leaves: a run under way, a file noted, its import not begun.
  writeFileSync(join(inbox, 'a.sta'), mt940({ lines }));
  const system = systemActor('reconciliation', actor.organisationId);
  await bench.owner.query(`update reconciliation.bank_feed set next_pull_at = now() where id = $1`, [
    bankFeedId,
  ]);
  const { result } = await door().run(openFeedRun, { bankFeedId }, { actor: system });
  const runId = result?.runId ?? '';
  const other = await door().run(openFeedRun, { bankFeedId }, { actor: system });
  expect(other.result).toEqual({ runId: null });
  await bench.owner.query(
    `update reconciliation.bank_feed_run set leased_until = now() - interval '1 second' where id = $1`,
    [runId],
  );
  const feed = await look(actor, bankFeedId);
  expect(states(feed)).toEqual([['a.sta', 'IMPORTED']]);
  expect(feed.runs.edges.map(({ node }) => node.status)).toEqual(['SUCCEEDED', 'FAILED', 'SUCCEEDED']);
  expect(readdirSync(inbox)).toEqual([]);
  // The one that was taken for dead may take nothing any more.
  const late = await door().run(noteFeedFiles, { runId, files: [] }, { actor: system });
  expect(late.errors).toMatchObject([{ code: 'STATE_CONFLICT' }]);
});
