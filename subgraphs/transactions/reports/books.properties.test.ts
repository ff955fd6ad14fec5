import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemActor } from '#kernel/actor';
import { newId } from '#kernel/ids';
import { formatMoney, money } from '#kernel/money';
import { openTestBook } from '../../../test/support/book.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { lockPeriod } from '../ledger/lock-period.ts';
import { postJournalEntry } from '../ledger/post-journal-entry.ts';
import { postMatch } from '../ledger/post-match.ts';
import { revalueBook } from '../ledger/revalue-book.ts';
import { reverseJournalEntry } from '../ledger/reverse-journal-entry.ts';
import { setExchangeRate } from '../rates/set-exchange-rate.ts';
import { transactions } from '../subgraph.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench([transactions]);
  const rates = { EUR: '1', USD: '0.913337', JPY: '0.00617', KWD: '2.98765' };
  for (const [place, day] of days.entries()) {
    for (const [from, rate] of Object.entries(rates)) {
      if (from === 'EUR') continue;
      // Another rate on every day, so that payments gain and lose.
      const changed = `${rate}${place + 1}`;
      const input = {
        from,
        to: 'EUR',
        rate: changed,
        on: day,
        until: `${day.slice(0, 8)}28`,
        reason: 'Test',
      };
      const { errors } = await bench.door('transactions').run(setExchangeRate, input);
      if (errors.length > 0) throw new Error(JSON.stringify(errors));
    }
  }
});
afterAll(() => bench.close());

/** Currencies of two, no and three decimals. */
const currencies = ['EUR', 'USD', 'JPY', 'KWD'];
const days = ['2025-10-05', '2025-12-10', '2026-01-05', '2026-02-10'];
const accounts = ['0400', '1000', '1200', '2000', '2600', '3000', '4400', '5400', '6220', '6837'];

const posting = fc.record({
  kind: fc.constant('post' as const),
  day: fc.constantFrom(...days),
  currency: fc.constantFrom(...currencies),
  debit: fc.constantFrom(...accounts),
  credits: fc.array(
    fc.record({ account: fc.constantFrom(...accounts), minor: fc.bigInt({ min: 1n, max: 10n ** 12n }) }),
    { minLength: 1, maxLength: 3 },
  ),
});
/** A purchase that is paid in parts, in its own currency, on other days. */
const settlement = fc.record({
  kind: fc.constant('settle' as const),
  currency: fc.constantFrom(...currencies),
  side: fc.constantFrom('2000', '1200'),
  parts: fc.array(fc.bigInt({ min: 1n, max: 10n ** 9n }), { minLength: 1, maxLength: 3 }),
});
const step = fc.oneof(
  { weight: 5, arbitrary: posting },
  { weight: 3, arbitrary: settlement },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reverse' as const), which: fc.nat(20) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('revalue' as const), day: fc.constantFrom(...days) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lock' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const everything: Step[] = [
  ...currencies.flatMap((currency): Step[] => [
    {
      kind: 'post',
      day: '2025-10-05',
      currency,
      debit: '1000',
      credits: [{ account: '3000', minor: 123_456_789n }],
    },
    { kind: 'settle', currency, side: '2000', parts: [333_333n, 1n, 666_667n] },
    { kind: 'settle', currency, side: '1200', parts: [7n, 1_000_000n] },
  ]),
  { kind: 'reverse', which: 1 },
  { kind: 'lock' },
  {
    kind: 'post',
    day: '2025-10-05',
    currency: 'USD',
    debit: '6837',
    credits: [{ account: '1000', minor: 5n }],
  },
  { kind: 'revalue', day: '2025-12-10' },
  { kind: 'revalue', day: '2026-02-10' },
];

const run = (command: Parameters<ReturnType<Workbench['door']>['run']>[0], input: object) =>
  bench.door('transactions').run(command, input);

interface EntryLine {
  readonly accountCode: string;
  readonly side: 'DEBIT' | 'CREDIT';
  readonly minor: bigint;
}

interface OnDay {
  readonly day: string;
  readonly currency: string;
}

/** The id of the new entry; undefined when the books refused it, which locked days do. */
async function post(bookId: string, { day, currency }: OnDay, lines: readonly EntryLine[]) {
  const outcome = await run(postJournalEntry, {
    bookId,
    postedOn: day,
    description: 'Any',
    lines: lines.map(({ minor, ...line }) => ({
      ...line,
      amount: formatMoney(money(minor, currency)),
      currency,
    })),
  });
  for (const { code } of outcome.errors) expect(code).toBe('PERIOD_CLOSED');
  return (outcome.result as { journalEntryId?: string } | undefined)?.journalEntryId;
}

/** Carries a step out; answers what it posted by hand. */
async function carryOut(bookId: string, one: Step, posted: readonly string[]): Promise<string | undefined> {
  const actor = systemActor('transactions', bench.actor().organisationId);
  if (one.kind === 'post') {
    const total = one.credits.reduce((sum, { minor }) => sum + minor, 0n);
    return post(bookId, one, [
      { accountCode: one.debit, side: 'DEBIT', minor: total },
      ...one.credits.map(({ account, minor }) => ({ accountCode: account, side: 'CREDIT' as const, minor })),
    ]);
  }
  if (one.kind === 'reverse') {
    const journalEntryId = posted[one.which % Math.max(posted.length, 1)];
    if (journalEntryId) await run(reverseJournalEntry, { journalEntryId, reason: 'Any' });
  }
  if (one.kind === 'revalue') await run(revalueBook, { bookId, on: one.day });
  if (one.kind === 'lock')
    await run(lockPeriod, { bookId, startsOn: '2025-10-01', endsOn: '2025-10-31', status: 'LOCKED' });
  if (one.kind === 'settle') {
    const total = one.parts.reduce((sum, minor) => sum + minor, 0n);
    const owed = one.side === '2000';
    const journalEntryId = await post(bookId, { day: '2025-12-10', currency: one.currency }, [
      { accountCode: owed ? '6837' : '1200', side: 'DEBIT', minor: total },
      { accountCode: owed ? '2000' : '4400', side: 'CREDIT', minor: total },
    ]);
    for (const [place, minor] of one.parts.entries()) {
      const amount = { minor: String(owed ? -minor : minor), currency: one.currency };
      const input = {
        matchId: newId('mat'),
        bookId,
        bankAccountCode: '1000',
        bookedOn: days[2 + (place % 2)],
        description: 'Payment',
        lines: [{ lineId: 'stl_1', money: amount }],
        items: [{ journalEntryId, controlAccountCode: one.side, applied: amount }],
      };
      const outcome = await bench.door('transactions').run(postMatch, input, { actor });
      if (outcome.errors.length > 0) throw new Error(JSON.stringify(outcome.errors));
    }
  }
  return undefined;
}

async function kindsOf(bookId: string): Promise<string[]> {
  const found = await bench.owner.query<{ kind: string }>(
    'select distinct kind from transactions.journal_entry where book_id = $1 order by kind',
    [bookId],
  );
  return found.rows.map(({ kind }) => kind);
}

interface Shown {
  proven: boolean;
  unvaluedLines: number;
  lines: { key: string; kind: string; amount: { amount: string } | null }[];
}

const statement = 'proven unvaluedLines lines { key kind amount { amount } }';
const figure = ({ lines }: Shown, key: string) =>
  lines.find((line) => line.key === key && line.kind !== 'ACCOUNT' && line.amount)?.amount?.amount;

test('whatever is posted, paid, reversed, revalued and locked: every currency is at zero and every statement is proven', async () => {
  let kinds: readonly string[] = [];
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 10 }), async (steps) => {
      const bookId = await openTestBook(bench);
      const posted: string[] = [];
      for (const one of steps) {
        const id = await carryOut(bookId, one, posted);
        if (id) posted.push(id);
      }
      if (steps === everything) kinds = await kindsOf(bookId);
      const data = await bench.query<{
        periodTrialBalance: { balanced: boolean; totals: { closing: { amount: string } }[] };
        balanceSheet: Shown;
        before: Shown;
        cashFlowStatement: Shown;
        profitAndLoss: Shown;
      }>(
        'transactions',
        `query ($b: ID!) {
           periodTrialBalance(bookId: $b, from: "2026-01-01", to: "2026-02-28") { balanced totals { closing { amount } } }
           balanceSheet(bookId: $b, on: "2026-02-28") { ${statement} }
           before: balanceSheet(bookId: $b, on: "2025-12-31") { ${statement} }
           cashFlowStatement(bookId: $b, from: "2026-01-01", to: "2026-02-28") { ${statement} }
           profitAndLoss(bookId: $b, from: "2026-01-01", to: "2026-02-28") { ${statement} } }`,
        { variables: { b: bookId } },
      );
      expect(data.periodTrialBalance.balanced).toBe(true);
      for (const { closing } of data.periodTrialBalance.totals) expect(closing.amount).toMatch(/^0(\.0+)?$/);
      const statements = [data.balanceSheet, data.before, data.cashFlowStatement, data.profitAndLoss];
      expect(statements.map(({ proven }) => proven)).toEqual([true, true, true, true]);
      expect(data.balanceSheet.unvaluedLines).toBe(0);
      // Four statements that were made apart say the same.
      expect(figure(data.cashFlowStatement, 'CASH_CLOSING')).toBe(figure(data.balanceSheet, 'CASH'));
      expect(figure(data.cashFlowStatement, 'CASH_OPENING')).toBe(figure(data.before, 'CASH'));
      expect(figure(data.profitAndLoss, 'RESULT')).toBe(figure(data.balanceSheet, 'CURRENT_RESULT'));
      expect(figure(data.cashFlowStatement, 'RESULT')).toBe(figure(data.profitAndLoss, 'RESULT'));
    }),
    // One run at least does everything.
    { numRuns: 20, examples: [[everything]] },
  );
  expect(kinds).toEqual(['MANUAL', 'PAYMENT', 'REVALUATION', 'REVERSAL']);
}, 240_000);
