import type { CalendarDate } from '#kernel/calendar';
import type { Transaction } from '#kernel/command';
import type { AccountType } from './chart-of-accounts.ts';
import { adjustmentAccount, type PostedDifference, type Revalued } from './revalue-accounts.ts';

/** What a run came to; all runs of a day together have posted exactly that. */
export interface Run {
  readonly id: string;
  readonly differences: readonly PostedDifference[];
}

/** The newest run of a day. */
export async function lastRun(
  transaction: Transaction,
  bookId: string,
  on: CalendarDate,
): Promise<Run | undefined> {
  const run = await transaction.maybe<{ id: string }>(
    'select id from transactions.revaluation where book_id = $1 and on_day = $2 order by id desc limit 1',
    [bookId, on],
  );
  if (!run) return undefined;
  const rows = await transaction.query<{
    account_code: string;
    type: AccountType;
    currency: string;
    base_currency: string;
    difference_minor: bigint;
  }>(
    `select l.account_code, a.type, l.currency, l.base_currency, l.difference_minor
       from transactions.revaluation_line l
       join transactions.account a on a.organisation_id = l.organisation_id and a.book_id = $2 and a.code = l.account_code
      where l.revaluation_id = $1 order by l.position`,
    [run.id, bookId],
  );
  return {
    id: run.id,
    differences: rows.map((row) => ({
      accountCode: row.account_code,
      currency: row.currency,
      adjustmentCode: adjustmentAccount(row.type, row.account_code) ?? '',
      difference: { minor: row.difference_minor, currency: row.base_currency },
    })),
  };
}

/** The entry of a day and its reversal of the next; neither when nothing had to be posted. */
export interface PostedPair {
  readonly journalEntryId?: string;
  readonly reversalId?: string;
}

/** Keeps a run with the balances it valued. */
export async function storeRun(
  transaction: Transaction,
  run: PostedPair & {
    readonly revaluationId: string;
    readonly bookId: string;
    readonly on: CalendarDate;
    readonly revalued: readonly Revalued[];
  },
): Promise<void> {
  const { revaluationId, revalued } = run;
  await transaction.insert('transactions.revaluation', {
    id: revaluationId,
    book_id: run.bookId,
    on_day: run.on,
    journal_entry_id: run.journalEntryId ?? null,
    reversal_entry_id: run.reversalId ?? null,
    revalued_by: transaction.actor.memberId ?? null,
    revalued_at: transaction.now,
  });
  await transaction.query(
    `insert into transactions.revaluation_line
       (organisation_id, revaluation_id, position, account_code, account_name, currency, base_currency, minor,
        functional_minor, rate, rate_source, rate_on, rate_path, worth_minor, difference_minor)
     select $1, $2, l.position, l.code, l.name, l.currency, l.base, l.minor, l.carried, l.rate, l.source, l.on_day, l.path,
            l.worth, l.worth - l.carried
       from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::numeric[], $10::text[],
                   $11::date[], $12::text[], $13::bigint[]) with ordinality
         as l (code, name, currency, base, minor, carried, rate, source, on_day, path, worth, position)`,
    [
      transaction.organisationId,
      revaluationId,
      revalued.map((one) => one.accountCode),
      revalued.map((one) => one.accountName),
      revalued.map((one) => one.balance.currency),
      revalued.map((one) => one.carried.currency),
      revalued.map((one) => one.balance.minor),
      revalued.map((one) => one.carried.minor),
      revalued.map((one) => one.rate.rate),
      revalued.map((one) => one.rate.source),
      revalued.map((one) => one.rate.on),
      revalued.map((one) => one.rate.path),
      revalued.map((one) => one.worth.minor),
    ],
  );
}
