import type { CalendarDate } from '#kernel/calendar';
import type { Ask } from '../matches/find-concerned.ts';
import type { LinesOfDay, StatedBalance } from './bank-balance.ts';
import { bankDay, bookedStates } from './line-days.ts';

const statements = `
  select t.bank_account_id as account, t.id, t.reference, t.status = 'QUARANTINED' as held,
         least(t.starts_on, t.first_booked_on) as starts_on,
         coalesce(t.ends_on, (select max(l.booked_on) from reconciliation.statement_line l where l.statement_id = t.id))
           as ends_on, t.opening_minor, t.closing_minor
    from reconciliation.bank_statement t
    join reconciliation.bank_account a on a.organisation_id = t.organisation_id and a.id = t.bank_account_id
   where t.bank_account_id = any ($1) and t.currency = a.currency`;

const days = `
  select l.bank_account_id as account, (${bankDay})::date as day, l.held, l.currency, sum(l.minor)::text as minor,
         count(*)::int as count
    from reconciliation.statement_line l
    join reconciliation.bank_statement t on t.organisation_id = l.organisation_id and t.id = l.statement_id
    join reconciliation.bank_account a on a.organisation_id = l.organisation_id and a.id = l.bank_account_id
   where l.bank_account_id = any ($1) and l.status in ${bookedStates} and l.currency = a.currency
   group by 1, 2, 3, 4`;

interface StatementRow extends Omit<
  StatedBalance,
  'reference' | 'startsOn' | 'endsOn' | 'opening' | 'closing'
> {
  readonly account: string;
  readonly reference: string | null;
  readonly starts_on: CalendarDate | null;
  readonly ends_on: CalendarDate | null;
  readonly opening_minor: bigint | string | null;
  readonly closing_minor: bigint | string | null;
}

interface DayRow {
  readonly account: string;
  readonly day: CalendarDate;
  readonly held: boolean;
  readonly minor: string;
  readonly count: number;
}

/** What the bank has said of an account: its balances, and what its lines come to by day. */
export interface BankSide {
  readonly statements: readonly StatedBalance[];
  readonly days: readonly LinesOfDay[];
}

/** Loads what the bank has said of several accounts, all at once. */
export async function loadBankSides(
  ask: Ask,
  accountIds: readonly string[],
): Promise<(accountId: string) => BankSide> {
  const stated = Map.groupBy(await ask<StatementRow>(statements, [accountIds]), ({ account }) => account);
  const counted = Map.groupBy(await ask<DayRow>(days, [accountIds]), ({ account }) => account);
  return (id) => ({
    statements: (stated.get(id) ?? []).flatMap((row) => statedOf(row)),
    days: (counted.get(id) ?? []).map((row): LinesOfDay => ({
      day: row.day,
      held: row.held,
      minor: BigInt(row.minor),
      count: row.count,
    })),
  });
}

/** A statement without a day says nothing of any. */
function statedOf(row: StatementRow): StatedBalance[] {
  if (row.ends_on === null) return [];
  return [
    {
      id: row.id,
      reference: row.reference ?? undefined,
      held: row.held,
      startsOn: row.starts_on ?? undefined,
      endsOn: row.ends_on,
      opening: row.opening_minor === null ? undefined : BigInt(row.opening_minor),
      closing: row.closing_minor === null ? undefined : BigInt(row.closing_minor),
    },
  ];
}
