import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  balanced,
  openAttack,
  refused,
  type Attack,
  type Entry,
  type Line,
} from '../../../test/support/attack.ts';

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
  beforeEach(() => attack.begin(role));

  const foreign = (functional: number, other = functional): readonly Line[] => [
    { account: '1100', side: 'DEBIT', minor: 100, currency: 'USD', rate: 0.9, functional },
    { account: '4400', side: 'CREDIT', minor: 100, currency: 'USD', rate: 0.9, functional: other },
  ];

  test('debits equal credits in the base currency, too', async () => {
    expect(await refused(insert({ lines: foreign(90) }))).toBe('accepted');
    expect(await refused(insert({ lines: foreign(90, 91) }))).toBe('ENTRY_UNBALANCED');
  });

  test('every line says what it is worth', async () => {
    const lines = balanced.map((line) => ({ ...line, unvalued: true }));
    expect(await refused(insert({ lines }))).toBe('RATE_MISSING');
  });

  test('no line is worth less than nothing', async () => {
    expect(await refused(insert({ lines: foreign(-90) }))).toBe('23514');
  });

  test.each([
    ['worth another amount', { functional: 90 }],
    ['with a rate', { rate: 1 }],
  ])('a line in the base currency is not %s', async (_what, change) => {
    const lines = balanced.map((line) => ({ ...line, ...change }));
    expect(await refused(insert({ lines }))).toBe('ENTRY_UNBALANCED');
  });

  test('a line in another currency says its rate', async () => {
    const lines = foreign(90).map((line) => ({ ...line, rate: undefined }));
    expect(await refused(insert({ lines }))).toBe('RATE_MISSING');
  });

  test('a rate comes from a known source', async () => {
    const lines = foreign(90).map((line) => ({ ...line, source: 'RUMOUR' }));
    expect(await refused(insert({ lines }))).toBe('23514');
  });

  test('a line has the day of its entry', async () => {
    const lines = balanced.map((line) => ({ ...line, on: '2026-04-30' }));
    expect(await refused(insert({ lines }))).toBe('STATE_CONFLICT');
  });

  test.each([
    [['CC1']],
    ['CC1'],
    [{ costCentre: 1 }],
    [{ costCentre: '' }],
    [{ costCentre: { code: 'CC1' } }],
  ])('dimensions are codes by name, not %j', async (dimensions) => {
    const lines = balanced.map((line) => ({ ...line, dimensions }));
    expect(await refused(insert({ lines }))).toBe('23514');
  });

  test.each([{ tax: 'DE19' }, { role: 'BASE' }, { tax: 'DE19', role: 'PART' }, { tax: '', role: 'TAX' }])(
    'a tax has a code and a part: %j is refused',
    async (tax) => {
      const lines = balanced.map((line) => ({ ...line, ...tax }));
      expect(await refused(insert({ lines }))).toBe('23514');
    },
  );

  test.each([[['x']], [{ project: 1 }]])('custom fields are texts by name, not %j', async (fields) => {
    expect(await refused(insert({ fields }))).toBe('23514');
  });

  test('a key is used once in a book', async () => {
    await insert({ key: 'once' });
    expect(await refused(insert({ key: 'once', hash: 'other' }))).toBe('23505');
  });

  test('a key remembers what was sent under it', async () => {
    const bare = run(
      `insert into transactions.journal_entry
         (organisation_id, id, book_id, sequence, kind, posted_on, description, posted_at, idempotency_key)
       values ($1, 'je_x', $2, 1, 'MANUAL', '2026-05-01', 'x', now(), 'bare')`,
      [organisation, bookId],
    );
    expect(await refused(bare)).toBe('23514');
  });

  test('a reversal is worth what its original was, in the same dimensions and of the same tax', async () => {
    const id = await insert({ lines: foreign(90) });
    await run('savepoint here');
    const back = foreign(91).map((line) => ({ ...line, side: line.side === 'DEBIT' ? 'CREDIT' : 'DEBIT' }));
    expect(await refused(insert({ kind: 'REVERSAL', reversalOf: id, lines: back }))).toBe('STATE_CONFLICT');
    await run('rollback to savepoint here');
    const taxed = back.map((line) => ({ ...line, functional: 90, tax: 'DE19', role: 'BASE' }));
    expect(await refused(insert({ kind: 'REVERSAL', reversalOf: id, lines: taxed }))).toBe('STATE_CONFLICT');
  });

  const bound = (least: number | null, most: number | null) =>
    run(
      `update transactions.account set bounds_currency = 'EUR', balance_at_least = $2, balance_at_most = $3 where id = $1`,
      [accountIds.get('1100'), least, most],
    );

  test('an account stays within its bounds', async () => {
    await bound(null, 150);
    await insert({});
    expect(await refused(insert({}))).toBe('BALANCE_OUT_OF_BOUNDS');
  });

  test('bounds are not set where the balance breaks them', async () => {
    await insert({});
    expect(await refused(bound(101, null))).toBe('BALANCE_OUT_OF_BOUNDS');
  });
});

describe('as the role of the subgraph', () => {
  beforeEach(() => attack.begin('crossfoot_transactions'));

  test.each([
    'insert into transactions.bounded_balance (organisation_id, account_id, minor) values ($1, $2, 0)',
    'update transactions.bounded_balance set minor = 0 where organisation_id = $1 and account_id = $2',
    'delete from transactions.bounded_balance where organisation_id = $1 and account_id = $2',
    `insert into transactions.balance_snapshot values ($1, 'bk', '2026-01-31', $2, 'EUR', 1, 1, 1, 1)`,
    'update transactions.balance_snapshot set debit = 0 where organisation_id = $1 and account_id = $2',
    'delete from transactions.balance_snapshot where organisation_id = $1 and account_id = $2',
    `update transactions.balance_day set state = 'READY' where organisation_id = $1 and book_id = $2`,
  ])('what is kept of balances is written by the database alone: %s', async (sql) => {
    expect(await refused(run(sql, [organisation, accountIds.get('1100')]))).toBe('42501');
  });
});

const strangers = [
  'access',
  'vendors',
  'reconciliation',
  'approvals',
  'audit',
  'sync',
  'gateway',
  'relay',
  'jobs',
];

describe.each(strangers)('as crossfoot_%s', (name) => {
  test.each([
    'select 1 from transactions.journal_entry',
    'select 1 from transactions.journal_line',
    `insert into transactions.journal_entry (organisation_id, id, book_id, sequence, kind, posted_on, description, posted_at)
     values ('org', 'je', 'bk', 1, 'MANUAL', '2026-05-01', 'x', now())`,
    `insert into transactions.journal_line
       (organisation_id, journal_entry_id, position, account_id, side, minor, currency, posted_on, functional_minor)
     values ('org', 'je', 1, 'acc', 'DEBIT', 1, 'EUR', '2026-05-01', 1)`,
    'update transactions.journal_line set minor = 1',
    'delete from transactions.journal_entry',
    'truncate transactions.journal_entry cascade',
    `update transactions.period set status = 'OPEN'`,
    'update transactions.account set active = true',
    'update transactions.entry_counter set last = 0',
    'alter table transactions.journal_line disable trigger all',
    'drop trigger lines_checked on transactions.journal_line',
    `select transactions.mark_balance_days('bk', '2026-05-01', 1)`,
  ])('the books are out of reach: %s', async (sql) => {
    await run('begin');
    try {
      await run(`set local role crossfoot_${name}`);
      await run("select set_config('crossfoot.organisation', $1, true)", [organisation]);
      expect(await refused(run(sql))).toBe('42501');
    } finally {
      await run('rollback');
    }
  });
});

test.each([
  'alter table transactions.journal_line disable trigger all',
  'drop trigger entries_checked on transactions.journal_entry',
  'create or replace function transactions.check_lines() returns trigger language plpgsql as $$ begin return null; end $$',
  'set local session_replication_role = replica',
  'alter table transactions.journal_line no force row level security',
])('the role of the subgraph cannot take the guards away: %s', async (sql) => {
  await run('begin');
  try {
    await run('set local role crossfoot_transactions');
    expect(await refused(run(sql))).toBe('42501');
  } finally {
    await run('rollback');
  }
});
