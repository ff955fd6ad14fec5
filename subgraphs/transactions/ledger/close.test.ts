import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemActor } from '#kernel/actor';
import type { ChecklistItem } from '#kernel/close-checklist';
import { createPool } from '#kernel/database';
import { openTestBook } from '../../../test/support/book.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { transactions } from '../subgraph.ts';
import { compareBankFacts, keepSyncFacts } from './cross-foot-bank.ts';
import { lockPeriod } from './lock-period.ts';
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
    expect((await post('6855')).errors).toEqual([]);
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
