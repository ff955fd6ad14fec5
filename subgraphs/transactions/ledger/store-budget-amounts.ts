import type { CalendarDate } from '#kernel/calendar';
import type { Transaction } from '#kernel/command';
import { newId } from '#kernel/ids';

/** What is planned for an account in a month; positive on the side on which the account grows. */
export interface NewBudgetAmount {
  readonly accountId: string;
  /** The first day of the month. */
  readonly month: CalendarDate;
  /** Codes by dimension; none for the rest of the account. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** Minor units of the base currency. */
  readonly minor: bigint;
}

/** Writes amounts of a budget; what was planned for the same account, month and dimensions is replaced. */
export async function storeBudgetAmounts(
  transaction: Transaction,
  budgetId: string,
  amounts: readonly NewBudgetAmount[],
): Promise<void> {
  // One statement cannot change a row twice; the last amount counts.
  const last = new Map(amounts.map((one) => [keyOf(one), one]));
  const rows = [...last.values()];
  await transaction.query(
    `insert into transactions.budget_amount (organisation_id, id, budget_id, account_id, month, dimensions, minor)
     select $1, a.id, $2, a.account_id, a.month, a.dimensions, a.minor
       from unnest($3::text[], $4::text[], $5::date[], $6::jsonb[], $7::bigint[])
         as a (id, account_id, month, dimensions, minor)
     on conflict (budget_id, account_id, month, dimensions, organisation_id) do update set minor = excluded.minor`,
    [
      transaction.organisationId,
      budgetId,
      rows.map(() => newId('bam')),
      rows.map((row) => row.accountId),
      rows.map((row) => row.month),
      rows.map((row) => JSON.stringify(row.dimensions)),
      rows.map((row) => row.minor),
    ],
  );
}

function keyOf({ accountId, month, dimensions }: NewBudgetAmount): string {
  const codes = Object.entries(dimensions).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([accountId, month, codes]);
}
