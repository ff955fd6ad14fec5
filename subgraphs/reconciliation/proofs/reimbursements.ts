import type { CalendarDate } from '#kernel/calendar';
import { money, type Money } from '#kernel/money';
import type { Ask } from '../matches/find-concerned.ts';
import { employeePayable, type BookDays } from './expense-to-bank.ts';

/** What an employee is owed for expenses of some days, against what was paid to them. */
export interface Reimbursement {
  readonly employee: string;
  readonly expenses: number;
  readonly owed: Money;
  readonly paid: Money;
  readonly open: Money;
  /** The day of the oldest expense that is still open. */
  readonly openSinceOn: CalendarDate | null;
  /** What the bank has paid to somebody of this name in these days and nobody has matched. */
  readonly unassigned: Money;
}

const rows = `
  select coalesce(min(o.counterparty_name), '') as employee, o.currency, count(*)::int as expenses,
         (-sum(o.minor))::text as owed, coalesce(-sum(p.applied), 0)::text as paid,
         (-sum(o.open_minor))::text as open,
         min(o.issued_on) filter (where o.open_minor <> 0) as open_since,
         (select coalesce(-sum(l.minor), 0) from reconciliation.statement_line l
           where l.book_id = $1 and l.currency = o.currency and l.minor < 0 and l.booked_on between $2 and $3
             and l.status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION')
             and lower(l.counterparty_name) = lower(min(o.counterparty_name)))::text as unassigned
    from reconciliation.open_item o
   cross join lateral (
     select sum(i.applied_minor) as applied from reconciliation.match_item i
       join reconciliation.match m on m.organisation_id = i.organisation_id and m.id = i.match_id and m.status = 'ACCEPTED'
      where i.organisation_id = o.organisation_id and i.open_item_id = o.id) p
   where o.book_id = $1 and o.control_account_code = '${employeePayable}' and not o.reversed
     and o.issued_on between $2 and $3
   group by lower(coalesce(o.counterparty_name, '')), o.currency
   order by 1, 2`;

/** What employees are owed for expenses of some days, against what was paid to them; one row for each and currency. */
export async function reimbursements(ask: Ask, { bookId, from, to }: BookDays): Promise<Reimbursement[]> {
  const found = await ask<{
    employee: string;
    currency: string;
    expenses: number;
    owed: string;
    paid: string;
    open: string;
    open_since: CalendarDate | null;
    unassigned: string;
  }>(rows, [bookId, from, to]);
  return found.map((row) => {
    const of = (minor: string) => money(BigInt(minor), row.currency);
    return {
      employee: row.employee,
      expenses: row.expenses,
      owed: of(row.owed),
      paid: of(row.paid),
      open: of(row.open),
      openSinceOn: row.open_since,
      unassigned: of(row.unassigned),
    };
  });
}
