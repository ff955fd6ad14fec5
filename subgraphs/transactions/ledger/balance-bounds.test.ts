import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestBook } from '../../../test/support/book.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { transactions } from '../subgraph.ts';
import { postJournalEntry } from './post-journal-entry.ts';
import { setBalanceBounds } from './set-balance-bounds.ts';

let bench: Workbench;

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
});
afterAll(() => bench.close());

async function bookWithCash(): Promise<{ bookId: string; accountId: string }> {
  const bookId = await openTestBook(bench);
  const found = await bench.owner.query<{ id: string }>(
    "select id from transactions.account where book_id = $1 and code = '1100'",
    [bookId],
  );
  return { bookId, accountId: found.rows[0]?.id ?? '' };
}

async function move(bookId: string, amount: string): Promise<string> {
  const out = amount.startsWith('-');
  const line = { amount: amount.replace('-', ''), currency: 'EUR' };
  const outcome = await bench.door('transactions').run(postJournalEntry, {
    bookId,
    postedOn: '2026-03-01',
    description: 'Cash',
    lines: [
      { accountCode: '1100', side: out ? 'CREDIT' : 'DEBIT', ...line },
      { accountCode: '3200', side: out ? 'DEBIT' : 'CREDIT', ...line },
    ],
  });
  return outcome.errors[0]?.code ?? 'posted';
}

const bound = async (accountId: string, more: object) => {
  const outcome = await bench
    .door('transactions')
    .run(setBalanceBounds, { accountId, currency: 'EUR', ...more });
  return outcome.errors[0]?.code ?? 'bound';
};

test('a cash box that cannot be overdrawn refuses the posting that would', async () => {
  const { bookId, accountId } = await bookWithCash();
  await move(bookId, '100.00');
  expect(await bound(accountId, { atLeast: '0', atMost: '150.00' })).toBe('bound');
  expect(await move(bookId, '-100.01')).toBe('BALANCE_OUT_OF_BOUNDS');
  expect(await move(bookId, '50.01')).toBe('BALANCE_OUT_OF_BOUNDS');
  expect(await move(bookId, '-100.00')).toBe('posted');
  expect(await move(bookId, '-0.01')).toBe('BALANCE_OUT_OF_BOUNDS');
  const { accounts } = await bench.query<{ accounts: { code: string; balanceBounds: unknown }[] }>(
    'transactions',
    `{ accounts(bookId: "${bookId}") { code balanceBounds { atLeast { amount } atMost { amount currency } } } }`,
  );
  expect(accounts.filter(({ balanceBounds }) => balanceBounds !== null)).toEqual([
    {
      code: '1100',
      balanceBounds: { atLeast: { amount: '0.00' }, atMost: { amount: '150.00', currency: 'EUR' } },
    },
  ]);
  expect(await bound(accountId, {})).toBe('bound');
  expect(await move(bookId, '-0.01')).toBe('posted');
});

test('limits that the balance breaks already are refused', async () => {
  const { bookId, accountId } = await bookWithCash();
  await move(bookId, '100.00');
  expect(await bound(accountId, { atMost: '99.99' })).toBe('BALANCE_OUT_OF_BOUNDS');
  expect(await bound(accountId, { atLeast: '2', atMost: '1' })).toBe('FIELD_INVALID');
});

test('of many postings at once only those are taken that the limit allows', async () => {
  const { bookId, accountId } = await bookWithCash();
  await move(bookId, '100.00');
  await bound(accountId, { atLeast: '0' });
  const outcomes = await Promise.all(Array.from({ length: 15 }, () => move(bookId, '-10.00')));
  expect(outcomes.filter((one) => one === 'posted')).toHaveLength(10);
  expect(outcomes.filter((one) => one === 'BALANCE_OUT_OF_BOUNDS')).toHaveLength(5);
});
