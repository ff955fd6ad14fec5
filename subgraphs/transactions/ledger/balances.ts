import type { Context } from '#kernel/context';
import { byBatch } from '#kernel/loaders';
import type { Money } from '#kernel/money';
import type { Account } from './entities.ts';
import * as load from './loaders.ts';

/** One account in one currency on a day. */
export interface TrialBalanceRow {
  readonly account: Account;
  readonly debit: Money;
  readonly credit: Money;
  /** Debit less credit. */
  readonly balance: Money;
}

/** All accounts of a book with lines, on a day. */
export interface TrialBalance {
  readonly on: string;
  readonly rows: readonly TrialBalanceRow[];
  /** Whether debits equal credits in every currency. */
  readonly balanced: boolean;
}

interface SumRow {
  readonly book_id: string;
  readonly on: string;
  readonly account_id: string;
  readonly currency: string;
  readonly debit: string;
  readonly credit: string;
}

/**
 * The newest day not after another at whose end the balances of the book are kept and hold, or -infinity. The planner
 * takes no `coalesce` into an index of a table with row-level security, so it stands here and not beside the lines.
 */
const keptDay = (book: string, day: string): string => `
  select coalesce(max(d.on_day), '-infinity') as on_day from transactions.balance_day d
   where d.book_id = ${book} and d.on_day <= ${day} and d.state = 'READY' offset 0`;

/**
 * What moved an account up to a day, by currency: what stood at the end of the kept day, and the lines since. "offset 0"
 * keeps the look-ups by key, whatever the planner believes of the days between.
 */
const movements = (account: string, day: string): string => `
  select s.currency, s.debit, s.credit from transactions.balance_snapshot s
   where s.account_id = ${account} and s.on_day = kept.on_day
  union all
  (select l.currency, coalesce(sum(l.minor) filter (where l.side = 'DEBIT'), 0),
          coalesce(sum(l.minor) filter (where l.side = 'CREDIT'), 0)
     from transactions.journal_line l
    where l.account_id = ${account} and l.posted_on > kept.on_day and l.posted_on <= ${day}
    group by l.currency offset 0)`;

/** Adds up the journal of a book to the end of a day, exactly, in the database. */
export function trialBalanceOf(context: Context, bookId: string, on: string): Promise<TrialBalance> {
  return trialBalances(context).load(balanceKey(bookId, on));
}

/** Trial balances of many books and days at once. */
const trialBalances = byBatch<TrialBalance>(async (keys, context) => {
  const pairs = keys.map((key) => key.split(' ') as [on: string, bookId: string]);
  const sums = await context.sql<SumRow>(
    `select w.book_id, w.day::text as on, a.id as account_id, x.currency, sum(x.debit)::text as debit,
            sum(x.credit)::text as credit
       from jsonb_to_recordset($1::jsonb) as w (book_id text, day date)
      cross join lateral (${keptDay('w.book_id', 'w.day')}) kept
       join transactions.account a on a.book_id = w.book_id
      cross join lateral (${movements('a.id', 'w.day')}) x
      group by 1, 2, 3, 4`,
    [JSON.stringify(pairs.map(([day, book]) => ({ day, book_id: book })))],
  );
  const byKey = Map.groupBy(sums, (sum) => balanceKey(sum.book_id, sum.on));
  return Promise.all(
    pairs.map(async ([on, bookId]) => {
      const accounts = await load.accountsByBook(context).load(bookId);
      return trialBalance(on, byKey.get(balanceKey(bookId, on)) ?? [], accounts);
    }),
  );
});

function trialBalance(on: string, sums: readonly SumRow[], chart: readonly Account[]): TrialBalance {
  const accounts = new Map(chart.map((account) => [account.id, account]));
  const rows = sums.flatMap((sum): TrialBalanceRow[] => {
    const account = accounts.get(sum.account_id);
    if (!account) return [];
    const { currency } = sum;
    const [debit, credit] = [BigInt(sum.debit), BigInt(sum.credit)];
    return [
      {
        account,
        debit: { minor: debit, currency },
        credit: { minor: credit, currency },
        balance: { minor: debit - credit, currency },
      },
    ];
  });
  rows.sort(
    (a, b) =>
      compareText(a.account.code, b.account.code) || compareText(a.balance.currency, b.balance.currency),
  );
  return { on, rows, balanced: isBalanced(rows) };
}

function isBalanced(rows: readonly TrialBalanceRow[]): boolean {
  const totals = new Map<string, bigint>();
  for (const { balance } of rows)
    totals.set(balance.currency, (totals.get(balance.currency) ?? 0n) + balance.minor);
  return [...totals.values()].every((total) => total === 0n);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The key under which the balance of an account, or of a book, on a day is loaded. */
export function balanceKey(id: string, on: string): string {
  return `${on} ${id}`;
}

/** Balances of accounts at the end of a day, one for each currency that was posted, debits positive. */
export const balancesOfAccounts = byBatch<Money[]>(async (keys, context) => {
  const pairs = keys.map((key) => key.split(' '));
  const sums = await context.sql<{ account_id: string; on: string; currency: string; balance: string }>(
    `select w.account_id, w.day::text as on, x.currency, sum(x.debit - x.credit)::text as balance
       from jsonb_to_recordset($1::jsonb) as w (account_id text, day date)
       join transactions.account a on a.id = w.account_id
      cross join lateral (${keptDay('a.book_id', 'w.day')}) kept
      cross join lateral (${movements('a.id', 'w.day')}) x
      group by 1, 2, 3 order by 3`,
    [JSON.stringify(pairs.map(([day, account]) => ({ day, account_id: account })))],
  );
  return keys.map((key) =>
    sums
      .filter((sum) => balanceKey(sum.account_id, sum.on) === key)
      .map((sum) => ({ minor: BigInt(sum.balance), currency: sum.currency })),
  );
});
