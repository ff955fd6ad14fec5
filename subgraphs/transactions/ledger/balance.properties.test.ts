import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatMoney, money } from '#kernel/money';
import { openTestBook } from '../../../test/support/book.ts';
import { setTestRates } from '../../../test/support/rates.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { transactions } from '../subgraph.ts';
import { postJournalEntry } from './post-journal-entry.ts';
import { reverseJournalEntry } from './reverse-journal-entry.ts';

let bench: Workbench;

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
  await setTestRates(bench);
});
afterAll(() => bench.close());

/** Currencies of two, no and three decimals. */
const currencies = ['EUR', 'JPY', 'KWD'];
const accounts = ['1000', '1100', '1200', '2000', '4400', '6837', '9999'];

interface Transfer {
  readonly currency: string;
  readonly from: string;
  readonly to: readonly { readonly account: string; readonly minor: bigint }[];
}

/** A transfer of an amount from one account to some others; several in one entry balance in each currency. */
const transfer: fc.Arbitrary<Transfer> = fc.record({
  currency: fc.constantFrom(...currencies),
  from: fc.constantFrom(...accounts),
  to: fc.array(
    fc.record({ account: fc.constantFrom(...accounts), minor: fc.bigInt({ min: 1n, max: 10n ** 14n }) }),
    { minLength: 1, maxLength: 4 },
  ),
});

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ post: fc.array(transfer, { minLength: 1, maxLength: 3 }) }) },
  // Which of the entries so far; one that was reversed before is refused and changes nothing.
  { weight: 1, arbitrary: fc.record({ reverse: fc.nat(20) }) },
);

interface Line {
  readonly accountCode: string;
  readonly side: 'DEBIT' | 'CREDIT';
  readonly amount: string;
  readonly currency: string;
}

function linesOf(transfers: readonly Transfer[]): Line[] {
  return transfers.flatMap(({ currency, from, to }) => {
    const amount = (minor: bigint) => formatMoney(money(minor, currency));
    const total = to.reduce((sum, { minor }) => sum + minor, 0n);
    return [
      { accountCode: from, side: 'CREDIT' as const, amount: amount(total), currency },
      ...to.map(({ account, minor }) => ({
        accountCode: account,
        side: 'DEBIT' as const,
        amount: amount(minor),
        currency,
      })),
    ];
  });
}

interface TrialBalance {
  balanced: boolean;
  rows: { account: { code: string }; balance: { amount: string; currency: string } }[];
}

test('whatever is posted and reversed, every currency stays at zero and every account at its sum', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const bookId = await openTestBook(bench);
      const standing: { id: string; lines: Line[]; reversed: boolean }[] = [];
      const refusals: string[] = [];
      const expectedRefusals: string[] = [];
      for (const one of steps) {
        const chosen = 'reverse' in one ? standing[one.reverse % Math.max(standing.length, 1)] : undefined;
        if ('post' in one) {
          const lines = linesOf(one.post);
          const input = { bookId, postedOn: '2026-06-30', description: 'Any', lines };
          const outcome = await bench.door('transactions').run(postJournalEntry, input);
          refusals.push(...outcome.errors.map((error) => error.code));
          standing.push({ id: outcome.result?.journalEntryId ?? '', lines, reversed: false });
        } else if (chosen) {
          const input = { journalEntryId: chosen.id, reason: 'Any' };
          const outcome = await bench.door('transactions').run(reverseJournalEntry, input);
          refusals.push(...outcome.errors.map((error) => error.code));
          if (chosen.reversed) expectedRefusals.push('ALREADY_REVERSED');
          chosen.reversed = true;
        }
      }
      expect(refusals).toEqual(expectedRefusals);
      const expected = sums(standing.filter((entry) => !entry.reversed).flatMap((entry) => entry.lines));
      const { trialBalance } = await bench.query<{ trialBalance: TrialBalance }>(
        'transactions',
        `{ trialBalance(bookId: "${bookId}", on: "2026-06-30") {
             balanced rows { account { code } balance { amount currency } } } }`,
      );
      expect(trialBalance.balanced).toBe(true);
      const shown = new Map(
        trialBalance.rows.map((row) => [`${row.account.code} ${row.balance.currency}`, row.balance.amount]),
      );
      for (const [key, minor] of expected) {
        const [, currency = ''] = key.split(' ');
        expect(shown.get(key) ?? formatMoney(money(0n, currency))).toBe(formatMoney(money(minor, currency)));
      }
      expect(await balanceInDatabase(bookId)).toEqual([]);
    }),
    { numRuns: 25 },
  );
});

/** Counts in whole units of the last decimal, apart from any code of ours. */
function sums(lines: readonly Line[]): Map<string, bigint> {
  const totals = new Map<string, bigint>();
  for (const { accountCode, side, amount, currency } of lines) {
    const key = `${accountCode} ${currency}`;
    const minor = BigInt(amount.replace('.', ''));
    totals.set(key, (totals.get(key) ?? 0n) + (side === 'DEBIT' ? minor : -minor));
  }
  return totals;
}

async function balanceInDatabase(bookId: string): Promise<unknown[]> {
  const answer = await bench.owner.query(
    `select l.currency, sum(case l.side when 'DEBIT' then l.minor else -l.minor end) as rest
       from transactions.journal_entry e
       join transactions.journal_line l on l.organisation_id = e.organisation_id and l.journal_entry_id = e.id
      where e.book_id = $1 group by 1
     having sum(case l.side when 'DEBIT' then l.minor else -l.minor end) <> 0`,
    [bookId],
  );
  return answer.rows;
}
