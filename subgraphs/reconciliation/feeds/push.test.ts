import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '#kernel/actor';
import { feedBench, filesOf } from '../../../test/support/feeds.ts';
import { mt940, openAccount } from '../../../test/support/reconciliation.ts';
import { upload } from '../../../test/support/upload.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { createBankFeed } from './create-bank-feed.ts';
import { pauseBankFeed } from './pause-bank-feed.ts';
import { pushBankFeedFile } from './push-bank-feed-file.ts';
import { retryBankFeedFile } from './retry-bank-feed-file.ts';
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
  return bench.actor('Ines', ['OWNER'], `org_0push${organisations}`);
}
const lines = [{ day: '260302', amount: '250.50', name: 'ADA', text: 'Rechnung 7', bankReference: 'B-1' }];

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
  const [, kept] = filesOf(await feeds.feedNow(actor, bankFeedId));
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
  const [file] = filesOf(await feeds.feedNow(actor, sent.bankFeedId ?? ''));
  expect(file?.content).toBe('PAYOUT_REPORT');
});
