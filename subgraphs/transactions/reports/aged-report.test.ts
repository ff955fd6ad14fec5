import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemActor } from '#kernel/actor';
import { addDays, calendarDate, type CalendarDate } from '#kernel/calendar';
import { openTestBook } from '../../../test/support/book.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { postJournalEntry } from '../ledger/post-journal-entry.ts';
import { postMatch } from '../ledger/post-match.ts';
import { reverseJournalEntry } from '../ledger/reverse-journal-entry.ts';
import { undoMatchPosting } from '../ledger/undo-match-posting.ts';
import { transactions } from '../subgraph.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench([transactions]);
});
afterAll(() => bench.close());

const system = () => ({ actor: systemActor('transactions', bench.actor().organisationId) });
const start = calendarDate('2026-01-01');
const day = (offset: number): CalendarDate => addDays(start, offset);
const decimal = (cents: number) => `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;

async function owe(bookId: string, cents: number, on: CalendarDate): Promise<string> {
  const line = { amount: decimal(cents), currency: 'EUR' };
  const posted = await bench.door('transactions').run(postJournalEntry, {
    bookId,
    postedOn: on,
    description: 'Bill',
    lines: [
      { ...line, accountCode: '6000', side: 'DEBIT' },
      { ...line, accountCode: '2000', side: 'CREDIT' },
    ],
  });
  return String(posted.result?.journalEntryId);
}

let matches = 0;
async function pay(
  bookId: string,
  { on, cents, items }: { on: CalendarDate; cents: number; items: readonly (readonly [string, number])[] },
): Promise<string> {
  matches += 1;
  const matchId = `ma_${matches}`;
  const paid = await bench.door('transactions').run(
    postMatch,
    {
      matchId,
      bookId,
      bankAccountCode: '1000',
      bookedOn: on,
      description: 'Payment',
      lines: [{ lineId: `bl_${matches}`, money: { minor: String(-cents), currency: 'EUR' } }],
      items: items.map(([journalEntryId, applied]) => ({
        journalEntryId,
        controlAccountCode: '2000',
        applied: { minor: String(-applied), currency: 'EUR' },
      })),
    },
    system(),
  );
  expect(paid.errors).toEqual([]);
  return matchId;
}

interface Aged {
  readonly difference: { amount: string };
  readonly functional: readonly { bucket: string; amount: { amount: string } }[];
  readonly rows: readonly {
    readonly items: readonly {
      daysOverdue: number;
      open: { amount: string };
      journalEntry: { id: string };
    }[];
  }[];
}

async function aged(bookId: string, on: CalendarDate): Promise<Aged> {
  const answer = await bench.query<{ agedPayables: Aged }>(
    'transactions',
    `{ agedPayables(bookId: "${bookId}", on: "${on}") { difference { amount } functional { bucket amount { amount } }
         rows { items { daysOverdue open { amount } journalEntry { id } } } } }`,
  );
  return answer.agedPayables;
}

const openOf = ({ rows }: Aged) =>
  Object.fromEntries(rows.flatMap((row) => row.items.map((one) => [one.journalEntry.id, one.open.amount])));

test('a past day is seen as it was: before the payment, before the reversal, before the rest was paid', async () => {
  const bookId = await openTestBook(bench);
  const bill = await owe(bookId, 10_000, day(0));
  const wrong = await owe(bookId, 5_000, day(10));
  await pay(bookId, { on: day(40), cents: 4_000, items: [[bill, 4_000]] });
  await pay(bookId, { on: day(120), cents: 6_000, items: [[bill, 6_000]] });
  const reversal = { journalEntryId: wrong, postedOn: day(50), reason: 'Sent twice' };
  await bench.door('transactions').run(reverseJournalEntry, reversal);
  expect(openOf(await aged(bookId, day(-1)))).toEqual({});
  expect(openOf(await aged(bookId, day(39)))).toEqual({ [bill]: '100.00', [wrong]: '50.00' });
  expect(openOf(await aged(bookId, day(40)))).toEqual({ [bill]: '60.00', [wrong]: '50.00' });
  expect(openOf(await aged(bookId, day(50)))).toEqual({ [bill]: '60.00' });
  expect(openOf(await aged(bookId, day(120)))).toEqual({});
  const before = await aged(bookId, day(40));
  expect(before.functional.map(({ bucket, amount }) => [bucket, amount.amount])).toEqual([
    ['NOT_DUE', '0.00'],
    ['DAYS_1_30', '50.00'],
    ['DAYS_31_60', '60.00'],
    ['DAYS_61_90', '0.00'],
    ['OVER_90', '0.00'],
  ]);
});

test('a payment before its bill is what was paid in advance, and both are gone when the bill is there', async () => {
  const bookId = await openTestBook(bench);
  const bill = await owe(bookId, 3_000, day(20));
  await pay(bookId, { on: day(5), cents: 3_000, items: [[bill, 3_000]] });
  const early = await aged(bookId, day(10));
  expect(early.rows[0]?.items.map((one) => one.open.amount)).toEqual(['-30.00']);
  expect(openOf(await aged(bookId, day(20)))).toEqual({});
});

test('whatever is billed, paid in parts, reversed and undone, each day is open what a list of it says', async () => {
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('owe' as const), cents: fc.integer({ min: 1, max: 9_999 }) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('pay' as const), cents: fc.integer({ min: 1, max: 9_999 }) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('reverse' as const), cents: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('undo' as const), cents: fc.nat() }) },
  );
  const steps = fc.array(fc.tuple(step, fc.integer({ min: 0, max: 100 })), { minLength: 8, maxLength: 16 });
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      const bookId = await openTestBook(bench);
      const items: { id: string; on: number; cents: number; until: number }[] = [];
      const payments: { item: string; on: number; cents: number; match: string; undone: boolean }[] = [];
      for (const [{ kind, cents }, on] of list) {
        const item = items[cents % Math.max(1, items.length)];
        if (kind === 'owe') items.push({ id: await owe(bookId, cents, day(on)), on, cents, until: Infinity });
        else if (kind === 'pay' && item) {
          const match = await pay(bookId, { on: day(on), cents, items: [[item.id, cents]] });
          payments.push({ item: item.id, on, cents, match, undone: false });
        } else if (kind === 'reverse' && item && item.until === Infinity) {
          const input = { journalEntryId: item.id, postedOn: day(Math.max(on, item.on)), reason: 'Wrong' };
          const reversed = await bench.door('transactions').run(reverseJournalEntry, input);
          if (reversed.errors.length === 0) item.until = Math.max(on, item.on);
        } else if (kind === 'undo') {
          const payment = payments[cents % Math.max(1, payments.length)];
          if (!payment || payment.undone) continue;
          await bench
            .door('transactions')
            .run(undoMatchPosting, { matchId: payment.match, bookId }, system());
          payment.undone = true;
        }
      }
      for (const on of [0, 25, 50, 75, 101]) {
        const now = await aged(bookId, day(on));
        expect(now.difference.amount).toBe('0.00');
        const open = openOf(now);
        for (const item of items) {
          const standing = item.on <= on && on < item.until ? item.cents : 0;
          const paid = payments
            .filter((one) => one.item === item.id && !one.undone && one.on <= on && item.on <= on)
            .reduce((sum, one) => sum + one.cents, 0);
          const left = standing - paid;
          expect(open[item.id] ?? '0.00').toBe(`${left < 0 ? '-' : ''}${decimal(Math.abs(left))}`);
        }
      }
    }),
    { numRuns: 6 },
  );
});
