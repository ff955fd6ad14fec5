import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openTestBook } from '../../../test/support/book.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { transactions } from '../subgraph.ts';
import { lockPeriod } from './lock-period.ts';
import { openPeriod } from './open-period.ts';
import { postJournalEntry } from './post-journal-entry.ts';
import { reverseJournalEntry } from './reverse-journal-entry.ts';
import { createPool } from '#kernel/database';
import { validateBook } from './validate-pass.ts';

/** The owner of the database breaks one invariant after the other with all guards off; each must be found, alone. */
let bench: Workbench;
let organisationId: string;
let pool: ReturnType<typeof createPool>;
let bookId: string;

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
  organisationId = bench.actor().organisationId;
  pool = createPool(bench.database, 'transactions', 2);
});
afterAll(async () => {
  await pool?.end();
  await bench?.close();
});
beforeEach(async () => {
  bookId = await openTestBook(bench);
});

async function post(cents = 100, on = '2026-05-04'): Promise<string> {
  const amount = `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
  const { result, errors } = await bench.door('transactions').run(postJournalEntry, {
    bookId,
    postedOn: on,
    description: 'Petty cash',
    lines: [
      { accountCode: '1100', side: 'DEBIT', amount, currency: 'EUR' },
      { accountCode: '4400', side: 'CREDIT', amount, currency: 'EUR' },
    ],
  });
  if (!result) throw new Error(JSON.stringify(errors));
  return result.journalEntryId;
}

/** Runs SQL as the owner with every trigger and foreign key off. */
async function corrupt(sql: string, values: readonly unknown[] = []): Promise<void> {
  const client = await bench.owner.connect();
  try {
    await client.query('begin');
    await client.query('set local session_replication_role = replica');
    const done = await client.query(sql, [...values]);
    if (!done.rowCount) throw new Error('Nothing was corrupted');
    await client.query('commit');
  } finally {
    client.release();
  }
}

const validate = (sweep = false) =>
  validateBook({ pool, door: bench.running('transactions').door }, { organisationId, bookId }, { sweep });

interface Finding {
  readonly invariant: string;
  readonly subject_id: string;
  readonly status: string;
  readonly expected: string;
  readonly found: string;
  readonly detail: string;
}

const findings = async (status = 'OPEN'): Promise<Finding[]> =>
  (
    await bench.owner.query<Finding>(
      `select invariant, subject_id, status, expected, found, detail from transactions.validation_finding
        where book_id = $1 and status = $2 order by id`,
      [bookId, status],
    )
  ).rows;

test('books that are as they must be show nothing, in a pass and in a sweep', async () => {
  const entry = await post();
  await bench.door('transactions').run(reverseJournalEntry, { journalEntryId: entry, reason: 'Wrong' });
  await bench.door('transactions').run(lockPeriod, { bookId, startsOn: '2026-05-01', endsOn: '2026-05-31' });
  expect(await validate(true)).toEqual({ opened: 0, resolved: 0 });
  expect(await validate()).toEqual({ opened: 0, resolved: 0 });
});

describe('each corruption is found, and nothing else', () => {
  const cases: readonly {
    readonly invariant: string;
    readonly corrupt: (entry: string, before: string) => Promise<void>;
    readonly subject?: 'before' | 'book';
  }[] = [
    {
      invariant: 'ENTRY_BALANCED',
      corrupt: (entry) =>
        corrupt(
          'update transactions.journal_line set minor = 90 where journal_entry_id = $1 and position = 2',
          [entry],
        ),
    },
    {
      invariant: 'ENTRY_BALANCED_FUNCTIONAL',
      corrupt: (entry) =>
        corrupt(
          'update transactions.journal_line set functional_minor = 90 where journal_entry_id = $1 and position = 2',
          [entry],
        ),
    },
    {
      invariant: 'LINE_VALUE',
      corrupt: (entry) =>
        corrupt(
          "update transactions.journal_line set posted_on = '2026-04-30' where journal_entry_id = $1 and position = 2",
          [entry],
        ),
    },
    {
      invariant: 'ENTRY_WHOLE',
      corrupt: (entry) =>
        corrupt('delete from transactions.journal_line where journal_entry_id = $1', [entry]),
    },
    {
      invariant: 'ACCOUNTS_OF_BOOK',
      corrupt: async (entry) => {
        const other = await openTestBook(bench);
        await corrupt(
          `update transactions.journal_line set account_id =
             (select id from transactions.account where book_id = $2 and code = '1100')
            where journal_entry_id = $1 and position = 1`,
          [entry, other],
        );
      },
    },
    {
      invariant: 'NUMBERS_WITHOUT_GAPS',
      corrupt: async (_entry, before) => {
        await corrupt('delete from transactions.journal_line where journal_entry_id = $1', [before]);
        await corrupt('delete from transactions.journal_entry where id = $1', [before]);
      },
    },
    {
      invariant: 'NUMBERS_WITHOUT_GAPS',
      subject: 'book',
      corrupt: async (entry) => {
        await corrupt('delete from transactions.journal_line where journal_entry_id = $1', [entry]);
        await corrupt('delete from transactions.journal_entry where id = $1', [entry]);
      },
    },
  ];

  test.each(cases)('$invariant by a pass', async ({ invariant, corrupt: breakIt, subject }) => {
    const before = await post();
    const entry = await post(100);
    await validate();
    await breakIt(entry, before);
    expect(await validate()).toEqual({ opened: 1, resolved: 0 });
    const [finding, ...others] = await findings();
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ invariant, subject_id: subject === 'book' ? bookId : entry });
    expect(await validate(true)).toEqual({ opened: 0, resolved: 0 });
  });
});

test('lines without their entry are found by a sweep, and with them the gap', async () => {
  await post();
  const entry = await post();
  await post();
  await validate();
  await corrupt('delete from transactions.journal_entry where id = $1', [entry]);
  await validate(true);
  expect((await findings()).map((one) => one.invariant).toSorted()).toEqual([
    'LINES_HAVE_ENTRIES',
    'NUMBERS_WITHOUT_GAPS',
  ]);
});

test('a reversal that no longer mirrors its original is found', async () => {
  const entry = await post();
  const { result } = await bench
    .door('transactions')
    .run(reverseJournalEntry, { journalEntryId: entry, reason: 'Wrong' });
  await corrupt(
    `update transactions.journal_line set account_id =
       (select id from transactions.account where book_id = $2 and code = '1010')
      where journal_entry_id = $1 and position = 1`,
    [result?.journalEntryId, bookId],
  );
  expect(await validate()).toEqual({ opened: 1, resolved: 0 });
  expect(await findings()).toMatchObject([
    { invariant: 'REVERSAL_MIRRORS', subject_id: result?.journalEntryId, found: '1 lines that differ' },
  ]);
});

describe('periods', () => {
  const days = { startsOn: '2026-05-01', endsOn: '2026-05-31' };

  test('an entry smuggled into locked days is found; those of the time before are not', async () => {
    await post();
    const late = await post(200, '2026-06-02');
    await bench.door('transactions').run(lockPeriod, { bookId, ...days });
    await bench.door('transactions').run(openPeriod, { bookId, ...days, reason: 'One invoice is missing' });
    await post(300);
    await bench.door('transactions').run(lockPeriod, { bookId, ...days });
    expect(await validate(true)).toEqual({ opened: 0, resolved: 0 });
    const smuggled = await post(400, '2026-06-03');
    for (const table of ['journal_entry', 'journal_line']) {
      const key = table === 'journal_entry' ? 'id' : 'journal_entry_id';
      await corrupt(`update transactions.${table} set posted_on = '2026-05-20' where ${key} = $1`, [
        smuggled,
      ]);
    }
    expect(await validate()).toEqual({ opened: 1, resolved: 0 });
    expect(await findings()).toMatchObject([{ invariant: 'PERIODS_KEPT', subject_id: smuggled }]);
    expect(late).not.toBe(smuggled);
  });

  test('a period opened past the door is found', async () => {
    await bench.door('transactions').run(lockPeriod, { bookId, ...days });
    await corrupt("update transactions.period set status = 'OPEN' where book_id = $1", [bookId]);
    expect(await validate(true)).toEqual({ opened: 1, resolved: 0 });
    expect(await findings()).toMatchObject([
      { invariant: 'PERIOD_HISTORY', expected: 'LOCKED', found: 'OPEN' },
    ]);
  });
});

test('what is gone is resolved and stays on record; what comes back is opened anew', async () => {
  const entry = await post();
  const set = (minor: number) =>
    corrupt('update transactions.journal_line set minor = $2 where journal_entry_id = $1 and position = 2', [
      entry,
      minor,
    ]);
  await set(90);
  await validate();
  const [finding] = await findings();
  expect(finding?.detail).toMatch(
    /^Debits and credits of JE-2026-000001 differ: expected 1\.00 EUR, found 0\.90 EUR\.$/,
  );
  await set(80);
  expect(await validate()).toEqual({ opened: 0, resolved: 0 });
  expect(await findings()).toMatchObject([{ found: '0.80 EUR' }]);
  await set(100);
  expect(await validate()).toEqual({ opened: 0, resolved: 1 });
  expect(await findings()).toEqual([]);
  expect(await findings('RESOLVED')).toHaveLength(1);
  await set(70);
  expect(await validate()).toEqual({ opened: 1, resolved: 0 });
  const events = (await bench.events()).filter((one) => one.type.startsWith('validationFinding.'));
  expect(events.filter((one) => one.bookId === bookId).map((one) => one.type)).toEqual([
    'validationFinding.opened',
    'validationFinding.resolved',
    'validationFinding.opened',
  ]);
});

test('nobody removes what was found, nor changes what is resolved', async () => {
  const entry = await post();
  await corrupt(
    'update transactions.journal_line set minor = 5 where journal_entry_id = $1 and position = 1',
    [entry],
  );
  await validate();
  const attempt = (sql: string) =>
    bench.owner.query(sql).then(
      () => 'done',
      (error: { hint?: string }) => error.hint,
    );
  expect(await attempt('delete from transactions.validation_finding')).toBe('STATE_CONFLICT');
  expect(await attempt('truncate transactions.validation_finding')).toBe('STATE_CONFLICT');
  expect(await attempt("update transactions.validation_finding set invariant = 'OTHER_THING'")).toBe(
    'STATE_CONFLICT',
  );
});

test('a pass does not look at what was posted long ago, a sweep does', async () => {
  const entry = await post();
  await validate(true);
  await corrupt(
    "update transactions.validation_state set checked_at = now() + interval '1 hour' where book_id = $1",
    [bookId],
  );
  await corrupt(
    'update transactions.journal_line set minor = 90 where journal_entry_id = $1 and position = 2',
    [entry],
  );
  expect(await validate()).toEqual({ opened: 0, resolved: 0 });
  expect(await validate(true)).toEqual({ opened: 1, resolved: 0 });
});

describe('balances that are kept', () => {
  const asOrganisation = async (sql: string, values: readonly unknown[]): Promise<void> => {
    const client = await bench.owner.connect();
    try {
      await client.query('begin');
      await client.query("select set_config('crossfoot.organisation', $1, true)", [organisationId]);
      await client.query(sql, [...values]);
      await client.query('commit');
    } finally {
      client.release();
    }
  };

  test('are found where they are not the sums of their lines, for the day and account alone', async () => {
    await post(100, '2026-03-04');
    await post(200, '2026-04-04');
    await asOrganisation("select transactions.mark_balance_days($1, '2026-06-01', 1000)", [bookId]);
    await asOrganisation('select transactions.build_balance_days($1)', [bookId]);
    expect(await validate(true)).toEqual({ opened: 0, resolved: 0 });
    await corrupt(
      `update transactions.balance_snapshot set debit = debit + 5 where book_id = $1 and on_day = '2026-03-31'
          and account_id = (select id from transactions.account where book_id = $1 and code = '1100')`,
      [bookId],
    );
    expect(await validate(true)).toEqual({ opened: 1, resolved: 0 });
    expect(await findings()).toMatchObject([
      { invariant: 'SNAPSHOTS_SUM', expected: '1.00 EUR', found: '1.05 EUR' },
    ]);
    // What is not sure to hold is not held against anything.
    await corrupt("update transactions.balance_day set state = 'STALE' where book_id = $1", [bookId]);
    expect(await validate()).toEqual({ opened: 0, resolved: 1 });
  });

  test('are found where an account left its bounds', async () => {
    await post(100);
    await bench.owner.query(
      `update transactions.account set bounds_currency = 'EUR', balance_at_most = 150 where book_id = $1 and code = '1100'`,
      [bookId],
    );
    expect(await validate(true)).toEqual({ opened: 0, resolved: 0 });
    await corrupt(
      "update transactions.bounded_balance set minor = 90 where account_id = (select id from transactions.account where book_id = $1 and code = '1100')",
      [bookId],
    );
    expect(await validate(true)).toEqual({ opened: 1, resolved: 0 });
    expect(await findings()).toMatchObject([{ invariant: 'BOUNDS_KEPT', found: '100 minor units EUR' }]);
  });
});
