import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '#kernel/ids';
import {
  balanced,
  openAttack,
  refused,
  type Attack,
  type Entry,
  type Line,
} from '../../../test/support/attack.ts';
import { openTestBook } from '../../../test/support/book.ts';

/**
 * Attacks on the books in plain SQL, past all code of ours: once with the rights of the subgraph, once as the owner of
 * the database.
 */
let attack: Attack;
let organisation: string;
let bookId: string;
let accountIds: ReadonlyMap<string, string>;

beforeAll(async () => {
  attack = await openAttack();
  ({ organisation, bookId, accountIds } = attack);
});
afterAll(() => attack.close());

const run = (sql: string, values?: readonly unknown[]) => attack.run(sql, values);
const insert = (entry: Entry) => attack.insert(entry);

describe.each(['crossfoot_transactions', 'the owner'])('as %s', (role) => {
  const isOwner = role === 'the owner';
  beforeEach(() => attack.begin(role));

  test('a balanced entry is taken', async () => {
    expect(await refused(insert({}))).toBe('accepted');
    expect(await refused(insert({}))).toBe('accepted');
  });

  test('debits equal credits', async () => {
    const lines = [balanced[0] as Line, { account: '4400', side: 'CREDIT', minor: 99 }];
    expect(await refused(insert({ lines }))).toBe('ENTRY_UNBALANCED');
  });

  test('debits equal credits in each currency', async () => {
    const lines = [
      balanced[0] as Line,
      { account: '4400', side: 'CREDIT', minor: 100, currency: 'USD', rate: 1 },
    ];
    expect(await refused(insert({ lines }))).toBe('ENTRY_UNBALANCED');
  });

  test('an entry has two lines at least', async () => {
    await run('savepoint here');
    expect(await refused(insert({ lines: [] }))).toBe('ENTRY_TOO_SMALL');
    await run('rollback to savepoint here');
    expect(await refused(insert({ lines: balanced.slice(0, 1) }))).toMatch(/ENTRY_(UNBALANCED|TOO_SMALL)/);
  });

  test.each([0, -100])('no line is of %i', async (minor) => {
    const lines = balanced.map((line) => ({ ...line, minor }));
    expect(await refused(insert({ lines }))).toBe('23514');
  });

  test('an entry gets no lines later, not even balanced ones', async () => {
    const id = await insert({});
    const more = run(
      `insert into transactions.journal_line 
         (organisation_id, journal_entry_id, position, account_id, side, minor, currency, posted_on, functional_minor)
       values ($1, $2, 3, $3, 'DEBIT', 5, 'EUR', '2026-05-01', 5), ($1, $2, 4, $3, 'CREDIT', 5, 'EUR', '2026-05-01', 5)`,
      [organisation, id, accountIds.get('1100')],
    );
    expect(await refused(more)).toBe('STATE_CONFLICT');
  });

  test.each([
    'update transactions.journal_entry set description = $1',
    'update transactions.journal_line set minor = minor + 1 where $1 <> $1 or true',
    'delete from transactions.journal_entry where description = $1',
    'delete from transactions.journal_line where $1::text is not null',
  ])('what is posted is never changed: %s', async (sql) => {
    await insert({});
    expect(await refused(run(sql, ['Attack']))).toBe(isOwner ? 'STATE_CONFLICT' : '42501');
  });

  test.each(['journal_entry', 'journal_line', 'draft', 'draft_line', 'account'])(
    'the table %s is never emptied',
    async (table) => {
      const outcome = await refused(run(`truncate transactions.${table} cascade`));
      expect(outcome).toBe(isOwner ? 'STATE_CONFLICT' : '42501');
    },
  );

  test('an account belongs to the book of the entry', async () => {
    const [other] = (await run('select id from transactions.account where book_id <> $1 limit 1', [bookId]))
      .rows as { id: string }[];
    const lines = [balanced[0] as Line, { account: other?.id ?? '', side: 'CREDIT', minor: 100 }];
    expect(other).toBeDefined();
    expect(await refused(insert({ lines }))).toBe('ACCOUNT_UNKNOWN');
  });

  test('an account that is not active takes nothing', async () => {
    await run('update transactions.account set active = false where id = $1', [accountIds.get('4400')]);
    expect(await refused(insert({}))).toBe('ACCOUNT_INACTIVE');
  });

  test('an account of one currency takes that one only', async () => {
    const id = newId('acc');
    await run(
      `insert into transactions.account (organisation_id, id, book_id, code, name, type, currency, created_at)
       values ($1, $2, $3, '1066', 'Dollars', 'ASSET', 'USD', now())`,
      [organisation, id, bookId],
    );
    const lines = [balanced[0] as Line, { account: id, side: 'CREDIT', minor: 100 }];
    expect(await refused(insert({ lines }))).toBe('CURRENCY_MISMATCH');
  });

  test.each([
    ['code', "'1999'"],
    ['book_id', "'bk_other'"],
    ['currency', "'USD'"],
    ['type', "'EQUITY'"],
  ])('an account keeps its %s', async (column, value) => {
    const change = run(`update transactions.account set ${column} = ${value} where id = $1`, [
      accountIds.get('1100'),
    ]);
    expect(await refused(change)).toBe('STATE_CONFLICT');
  });

  test('an account is never removed', async () => {
    const removal = run('delete from transactions.account where id = $1', [accountIds.get('0400')]);
    expect(await refused(removal)).toBe('STATE_CONFLICT');
  });

  const period = (status: string) =>
    run(
      `insert into transactions.period (organisation_id, id, book_id, starts_on, ends_on, status, changed_at)
       values ($1, $2, $3, '2026-05-01', '2026-05-31', $4, now())`,
      [organisation, newId('per'), bookId, status],
    );

  test.each([
    ['LOCKED', 'MANUAL', '2026-05-31', 'PERIOD_CLOSED'],
    ['LOCKED', 'MANUAL', '2026-06-01', 'accepted'],
    ['SOFT_CLOSED', 'DOCUMENT', '2026-05-01', 'PERIOD_CLOSED'],
    ['SOFT_CLOSED', 'MANUAL', '2026-05-01', 'accepted'],
    ['SOFT_CLOSED', 'REVALUATION', '2026-05-01', 'accepted'],
    ['OPEN', 'DOCUMENT', '2026-05-01', 'accepted'],
  ])('a period that is %s answers an entry of kind %s on %s: %s', async (status, kind, on, answer) => {
    await period(status);
    expect(await refused(insert({ kind, on }))).toBe(answer);
  });

  test('periods of a book do not overlap', async () => {
    await period('LOCKED');
    const overlapping = run(
      `insert into transactions.period (organisation_id, id, book_id, starts_on, ends_on, status, changed_at)
       values ($1, $2, $3, '2026-05-31', '2026-06-30', 'OPEN', now())`,
      [organisation, newId('per'), bookId],
    );
    expect(await refused(overlapping)).toBe('PERIOD_OVERLAPS');
  });

  test('numbers have no gaps and are given once', async () => {
    await insert({});
    await run('savepoint here');
    expect(await refused(insert({ sequence: 3 }))).toBe('STATE_CONFLICT');
    await run('rollback to savepoint here');
    expect(await refused(insert({ sequence: 1 }))).toBe('23505');
  });

  const mirrored = balanced.map((line) => ({ ...line, side: line.side === 'DEBIT' ? 'CREDIT' : 'DEBIT' }));

  test('an entry is reversed once', async () => {
    const id = await insert({});
    await insert({ kind: 'REVERSAL', reversalOf: id, lines: mirrored });
    expect(await refused(insert({ kind: 'REVERSAL', reversalOf: id, lines: mirrored }))).toBe('23505');
  });

  test('a reversal mirrors its original', async () => {
    const id = await insert({});
    const lines = mirrored.map((line) => ({ ...line, minor: 99 }));
    expect(await refused(insert({ kind: 'REVERSAL', reversalOf: id, lines }))).toBe('STATE_CONFLICT');
  });

  test('a reversal is not reversed', async () => {
    const id = await insert({});
    const reversal = await insert({ kind: 'REVERSAL', reversalOf: id, lines: mirrored });
    expect(await refused(insert({ kind: 'REVERSAL', reversalOf: reversal }))).toBe('STATE_CONFLICT');
  });

  test('only reversals point to an original', async () => {
    const id = await insert({});
    expect(await refused(insert({ reversalOf: id, lines: mirrored }))).toBe('23514');
  });

  test('a draft that has ended is never changed, and no draft is ever removed', async () => {
    const id = newId('drf');
    await run(
      `insert into transactions.draft (organisation_id, id, book_id, status, description, total_minor, total_currency,
         posted_on, confidence, reasons, created_at, updated_at)
       values ($1, $2, $3, 'REJECTED', 'x', 1, 'EUR', '2026-01-01', 0, '{}', now(), now())`,
      [organisation, id, bookId],
    );
    await run('savepoint here');
    const change = run("update transactions.draft set status = 'APPROVED' where id = $1", [id]);
    expect(await refused(change)).toBe('STATE_CONFLICT');
    await run('rollback to savepoint here');
    const removal = run('delete from transactions.draft where id = $1', [id]);
    expect(await refused(removal)).toBe(isOwner ? 'STATE_CONFLICT' : '42501');
  });
});

describe('between organisations', () => {
  test('the role of the subgraph sees and writes no row of another', async () => {
    await run('begin');
    try {
      await run('set local role crossfoot_transactions');
      await run("select set_config('crossfoot.organisation', 'org_other', true)");
      expect((await run('select 1 from transactions.account')).rowCount).toBe(0);
      expect(await refused(insert({}))).toBe('42501');
    } finally {
      await run('rollback');
    }
  });
});

describe('closing a period', () => {
  test('waits for postings under way, and postings wait for it', async () => {
    const own = await openTestBook(attack.bench);
    const other = await attack.bench.owner.connect();
    try {
      await run('begin');
      await run(
        `insert into transactions.period (organisation_id, id, book_id, starts_on, ends_on, status, changed_at)
         values ($1, $2, $3, '2026-05-01', '2026-05-31', 'LOCKED', now())`,
        [organisation, newId('per'), own],
      );
      const [cash, sales] = (
        await other.query<{ id: string }>(
          "select id from transactions.account where book_id = $1 and code in ('1100', '4400') order by code",
          [own],
        )
      ).rows;
      const id = newId('je');
      const posting = refused(
        other.query(
          `with line as (
             insert into transactions.journal_line 
               (organisation_id, journal_entry_id, position, account_id, side, minor, currency, posted_on, functional_minor)
             values ($1, $2, 1, $3, 'DEBIT', 1, 'EUR', '2026-05-02', 1), ($1, $2, 2, $4, 'CREDIT', 1, 'EUR', '2026-05-02', 1)
           )
           insert into transactions.journal_entry (organisation_id, id, book_id, sequence, kind, posted_on, description, posted_at)
           values ($1, $2, $5, 1, 'MANUAL', '2026-05-02', 'x', now())`,
          [organisation, id, cash?.id, sales?.id, own],
        ),
      );
      await waitForLock();
      await run('commit');
      expect(await posting).toBe('PERIOD_CLOSED');
    } finally {
      await run('rollback');
      other.release();
    }
  });
});

/** Until a connection of this database waits for another. */
async function waitForLock(): Promise<void> {
  for (;;) {
    const waiting = await attack.bench.owner.query(
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    if (waiting.rowCount) return;
  }
}
