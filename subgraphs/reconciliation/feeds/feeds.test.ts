import { appendFileSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemActor, type Actor } from '#kernel/actor';
import { feedBench, filesOf, type ShownFeed } from '../../../test/support/feeds.ts';
import { linesOf, mt940, openAccount } from '../../../test/support/reconciliation.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { changeBankFeed } from './change-bank-feed.ts';
import { createBankFeed } from './create-bank-feed.ts';
import { noteFeedFiles } from './note-feed-files.ts';
import { openFeedRun } from './open-feed-run.ts';
import { reconciliation } from '../subgraph.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench([reconciliation]);
});
afterAll(() => bench.close());

const feeds = feedBench(() => bench);
const door = () => bench.door('reconciliation');
let organisations = 0;
/** An organisation of its own for each test, because an account is open once in an organisation. */
function stranger(): Actor {
  organisations += 1;
  return bench.actor('Ines', ['OWNER'], `org_0feed${organisations}`);
}

const dropFolder = (actor: Actor, path: string) =>
  join(bench.services.dataFolder, 'feeds', actor.organisationId, path);
const states = (feed: ShownFeed) => filesOf(feed).map(({ name, state }) => [name, state]);
const lines = [{ day: '260302', amount: '250.50', name: 'ADA', text: 'Rechnung 7', bankReference: 'B-1' }];

test('files of a drop folder are imported once, kept, and a bad one stops nothing', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  const inbox = dropFolder(actor, 'inbox');
  mkdirSync(inbox, { recursive: true });
  writeFileSync(join(inbox, 'a.sta'), mt940({ lines }));
  writeFileSync(join(inbox, 'b.txt'), 'this is no statement');
  writeFileSync(join(inbox, 'c.sta.part'), mt940({ lines }));
  const bankFeedId = await feeds.open(actor, bookId);
  const first = await feeds.ended(actor, bankFeedId, 1);
  expect(states(first)).toEqual([
    ['a.sta', 'IMPORTED'],
    ['b.txt', 'REFUSED'],
  ]);
  expect(filesOf(first)[1]?.problems[0]).toMatchObject({ code: 'FORMAT_UNKNOWN' });
  expect(await linesOf(bench, bookId, actor)).toHaveLength(1);

  writeFileSync(join(inbox, 'copy.sta'), mt940({ lines }));
  const second = await feeds.look(actor, bankFeedId);
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
  const bankFeedId = await feeds.open(actor, bookId, { afterwards: 'MOVE', settleSeconds: 3600 });
  const waiting = await feeds.ended(actor, bankFeedId, 1);
  expect(states(waiting)).toEqual([['a.sta', 'WAITING']]);
  expect(waiting.runs.edges[0]?.node).toMatchObject({ status: 'SUCCEEDED', found: 1, waiting: 1 });

  appendFileSync(path, text.slice(100));
  await door().run(changeBankFeed, { bankFeedId, settleSeconds: 1 }, { actor });
  writeFileSync(join(inbox, 'bad.txt'), 'this is no statement');
  const taken = await feeds.look(actor, bankFeedId);
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
  expect(states(await feeds.look(actor, bankFeedId))).toContainEqual(['a.sta', 'IMPORTED']);
  expect(readdirSync(join(inbox, 'done'))).toHaveLength(2);
  expect(await linesOf(bench, bookId, actor)).toHaveLength(2);
});

test('a folder that leads out of the drop folders is refused and told to a person', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  const own = dropFolder(actor, '');
  mkdirSync(own, { recursive: true });
  symlinkSync('/', join(own, 'inbox'));
  const feed = await feeds.ended(actor, await feeds.open(actor, bookId), 1);
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

test('whoever ends in the middle of a look loses nothing: the next one takes what was left', async () => {
  const actor = stranger();
  const { bookId } = await openAccount(bench, { actor });
  const inbox = dropFolder(actor, 'inbox');
  mkdirSync(inbox, { recursive: true });
  const bankFeedId = await feeds.open(actor, bookId, { afterwards: 'DELETE' });
  await feeds.ended(actor, bankFeedId, 1);
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
  const feed = await feeds.look(actor, bankFeedId);
  expect(states(feed)).toEqual([['a.sta', 'IMPORTED']]);
  expect(feed.runs.edges.map(({ node }) => node.status)).toEqual(['SUCCEEDED', 'FAILED', 'SUCCEEDED']);
  expect(readdirSync(inbox)).toEqual([]);
  // The one that was taken for dead may take nothing any more.
  const late = await door().run(noteFeedFiles, { runId, files: [] }, { actor: system });
  expect(late.errors).toMatchObject([{ code: 'STATE_CONFLICT' }]);
});
