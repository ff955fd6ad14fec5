import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemActor } from '#kernel/actor';
import { openTestBook } from '../../../test/support/book.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { postJournalEntry } from '../ledger/post-journal-entry.ts';
import { postMatch } from '../ledger/post-match.ts';
import { reverseJournalEntry } from '../ledger/reverse-journal-entry.ts';
import { transactions } from '../subgraph.ts';

let bench: Workbench;
let bookId: string;
const door = () => bench.door('transactions');
beforeAll(async () => {
  bench = await openWorkbench([transactions]);
  bookId = await openTestBook(bench);
});
afterAll(() => bench.close());

async function post(
  postedOn: string,
  description: string,
  { sides, amount }: { sides: readonly [debit: string, credit: string]; amount: string },
) {
  const line = { amount, currency: 'EUR' };
  const posted = await door().run(postJournalEntry, {
    bookId,
    postedOn,
    description,
    lines: [
      { ...line, accountCode: sides[0], side: 'DEBIT' },
      { ...line, accountCode: sides[1], side: 'CREDIT' },
    ],
  });
  expect(posted.errors).toEqual([]);
  return String(posted.result?.journalEntryId);
}

test('the forecast of a book is made from its journal: rent that comes again, bills by habit, nothing taken back', async () => {
  await post('2025-12-01', 'Capital', { sides: ['1000', '3000'], amount: '10000.00' });
  for (const month of ['01', '02', '03', '04', '05'])
    await post(`2026-${month}-05`, `Rent 2026-${month}`, { sides: ['6800', '1000'], amount: '1000.00' });
  // Between two accounts of ours nothing comes or goes.
  await post('2026-04-20', 'Transfer', { sides: ['1010', '1000'], amount: '500.00' });
  const wrong = await post('2026-04-21', 'Mistake', { sides: ['6800', '1000'], amount: '77.00' });
  await door().run(reverseJournalEntry, { journalEntryId: wrong, postedOn: '2026-04-21', reason: 'Wrong' });
  const bill = await post('2026-03-01', 'Bill of Karia', { sides: ['6800', '2000'], amount: '300.00' });
  await door().run(
    postMatch,
    {
      matchId: 'ma_1',
      bookId,
      bankAccountCode: '1000',
      bookedOn: '2026-03-11',
      description: 'Payment',
      lines: [{ lineId: 'bl_1', money: { minor: '-30000', currency: 'EUR' } }],
      items: [
        { journalEntryId: bill, controlAccountCode: '2000', applied: { minor: '-30000', currency: 'EUR' } },
      ],
    },
    { actor: systemActor('transactions', bench.actor().organisationId) },
  );
  const open = await post('2026-05-08', 'Bill of Karia', { sides: ['6800', '2000'], amount: '250.00' });
  const { cashFlowForecast: made } = await bench.query<{
    cashFlowForecast: {
      opening: object;
      moves: object[];
      days: { on: string; low: { amount: string }; expected: { amount: string }; high: { amount: string } }[];
      backTest: { forecasts: number };
    };
  }>(
    'transactions',
    `{ cashFlowForecast(bookId: "${bookId}", days: 30, on: "2026-05-09") { opening { amount currency }
         moves { on kind label amount { amount } journalEntry { id } }
         days { on low { amount } expected { amount } high { amount } } backTest { forecasts coverage } } }`,
  );
  expect(made.opening).toEqual({ amount: '4700.00', currency: 'EUR' });
  expect(made.moves).toEqual([
    // Paid ten days after it was due, as the only bill before.
    {
      on: '2026-05-18',
      kind: 'COMMITMENT',
      label: 'Bill of Karia',
      amount: { amount: '-250.00' },
      journalEntry: { id: open },
    },
    {
      on: '2026-06-05',
      kind: 'RECURRING',
      label: 'Rent 2026-05',
      amount: { amount: '-1000.00' },
      journalEntry: null,
    },
  ]);
  expect(made.days).toHaveLength(30);
  expect(made.days.at(-1)?.on).toBe('2026-06-08');
  expect(made.backTest.forecasts).toBe(0);
});

test('more days than a forecast can cover are refused', async () => {
  await expect(
    bench.query('transactions', `{ cashFlowForecast(bookId: "${bookId}", days: 93) { samples } }`),
  ).rejects.toThrow('1 to 92 days');
});
