import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addDays, type CalendarDate } from '#kernel/calendar';
import { openTestBook } from '../../../test/support/book.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { transactions } from '../subgraph.ts';
import { createFiscalYear } from './create-fiscal-year.ts';
import { monthsOfFiscalYear } from './fiscal-months.ts';
import { lockPeriod } from './lock-period.ts';
import { openPeriod } from './open-period.ts';

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
const may = { startsOn: '2026-05-01', endsOn: '2026-05-31' };

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
