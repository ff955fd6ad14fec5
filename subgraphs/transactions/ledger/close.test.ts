import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ChecklistItem } from '#kernel/close-checklist';
import { addDays, calendarDate, type CalendarDate } from '#kernel/calendar';
import { isNearMonthEnd } from '#kernel/configuration-freeze';
import { systemActor } from '#kernel/actor';
import { createPool } from '#kernel/database';
import { openTestBook } from '../../../test/support/book.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { createMappingRule } from '../classification/create-mapping-rule.ts';
import { transactions } from '../subgraph.ts';
import { createAccount } from './create-account.ts';
import { createFiscalYear } from './create-fiscal-year.ts';
import { compareBankFacts, keepSyncFacts } from './cross-foot-bank.ts';
import { monthsOfFiscalYear } from './fiscal-months.ts';
import { overrideConfigurationFreeze, setConfigurationFreeze } from './freeze-configuration.ts';
import { lockPeriod } from './lock-period.ts';
import { openPeriod } from './open-period.ts';
import { postJournalEntry } from './post-journal-entry.ts';
import { validateBook } from './validate-pass.ts';

let bench: Workbench;
let bookId: string;
let pool: ReturnType<typeof createPool>;

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
  pool = createPool(bench.database, 'transactions', 2);
});
afterAll(async () => {
  await pool?.end();
  await bench?.close();
});
beforeEach(async () => {
  bookId = await openTestBook(bench);
});

const door = () => bench.door('transactions');
const system = () => systemActor('transactions', bench.actor().organisationId);
const may = { startsOn: '2026-05-01', endsOn: '2026-05-31' };

const post = (accountCode: string, postedOn = '2026-05-04') =>
  door().run(postJournalEntry, {
    bookId,
    postedOn,
    description: 'By hand',
    lines: [
      { accountCode, side: 'DEBIT', amount: '7.00', currency: 'EUR' },
      { accountCode: '1100', side: 'CREDIT', amount: '7.00', currency: 'EUR' },
    ],
  });

describe('a period that was closed', () => {
  test('is opened again only with a reason, which is kept', async () => {
    await door().run(lockPeriod, { bookId, ...may, reason: 'Agreed with Kim' });
    expect((await door().run(openPeriod, { bookId, ...may })).errors).toMatchObject([
      { code: 'REASON_REQUIRED', path: ['reason'] },
    ]);
    expect((await door().run(openPeriod, { bookId, ...may, reason: 'A late invoice' })).errors).toEqual([]);
    const kept = await bench.owner.query(
      'select status, reason, changed_by from transactions.period_change where book_id = $1 order by id',
      [bookId],
    );
    expect(kept.rows).toEqual([
      { status: 'LOCKED', reason: 'Agreed with Kim', changed_by: 'mem_ana' },
      { status: 'OPEN', reason: 'A late invoice', changed_by: 'mem_ana' },
    ]);
  });

  test('is opened, or made soft, by an accountant when it was soft, and by an owner when it was locked', async () => {
    const accountant = bench.actor('Ben', ['ACCOUNTANT']);
    const as = { actor: accountant };
    const reason = 'A late invoice';
    await door().run(lockPeriod, { bookId, ...may, status: 'SOFT_CLOSED' }, as);
    expect((await door().run(openPeriod, { bookId, ...may, reason }, as)).errors).toEqual([]);
    await door().run(lockPeriod, { bookId, ...may }, as);
    expect((await door().run(openPeriod, { bookId, ...may, reason }, as)).errors).toMatchObject([
      { code: 'FORBIDDEN' },
    ]);
    const soft = { bookId, ...may, status: 'SOFT_CLOSED', reason };
    expect((await door().run(lockPeriod, soft, as)).errors).toMatchObject([{ code: 'FORBIDDEN' }]);
    expect((await door().run(lockPeriod, soft)).errors).toEqual([]);
  });
});

describe('a fiscal year', () => {
  test('has twelve months that follow each other without a gap, wherever it begins', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1900, max: 2200 }), fc.integer({ min: 1, max: 12 }), (year, start) => {
        const months = monthsOfFiscalYear(year, start);
        expect(months).toHaveLength(12);
        months.slice(1).forEach((month, at) => {
          expect(month.startsOn).toBe(addDays(months[at]?.endsOn as CalendarDate, 1));
        });
        const next = monthsOfFiscalYear(year + 1, start)[0]?.startsOn;
        expect(addDays(months.at(-1)?.endsOn as CalendarDate, 1)).toBe(next);
      }),
      { numRuns: 50 },
    );
  });

  test('is made once; months that are there stay as they are', async () => {
    await door().run(lockPeriod, { bookId, ...may });
    const first = await door().run(createFiscalYear, { bookId, year: 2026 });
    const second = await door().run(createFiscalYear, { bookId, year: 2026 });
    expect(first.result?.periodIds).toHaveLength(12);
    expect(second.result?.periodIds).toEqual(first.result?.periodIds);
    const { periods } = await bench.query<{ periods: { startsOn: string; status: string }[] }>(
      'transactions',
      `{ periods(bookId: "${bookId}") { startsOn status } }`,
    );
    expect(periods).toHaveLength(12);
    expect(periods.filter(({ status }) => status === 'LOCKED')).toEqual([
      { startsOn: '2026-05-01', status: 'LOCKED' },
    ]);
  });

  test('leaves no day out: days that overlap a month are named', async () => {
    await door().run(lockPeriod, { bookId, startsOn: '2026-05-15', endsOn: '2026-06-14' });
    expect((await door().run(createFiscalYear, { bookId, year: 2026 })).errors).toMatchObject([
      { code: 'PERIOD_OVERLAPS' },
    ]);
  });
});

describe('the close checklist', () => {
  async function items(): Promise<Map<string, ChecklistItem>> {
    const { closeChecklist } = await bench.query<{ closeChecklist: { items: ChecklistItem[] } }>(
      'transactions',
      `query ($b: ID!) { closeChecklist(bookId: $b, startsOn: "2026-05-01", endsOn: "2026-05-31") {
         items { key title status severity count detail targets { type id } } } }`,
      { variables: { b: bookId } },
    );
    return new Map(closeChecklist.items.map((item) => [item.key, item]));
  }

  test('of a book in which nothing waits is done', async () => {
    const found = await items();
    expect([...found.keys()]).toEqual([
      'DRAFTS_WAITING',
      'DOCUMENTS_HELD',
      'MISSING_RECEIPTS',
      'UNMAPPED_CATEGORIES',
      'SUSPENSE_BALANCE',
      'REVALUATION',
      'VALIDATION',
    ]);
    expect(new Set([...found.values()].map(({ status }) => status))).toEqual(
      new Set(['DONE', 'NOT_APPLICABLE']),
    );
  });

  test('names the balance of the suspense account as long as it stands', async () => {
    await post('9999');
    expect((await items()).get('SUSPENSE_BALANCE')).toMatchObject({
      status: 'OPEN',
      count: 1,
      detail: '1 balances stand on account 9999: 7.00 EUR',
      targets: [{ type: 'Account' }],
    });
  });

  test('is null for a book that is not there and refuses days in the wrong order', async () => {
    const ask = (days: string) =>
      bench.query('transactions', `{ closeChecklist(bookId: "${bookId}x", ${days}) { id } }`);
    expect(await ask('startsOn: "2026-05-01", endsOn: "2026-05-31"')).toEqual({ closeChecklist: null });
    await expect(ask('startsOn: "2026-05-31", endsOn: "2026-05-01"')).rejects.toThrow(/end on or after/);
  });

  /** What reconciliation and sync state after a pass. */
  async function lookOver(unmatched: number): Promise<void> {
    const { organisationId } = bench.actor();
    await validateBook(
      { pool, door: bench.running('transactions').door },
      { organisationId, bookId },
      { sweep: true },
    );
    const statedAt = new Date(Date.now() + 1000).toISOString();
    const lines = unmatched === 0 ? [] : [{ month: '2026-05-01', count: unmatched }];
    const bank = { accounts: [], open: [], unmatched: lines, quarantined: 0 };
    await door().run(compareBankFacts, { bookId, statedAt, facts: bank }, { actor: system() });
    const facts = { connections: 0, waiting: [], refused: [] };
    await door().run(keepSyncFacts, { bookId, statedAt, facts }, { actor: system() });
  }

  test('is asked for by locking: what is open is refused by name, what others have not stated too', async () => {
    await post('6300');
    const clean = { bookId, ...may, requireClean: true };
    const unseen = await door().run(lockPeriod, clean);
    expect(unseen.errors).toMatchObject([{ code: 'CHECKLIST_OPEN' }]);
    expect(unseen.errors[0]?.message).toContain('(LOOKED_OVER)');
    await lookOver(3);
    const unmatched = await door().run(lockPeriod, clean);
    expect(unmatched.errors[0]?.message).toContain('(UNMATCHED_LINES)');
    await lookOver(0);
    expect((await door().run(lockPeriod, clean)).errors).toEqual([]);
  });

  test('is locked over with what was open on record', async () => {
    await post('9999');
    const { result } = await door().run(lockPeriod, { bookId, ...may, reason: 'The bank answers next week' });
    const kept = await bench.owner.query(
      'select reason, overridden from transactions.period_change where period_id = $1',
      [result?.periodId],
    );
    expect(kept.rows).toEqual([
      { reason: 'The bank answers next week', overridden: ['SUSPENSE_BALANCE', 'LOOKED_OVER'] },
    ]);
  });
});

describe('the configuration', () => {
  const account = { code: '9990', name: 'Sundry', type: 'EXPENSE' };
  const rule = { name: 'Rule', accountCode: '6855', vendorNameContains: 'Bank' };
  const always = { daysBefore: 16, daysAfter: 16 };

  test('stands still on the days an owner names, until an owner lets it be changed with a reason', async () => {
    await door().run(setConfigurationFreeze, { bookId, ...always });
    expect((await door().run(createAccount, { bookId, ...account })).errors).toMatchObject([
      { code: 'CONFIGURATION_FROZEN' },
    ]);
    expect((await door().run(createMappingRule, { bookId, ...rule })).errors).toMatchObject([
      { code: 'CONFIGURATION_FROZEN' },
    ]);
    await post('6300');
    const override = (more: object, actor = bench.actor()) =>
      door().run(overrideConfigurationFreeze, { bookId, ...more }, { actor });
    expect((await override({ reason: 'Mine' }, bench.actor('Ben', ['ACCOUNTANT']))).errors).toMatchObject([
      { code: 'FORBIDDEN' },
    ]);
    expect((await override({})).errors).toMatchObject([{ code: 'FIELD_MISSING', path: ['reason'] }]);
    expect((await override({ reason: 'The auditor asked for it' })).errors).toEqual([]);
    expect((await door().run(createAccount, { bookId, ...account })).errors).toEqual([]);
    expect((await door().run(createMappingRule, { bookId, ...rule })).errors).toEqual([]);
    const { closeChecklist } = await bench.query<{ closeChecklist: { book: object } }>(
      'transactions',
      `{ closeChecklist(bookId: "${bookId}", startsOn: "2026-05-01", endsOn: "2026-05-31") {
           book { configurationFreeze { daysBefore frozen } } } }`,
    );
    expect(closeChecklist.book).toEqual({ configurationFreeze: { daysBefore: 16, frozen: false } });
  });

  test('is free where nobody froze it, or the days are none', async () => {
    expect((await door().run(createAccount, { bookId, ...account })).errors).toEqual([]);
    await door().run(setConfigurationFreeze, { bookId, daysBefore: 0, daysAfter: 0 });
    expect((await door().run(createAccount, { bookId, ...account, code: '9991' })).errors).toEqual([]);
  });

  test('stands still on the same days for the database and for the code', async () => {
    const first = calendarDate('2023-12-20');
    const days = Array.from({ length: 500 }, (_, at) => addDays(first, at));
    for (const [daysBefore, daysAfter] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [3, 5],
      [16, 16],
    ] as const) {
      const found = await bench.owner.query<{ near: boolean }>(
        `select transactions.near_month_end(d::date, $2, $3) as near
           from unnest($1::text[]) with ordinality as w (d, at) order by at`,
        [days, daysBefore, daysAfter],
      );
      expect(found.rows.map(({ near }) => near)).toEqual(
        days.map((day) => isNearMonthEnd(day, { daysBefore, daysAfter })),
      );
    }
  });
});
