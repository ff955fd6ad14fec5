import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { transactions } from '../subgraph.ts';
import { openTestBook } from '../../../test/support/book.ts';
import { postJournalEntry } from './post-journal-entry.ts';

let bench: Workbench;
let bookId: string;

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
  bookId = await openTestBook(bench);
});
afterAll(() => bench.close());

test('an entry stands in the journal', async () => {
  const outcome = await bench.run('transactions', postJournalEntry, {
    bookId,
    postedOn: '2026-03-01',
    description: 'Cash sale',
    lines: [
      { accountCode: '1100', side: 'DEBIT', amount: '100.00', currency: 'EUR' },
      { accountCode: '4400', side: 'CREDIT', amount: '100.00', currency: 'EUR' },
    ],
  });
  console.log(outcome);
  const data = await bench.query(
    'transactions',
    `{
    journalEntries(bookId: "${bookId}", accountId: "x") { totalCount edges { node { number total { amount } lines { account { code balance { amount } } side money { amount currency } } } } }
    trialBalance(bookId: "${bookId}") { balanced rows { account { code } balance { amount } } }
    accounts(bookId: "${bookId}") { code balance { amount } }
  }`,
  );
  console.log(JSON.stringify(data).slice(0, 600));
  expect(outcome.errors).toEqual([]);
});
