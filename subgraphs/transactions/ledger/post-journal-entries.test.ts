import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestBook } from '../../../test/support/book.ts';
import { setTestRates } from '../../../test/support/rates.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { transactions } from '../subgraph.ts';
import { lockPeriod } from './lock-period.ts';
import { postJournalEntries } from './post-journal-entries.ts';
import { postJournalEntry } from './post-journal-entry.ts';

let bench: Workbench;

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
});
afterAll(() => bench.close());

/** A line from its account, side, amount and currency. */
function line(...[accountCode, side, amount, currency = 'EUR']: string[]) {
  return { accountCode, side, amount, currency };
}

const entry = (amount: string, more: object = {}) => ({
  postedOn: '2026-03-01',
  description: `Sale of ${amount}`,
  lines: [line('1100', 'DEBIT', amount), line('4400', 'CREDIT', amount)],
  ...more,
});

const run = (bookId: string, entries: readonly object[], more: object = {}) =>
  bench.door('transactions').run(postJournalEntries, { bookId, entries, ...more });

async function journalOf(bookId: string): Promise<{ number: string; description: string }[]> {
  const found = await bench.owner.query<{ number: string; description: string }>(
    'select number, description from transactions.journal_entry where book_id = $1 order by sequence',
    [bookId],
  );
  return found.rows;
}

test('a batch is posted in its order, with numbers without gaps', async () => {
  const bookId = await openTestBook(bench);
  const amounts = Array.from({ length: 1000 }, (_, index) => `${index + 1}.00`);
  const outcome = await run(
    bookId,
    amounts.map((amount) => entry(amount)),
  );
  expect(outcome.errors).toEqual([]);
  expect(outcome.result?.entries.map(({ place, earlier }) => [place, earlier])).toEqual(
    amounts.map((_, place) => [place, false]),
  );
  const journal = await journalOf(bookId);
  expect(journal.map(({ description }) => description)).toEqual(amounts.map((amount) => `Sale of ${amount}`));
  expect(journal.at(-1)?.number).toBe('JE-2026-001000');
});

test('what cannot be posted is answered one by one while the rest is posted', async () => {
  const bookId = await openTestBook(bench);
  await bench
    .door('transactions')
    .run(lockPeriod, { bookId, startsOn: '2025-01-01', endsOn: '2025-12-31', status: 'LOCKED' });
  const outcome = await run(bookId, [
    entry('1.00'),
    entry('2.00', { lines: [line('1100', 'DEBIT', '2.00'), line('4400', 'CREDIT', '2.01')] }),
    entry('3.00', { postedOn: '2025-06-01' }),
    entry('4.00', { lines: [line('1100', 'DEBIT', '4.00'), line('7777', 'CREDIT', '4.00')] }),
    entry('5.00', { lines: [line('1100', 'DEBIT', '5.00', 'THB'), line('4400', 'CREDIT', '5.00', 'THB')] }),
    entry('6.001'),
    entry('7.00'),
  ]);
  expect(outcome.result?.entries.map(({ place, number }) => [place, number])).toEqual([
    [0, 'JE-2026-000001'],
    [6, 'JE-2026-000002'],
  ]);
  expect(outcome.errors.map(({ code, path }) => [code, path.join('.')])).toEqual([
    ['ENTRY_UNBALANCED', 'entries.1.lines'],
    ['PERIOD_CLOSED', 'entries.2'],
    ['ACCOUNT_UNKNOWN', 'entries.3.lines.1.accountCode'],
    ['RATE_MISSING', 'entries.4.lines'],
    ['AMOUNT_TOO_PRECISE', 'entries.5.lines.0.amount'],
  ]);
  expect((await journalOf(bookId)).map(({ description }) => description)).toEqual([
    'Sale of 1.00',
    'Sale of 7.00',
  ]);
});

test('an atomic batch is posted as a whole or not at all', async () => {
  const bookId = await openTestBook(bench);
  const bad = entry('2.00', { lines: [line('1100', 'DEBIT', '2.00'), line('7777', 'CREDIT', '2.00')] });
  const outcome = await run(bookId, [entry('1.00'), bad], { atomic: true });
  expect(outcome.result).toBeUndefined();
  expect(outcome.errors.map(({ code, path }) => [code, path.join('.')])).toEqual([
    ['ACCOUNT_UNKNOWN', 'entries.1.lines.1.accountCode'],
  ]);
  expect(await journalOf(bookId)).toEqual([]);
  expect((await run(bookId, [entry('1.00'), entry('2.00')], { atomic: true })).errors).toEqual([]);
  expect(await journalOf(bookId)).toHaveLength(2);
});

test('an entry is posted once under its key, in one batch and in many', async () => {
  const bookId = await openTestBook(bench);
  const keyed = (amount: string, idempotencyKey: string) => entry(amount, { idempotencyKey });
  const first = await run(bookId, [keyed('1.00', 'a'), keyed('2.00', 'b'), keyed('1.00', 'a')]);
  expect(first.result?.entries.map(({ number, earlier }) => [number, earlier])).toEqual([
    ['JE-2026-000001', false],
    ['JE-2026-000002', false],
    ['JE-2026-000001', true],
  ]);
  const second = await run(bookId, [keyed('3.00', 'c'), keyed('2.00', 'b'), keyed('9.00', 'a')]);
  expect(second.result?.entries.map(({ number, earlier }) => [number, earlier])).toEqual([
    ['JE-2026-000003', false],
    ['JE-2026-000002', true],
  ]);
  expect(second.errors.map(({ code, path }) => [code, path[1]])).toEqual([['IDEMPOTENCY_CONFLICT', '2']]);
  // Another book has keys of its own.
  const other = await openTestBook(bench);
  expect((await run(other, [keyed('9.00', 'a')])).errors).toEqual([]);
});

test('batches with the same keys at the same time post each entry once', async () => {
  const bookId = await openTestBook(bench);
  const batch = Array.from({ length: 40 }, (_, index) =>
    entry(`${index + 1}.00`, { idempotencyKey: `key ${index}` }),
  );
  const outcomes = await Promise.all([
    run(bookId, batch),
    run(bookId, batch),
    run(bookId, batch.toReversed()),
  ]);
  for (const outcome of outcomes) {
    expect(outcome.errors).toEqual([]);
    expect(outcome.result?.entries).toHaveLength(40);
  }
  expect(await journalOf(bookId)).toHaveLength(40);
});

test('a single posting gets through between the batches of a long run', async () => {
  const bookId = await openTestBook(bench);
  const batches = 6;
  let posted = 0;
  const begun = Promise.withResolvers<void>();
  const running = (async () => {
    for (let batch = 0; batch < batches; batch += 1) {
      const entries = Array.from({ length: 200 }, () => entry('1.00'));
      const outcome = await run(bookId, entries);
      posted += outcome.result?.entries.length ?? 0;
      begun.resolve();
    }
  })();
  await begun.promise;
  const single = await bench.door('transactions').run(postJournalEntry, { bookId, ...entry('9.99') });
  expect(single.errors).toEqual([]);
  await running;
  expect(posted).toBe(batches * 200);
  const sequence = Number(single.result?.number.slice(-6));
  expect(sequence).toBeGreaterThan(200);
  expect(sequence).toBeLessThan(batches * 200);
});

test('foreign lines of a batch are worth what the rate of their day says', async () => {
  const bookId = await openTestBook(bench);
  await setTestRates(bench);
  const outcome = await run(bookId, [
    entry('0', { lines: [line('1200', 'DEBIT', '10.01', 'USD'), line('4400', 'CREDIT', '10.01', 'USD')] }),
    entry('0', {
      lines: [
        line('1200', 'DEBIT', '100', 'JPY'),
        line('4400', 'CREDIT', '33', 'JPY'),
        line('4400', 'CREDIT', '33', 'JPY'),
        line('4400', 'CREDIT', '34', 'JPY'),
      ],
    }),
  ]);
  expect(outcome.errors).toEqual([]);
  const lines = await bench.owner.query<{ functional: string; rate: string; path: string }>(
    `select l.functional_minor::text as functional, l.rate::text as rate, l.rate_path as path
       from transactions.journal_line l join transactions.journal_entry e on e.id = l.journal_entry_id
      where e.book_id = $1 order by e.sequence, l.position`,
    [bookId],
  );
  // 10.01 USD at 0.9 are 9.009 EUR; 100 JPY at 0.006 are 0.60 EUR, shared 20, 20 and 20 cents.
  expect(lines.rows.map(({ functional, rate, path }) => `${functional} ${rate} ${path}`)).toEqual([
    '901 0.9 USD>EUR',
    '901 0.9 USD>EUR',
    '60 0.006 JPY>EUR',
    '20 0.006 JPY>EUR',
    '20 0.006 JPY>EUR',
    '20 0.006 JPY>EUR',
  ]);
});
