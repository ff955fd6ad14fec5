import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemActor as actorOf } from '#kernel/actor';
import { calendarDate } from '#kernel/calendar';
import { formatMoney } from '#kernel/money';
import { openTestBook } from '../../../test/support/book.ts';
import { setTestRates } from '../../../test/support/rates.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { transactions } from '../subgraph.ts';
import { markBalanceDays, buildBalanceDays } from './balance-days.ts';
import { keepBalances } from './balance-jobs.ts';
import { postJournalEntries } from './post-journal-entries.ts';

let bench: Workbench;
let bookId: string;

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
  await setTestRates(bench);
});
beforeEach(async () => {
  bookId = await openTestBook(bench);
});
afterAll(() => bench.close());

/** An entry from its day, amount, accounts and currency. */
function entry(
  postedOn: string,
  amount: string,
  [debit, credit, currency]: readonly string[] = ['1100', '4400'],
) {
  const line = { amount, currency: currency ?? 'EUR' };
  return {
    postedOn,
    description: 'Sale',
    lines: [
      { accountCode: debit, side: 'DEBIT', ...line },
      { accountCode: credit, side: 'CREDIT', ...line },
    ],
  };
}

async function post(...entries: readonly object[]): Promise<void> {
  const outcome = await bench.door('transactions').run(postJournalEntries, { bookId, entries, atomic: true });
  expect(outcome.errors).toEqual([]);
}

const systemActor = () => actorOf('transactions', bench.actor().organisationId);

const keep = (until = '2026-07-15', entries = 3) =>
  keepBalances(bench.running('transactions').door, {
    organisationId: bench.actor().organisationId,
    bookId,
    until: calendarDate(until),
    entries,
  });

async function days(): Promise<string[]> {
  const found = await bench.owner.query<{ day: string; state: string }>(
    'select on_day::text as day, state from transactions.balance_day where book_id = $1 order by on_day',
    [bookId],
  );
  return found.rows.map(({ day, state }) => `${day} ${state}`);
}

interface Row {
  readonly account: { readonly code: string };
  readonly debit: { readonly amount: string; readonly currency: string };
  readonly credit: { readonly amount: string };
}

/** The trial balance and the balances of accounts as the graph answers them, as text. */
async function answered(on: string): Promise<{ rows: string[]; balances: string[] }> {
  const data = await bench.query<{
    trialBalance: { rows: Row[] };
    accounts: { code: string; balance: { amount: string; currency: string }[] }[];
  }>(
    'transactions',
    `{ trialBalance(bookId: "${bookId}", on: "${on}") { rows { account { code } debit { amount currency } credit { amount } } }
       accounts(bookId: "${bookId}") { code balance(on: "${on}") { amount currency } } }`,
  );
  return {
    rows: data.trialBalance.rows.map(
      (row) => `${row.account.code} ${row.debit.currency} ${row.debit.amount} ${row.credit.amount}`,
    ),
    balances: data.accounts.flatMap(({ code, balance }) =>
      balance.map(({ amount, currency }) => `${code} ${currency} ${amount}`),
    ),
  };
}

/** The same from the plain sum of all lines. */
async function summed(on: string): Promise<{ rows: string[]; balances: string[] }> {
  const found = await bench.owner.query<{ code: string; currency: string; debit: string; credit: string }>(
    `select a.code, l.currency, coalesce(sum(l.minor) filter (where l.side = 'DEBIT'), 0)::text as debit,
            coalesce(sum(l.minor) filter (where l.side = 'CREDIT'), 0)::text as credit
       from transactions.journal_line l join transactions.account a on a.id = l.account_id
       join transactions.journal_entry e on e.id = l.journal_entry_id
      where a.book_id = $1 and e.posted_on <= $2 group by a.code, l.currency order by a.code collate "C", l.currency collate "C"`,
    [bookId, on],
  );
  const text = (minor: string | bigint, currency: string) => formatMoney({ minor: BigInt(minor), currency });
  return {
    rows: found.rows.map(
      ({ code, currency, debit, credit }) =>
        `${code} ${currency} ${text(debit, currency)} ${text(credit, currency)}`,
    ),
    balances: found.rows.map(
      ({ code, currency, debit, credit }) =>
        `${code} ${currency} ${text(BigInt(debit) - BigInt(credit), currency)}`,
    ),
  };
}

describe('kept days', () => {
  test('are the month ends with postings, and days after which many entries have come', async () => {
    await post(
      ...['2026-01-05', '2026-01-20', '2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04'].map((day) =>
        entry(day, '1.00'),
      ),
      entry('2026-07-14', '1.00'),
    );
    expect((await keep()).parted).toBe(0);
    expect(await days()).toEqual(['2026-01-31 READY', '2026-03-03 READY', '2026-03-31 READY']);
    expect(await keep()).toEqual({ built: 0, parted: 0 });
  });

  test('are stale from the day of a posting that comes late, and are added up anew', async () => {
    await post(entry('2026-01-05', '1.00'), entry('2026-02-05', '2.00'), entry('2026-03-05', '4.00'));
    await keep();
    await post(entry('2026-02-10', '8.00'));
    expect(await days()).toEqual(['2026-01-31 READY', '2026-02-28 STALE', '2026-03-31 STALE']);
    expect(await answered('2026-03-31')).toEqual(await summed('2026-03-31'));
    expect((await keep()).built).toBe(2);
    expect(await days()).toEqual(['2026-01-31 READY', '2026-02-28 READY', '2026-03-31 READY']);
    expect((await answered('2026-04-30')).balances).toContain('1100 EUR 15.00');
  });

  test('answer without the lines before them', async () => {
    await post(entry('2026-01-05', '1.00'), entry('2026-02-05', '2.00'));
    await keep();
    // A sum nobody could have added up shows where the answer comes from.
    await bench.owner.query(
      'update transactions.balance_snapshot set debit = debit + 1000 where book_id = $1 and debit > 0',
      [bookId],
    );
    expect((await answered('2026-02-28')).balances).toContain('1100 EUR 13.00');
  });

  test('whose sums part from the lines are found and built anew', async () => {
    await post(entry('2026-01-05', '1.00'), entry('2026-02-05', '2.00'));
    await keep();
    await bench.owner.query(
      'update transactions.balance_snapshot set debit = debit + 1000 where book_id = $1 and debit > 0',
      [bookId],
    );
    const found = await bench
      .door('transactions')
      .run(buildBalanceDays, { bookId }, { actor: systemActor() });
    expect(found.result).toEqual({ built: 0, parted: 1 });
    expect(await days()).toEqual(['2026-01-31 STALE', '2026-02-28 STALE']);
    expect((await keep()).parted).toBe(0);
    expect(await answered('2026-02-28')).toEqual(await summed('2026-02-28'));
  });

  test('a posting while they are added up leaves them stale', async () => {
    await post(entry('2026-01-05', '1.00'), entry('2026-02-05', '2.00'));
    const door = bench.door('transactions');
    await door.run(markBalanceDays, { bookId, until: '2026-07-15', entries: 3 }, { actor: systemActor() });
    await post(entry('2026-02-06', '4.00'));
    await door.run(buildBalanceDays, { bookId }, { actor: systemActor() });
    expect(await days()).toEqual(['2026-01-31 READY', '2026-02-28 STALE']);
    expect(await answered('2026-02-28')).toEqual(await summed('2026-02-28'));
  });
});

const day = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 28 }))
  .map(([month, date]) => `2026-0${month}-${String(date).padStart(2, '0')}`);
const posting = fc.record({
  post: fc.array(
    fc.record({
      on: day,
      amount: fc.integer({ min: 1, max: 10 ** 6 }).map(String),
      accounts: fc.constantFrom<readonly [string, string]>(
        ['1100', '4400'],
        ['1200', '4400'],
        ['6837', '1100'],
        ['4400', '1200'],
      ),
      currency: fc.constantFrom('EUR', 'JPY', 'KWD'),
    }),
    { minLength: 1, maxLength: 6 },
  ),
});
const keeping = fc.record({ keep: fc.integer({ min: 1, max: 5 }) });

test('whatever is posted and kept in whatever order, balances are the plain sum of the lines', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ weight: 3, arbitrary: posting }, keeping), { minLength: 2, maxLength: 8 }),
      fc.array(day, { minLength: 2, maxLength: 3 }),
      async (steps, asked) => {
        bookId = await openTestBook(bench);
        for (const step of steps) {
          const parted = 'keep' in step ? (await keep('2026-07-15', step.keep)).parted : 0;
          const posted = 'post' in step ? step.post : [];
          if (posted.length > 0)
            await post(...posted.map((one) => entry(one.on, one.amount, [...one.accounts, one.currency])));
          expect(parted).toBe(0);
          for (const on of asked) expect(await answered(on)).toEqual(await summed(on));
        }
      },
    ),
    { numRuns: 15 },
  );
});
