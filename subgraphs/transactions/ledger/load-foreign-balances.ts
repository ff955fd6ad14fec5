import type { CalendarDate } from '#kernel/calendar';
import type { Transaction } from '#kernel/command';
import { money } from '#kernel/money';
import type { KnownRate } from '../rates/choose-rate.ts';
import { convert } from '../rates/exchange-arithmetic.ts';
import { ratesFor } from '../rates/rate-for.ts';
import type { AccountType } from './chart-of-accounts.ts';
import { adjustmentAccount, revalue, type ForeignBalance, type Revalued } from './revalue-accounts.ts';

interface Row {
  readonly code: string;
  readonly name: string;
  readonly type: AccountType;
  readonly currency: string;
  readonly minor: bigint;
  readonly functional: bigint;
}

interface UnvaluedRow {
  readonly code: string;
  readonly currency: string;
  readonly posted_on: CalendarDate;
  readonly minor: bigint;
}

/** The end of a day of a book with its base currency. */
interface Day {
  readonly bookId: string;
  readonly base: string;
  readonly on: CalendarDate;
}

/** A revalued balance with the account that takes its difference. */
export type AdjustedBalance = Revalued & { readonly adjustmentCode: string };

/** The foreign balances of a book's monetary accounts at the end of a day, at the rates of the day; throws RATE_MISSING. */
export async function loadRevalued(transaction: Transaction, day: Day): Promise<AdjustedBalance[]> {
  const { bookId, base, on } = day;
  const balances = await loadForeignBalances(transaction, day);
  const currencies = [...new Set(balances.map(({ balance }) => balance.currency))];
  const wanted = currencies.map((from) => ({ from, to: base, on, bookId }));
  const rates = await ratesFor(transaction, wanted);
  const byCurrency = new Map(currencies.map((currency, index) => [currency, rates[index] as KnownRate]));
  const types = new Map(balances.map(({ accountCode, type }) => [accountCode, type]));
  return revalue(balances, (currency) => byCurrency.get(currency) as KnownRate).map((one) => ({
    ...one,
    adjustmentCode: adjustmentAccount(types.get(one.accountCode) ?? 'ASSET', one.accountCode) ?? '',
  }));
}

async function loadForeignBalances(
  transaction: Transaction,
  { bookId, base, on }: Day,
): Promise<ForeignBalance[]> {
  const rows = await transaction.query<Row>(
    `select a.code, a.name, a.type, l.currency,
            sum(case l.side when 'DEBIT' then l.minor else -l.minor end)::bigint as minor,
            coalesce(sum(case l.side when 'DEBIT' then l.functional_minor else -l.functional_minor end), 0)::bigint as functional
       from transactions.account a
       join transactions.journal_line l on l.organisation_id = a.organisation_id and l.account_id = a.id
      where a.book_id = $1 and a.type in ('ASSET', 'LIABILITY') and l.posted_on <= $2 and l.currency <> $3
      group by a.code, a.name, a.type, l.currency order by a.code, l.currency`,
    [bookId, on, base],
  );
  const earlier = await unvaluedBefore(transaction, { bookId, base, on });
  return rows
    .map(({ code, name, type, currency, minor, functional }) => ({
      accountCode: code,
      accountName: name,
      type,
      balance: money(minor, currency),
      carried: money(functional + (earlier.get(`${code} ${currency}`) ?? 0n), base),
    }))
    .filter(
      ({ type, accountCode, balance, carried }) =>
        adjustmentAccount(type, accountCode) !== undefined && (balance.minor !== 0n || carried.minor !== 0n),
    );
}

/** What lines of before there were rates are worth at the rates of their days; throws RATE_MISSING. */
async function unvaluedBefore(
  transaction: Transaction,
  { bookId, base, on }: Day,
): Promise<Map<string, bigint>> {
  const rows = await transaction.query<UnvaluedRow>(
    `select a.code, l.currency, l.posted_on,
            sum(case l.side when 'DEBIT' then l.minor else -l.minor end)::bigint as minor
       from transactions.account a
       join transactions.journal_line l on l.organisation_id = a.organisation_id and l.account_id = a.id
      where a.book_id = $1 and a.type in ('ASSET', 'LIABILITY') and l.posted_on <= $2 and l.currency <> $3
        and l.functional_minor is null
      group by 1, 2, 3`,
    [bookId, on, base],
  );
  const worth = new Map<string, bigint>();
  if (rows.length === 0) return worth;
  const rates = await ratesFor(
    transaction,
    rows.map((row) => ({ from: row.currency, to: base, on: row.posted_on, bookId })),
  );
  rows.forEach(({ code, currency, minor }, index) => {
    const key = `${code} ${currency}`;
    const value = convert({ minor, currency }, rates[index]?.rate ?? '0', base).minor;
    worth.set(key, (worth.get(key) ?? 0n) + value);
  });
  return worth;
}
