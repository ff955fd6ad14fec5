import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addDays, calendarDate } from '#kernel/calendar';
import { isNearMonthEnd } from '#kernel/configuration-freeze';
import { openTestBook } from '../../../test/support/book.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { createMappingRule } from '../classification/create-mapping-rule.ts';
import { transactions } from '../subgraph.ts';
import { createAccount } from './create-account.ts';
import { overrideConfigurationFreeze, setConfigurationFreeze } from './freeze-configuration.ts';
import { postJournalEntry } from './post-journal-entry.ts';

let bench: Workbench;
let bookId: string;

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
});
afterAll(() => bench.close());
beforeEach(async () => {
  bookId = await openTestBook(bench);
});

const door = () => bench.door('transactions');

const post = () =>
  door().run(postJournalEntry, {
    bookId,
    postedOn: '2026-05-04',
    description: 'By hand',
    lines: [
      { accountCode: '6855', side: 'DEBIT', amount: '7.00', currency: 'EUR' },
      { accountCode: '1100', side: 'CREDIT', amount: '7.00', currency: 'EUR' },
    ],
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
    expect((await post()).errors).toEqual([]);
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
