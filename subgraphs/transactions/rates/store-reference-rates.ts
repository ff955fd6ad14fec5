import type { CalendarDate } from '#kernel/calendar';
import type { Transaction } from '#kernel/command';
import type { ReferenceRateDay } from '#connectors/ports';

/** What storing days of rates came to. */
export interface StoredRates {
  readonly days: number;
  /** Days that were new, or said something else than before. */
  readonly changed: number;
  /** The first and the last of the days that changed. */
  readonly from?: CalendarDate;
  readonly to?: CalendarDate;
}

/** Stores days of reference rates for the organisation of the transaction, all in one statement; the same twice is once. */
export async function storeReferenceRates(
  transaction: Transaction,
  days: readonly ReferenceRateDay[],
): Promise<StoredRates> {
  // A day that stands in a file twice cannot be written twice by one statement; the later one counts.
  const byDay = new Map(days.map((day) => [day.on, day]));
  const changed = await transaction.query<{ on_day: CalendarDate }>(
    `insert into transactions.reference_rates as r (organisation_id, on_day, rates, imported_at)
     select $1, d.on_day, d.rates, $2 from unnest($3::date[], $4::jsonb[]) as d (on_day, rates)
     on conflict (organisation_id, on_day) do update set rates = r.rates || excluded.rates, imported_at = excluded.imported_at
      where not r.rates @> excluded.rates
     returning on_day`,
    [
      transaction.organisationId,
      transaction.now,
      [...byDay.keys()],
      [...byDay.values()].map(({ rates }) => JSON.stringify(rates)),
    ],
  );
  const sorted = changed.map((row) => row.on_day).toSorted();
  return { days: byDay.size, changed: sorted.length, from: sorted[0], to: sorted.at(-1) };
}
