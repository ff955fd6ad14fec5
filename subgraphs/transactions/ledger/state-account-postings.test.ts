import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemActor } from '#kernel/actor';
import type { EventFacts } from '#kernel/events';
import { openTestBook } from '../../../test/support/book.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { transactions } from '../subgraph.ts';
import { postJournalEntries } from './post-journal-entries.ts';
import { stateAccountPostings } from './state-account-postings.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench([transactions]);
}, 120_000);
afterAll(() => bench?.close());

test('what was posted to an account is stated page by page, each entry once, debits positive', async () => {
  const bookId = await openTestBook(bench);
  const line = (accountCode: string, side: 'DEBIT' | 'CREDIT') => ({
    accountCode,
    side,
    amount: '1.00',
    currency: 'EUR',
  });
  const entries = Array.from({ length: 501 }, (_, at) => ({
    postedOn: '2026-09-15',
    description: `Cash ${at}`,
    lines: [line('1010', 'CREDIT'), line('1010', 'CREDIT'), line('3900', 'DEBIT'), line('3900', 'DEBIT')],
  }));
  const posted = await bench.door('transactions').run(postJournalEntries, { bookId, entries } as never);
  expect(posted.errors).toEqual([]);
  const actor = systemActor('transactions', bench.actor().organisationId);
  const asked = { bankAccountId: 'ba_1', bookId, accountCode: '1010' };
  await bench.door('transactions').run(stateAccountPostings, asked, { actor });
  await bench.settle();
  const pages = (await bench.events()).flatMap(({ type, facts }) =>
    type === 'accountPostings.stated' ? [facts as EventFacts['accountPostings.stated']] : [],
  );
  expect(pages.map(({ postings, next }) => [postings.length, next !== undefined])).toEqual([
    [500, true],
    [1, false],
  ]);
  const told = pages.flatMap(({ postings }) => postings);
  expect(new Set(told.map(({ number }) => number)).size).toBe(501);
  expect(new Set(told.map(({ minor, currency }) => `${minor} ${currency}`))).toEqual(new Set(['-200 EUR']));
});
