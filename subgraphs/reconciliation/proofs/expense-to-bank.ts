import { isCalendarDate, type CalendarDate } from '#kernel/calendar';
import { graphqlError } from '#kernel/graphql';
import { pageSize, parseCursor, toPage, type Page, type PageArgs } from '#kernel/graphql-connection';
import { money, type Money } from '#kernel/money';
import type { Ask } from '../matches/find-concerned.ts';

/** Where what employees are owed is kept in the chart that books begin with. */
export const employeePayable = '2400';

/** How an expense stands against the bank. */
export const expenseStates = [
  'MATCHED',
  'DIFFERS',
  'PART_PAID',
  'NOT_AT_BANK',
  'NOT_IN_BOOKS',
  'WITHOUT_EXPENSE',
] as const;

/** One way an expense stands against the bank. */
export type ExpenseState = (typeof expenseStates)[number];

/** An expense beside what the bank paid of it, or a payment beside nothing; costs are positive. */
export interface ExpenseRow {
  readonly id: string;
  readonly on: CalendarDate;
  readonly state: ExpenseState;
  readonly label: string;
  readonly counterpartyName: string | null;
  readonly ofEmployee: boolean;
  readonly expense: Money | null;
  readonly bank: Money | null;
  readonly openItemId: string | null;
  readonly lineIds: readonly string[];
}

/** How many there are of a state, and what they come to. */
export interface ExpenseTotal {
  readonly state: ExpenseState;
  readonly count: number;
  readonly expense: Money;
  readonly bank: Money;
}

/** Some days of a book. */
export interface BookDays {
  readonly bookId: string;
  readonly from: CalendarDate;
  readonly to: CalendarDate;
}

interface Row {
  readonly id: string;
  readonly day: CalendarDate;
  readonly state: ExpenseState;
  readonly label: string;
  readonly counterparty_name: string | null;
  readonly of_employee: boolean;
  readonly expense: string | null;
  readonly bank: string | null;
  readonly currency: string;
  readonly open_item_id: string | null;
  readonly line_ids: readonly string[] | null;
}

/** Bills and expenses of the days with what was paid of them; then what was paid out in the days and belongs to none. */
const compared = `
  select o.id, o.issued_on as day, o.label, o.counterparty_name, o.control_account_code = '${employeePayable}' as of_employee,
         (-o.minor)::bigint as expense, coalesce(-p.applied, 0)::bigint as bank, o.currency, o.id as open_item_id,
         p.line_ids,
         case when p.applied is null then 'NOT_AT_BANK' when o.open_minor <> 0 then 'PART_PAID'
              when p.differs then 'DIFFERS' else 'MATCHED' end as state
    from reconciliation.open_item o
   cross join lateral (
     select sum(i.applied_minor) as applied, bool_or(m.difference_splits <> '[]') as differs,
            (select array_agg(distinct l.line_id) from reconciliation.match_line l
              where l.organisation_id = o.organisation_id and l.match_id = any (array_agg(m.id))) as line_ids
       from reconciliation.match_item i
       join reconciliation.match m on m.organisation_id = i.organisation_id and m.id = i.match_id and m.status = 'ACCEPTED'
      where i.organisation_id = o.organisation_id and i.open_item_id = o.id) p
   where o.book_id = $1 and o.kind = 'PAYABLE' and not o.reversed and o.issued_on between $2 and $3
   union all
  select l.id, l.booked_on, l.remittance, l.counterparty_name, false, null, (-l.minor)::bigint, l.currency, null,
         array[l.id], case l.status when 'BOOKED' then 'WITHOUT_EXPENSE' else 'NOT_IN_BOOKS' end
    from reconciliation.statement_line l
   where l.book_id = $1 and l.minor < 0 and l.booked_on between $2 and $3
     and l.status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION', 'BOOKED')`;

const page = `
  select c.id, c.day, c.state, c.label, c.counterparty_name, c.of_employee, c.expense::text as expense, c.bank::text as bank,
         c.currency, c.open_item_id, c.line_ids
    from (${compared}) c
   where (c.day, c.id) > ($4::date, $5) and ($6 = '' or c.state = $6) order by c.day, c.id limit $7`;

const totals = `
  select c.state, c.currency, count(*)::int as count, coalesce(sum(c.expense), 0)::text as expense,
         coalesce(sum(c.bank), 0)::text as bank
    from (${compared}) c group by 1, 2 order by 1, 2`;

const beforeAll = '0001-01-01';

/** A page of expenses against the bank, by day. Throws CURSOR_INVALID and FIELD_INVALID as GraphQL errors. */
export async function expenseToBank(
  ask: Ask,
  { bookId, from, to, state }: BookDays & { readonly state?: ExpenseState | undefined },
  args: PageArgs,
): Promise<Page<ExpenseRow>> {
  const first = pageSize(args);
  const [day, id] = args.after ? parseCursor(args.after) : [beforeAll, ''];
  if (day === null || !isCalendarDate(day)) {
    throw graphqlError('CURSOR_INVALID', 'This is not a cursor of this connection');
  }
  const rows = await ask<Row>(page, [bookId, from, to, day, id, state ?? '', first + 1]);
  return toPage(rows.map(rowOf), {
    first,
    by: 'on',
    hasPrevious: Boolean(args.after),
    totalCount: async () =>
      (await expenseTotals(ask, { bookId, from, to }))
        .filter((one) => state === undefined || one.state === state)
        .reduce((sum, { count }) => sum + count, 0),
  });
}

/** What expenses against the bank come to, by state and currency. */
export async function expenseTotals(ask: Ask, { bookId, from, to }: BookDays): Promise<ExpenseTotal[]> {
  const rows = await ask<{
    state: ExpenseState;
    currency: string;
    count: number;
    expense: string;
    bank: string;
  }>(totals, [bookId, from, to]);
  return rows.map(({ state, currency, count, expense, bank }) => ({
    state,
    count,
    expense: money(BigInt(expense), currency),
    bank: money(BigInt(bank), currency),
  }));
}

function rowOf(row: Row): ExpenseRow {
  const { id, day, state, label, currency } = row;
  return {
    id,
    on: day,
    state,
    label,
    counterpartyName: row.counterparty_name,
    ofEmployee: row.of_employee,
    expense: row.expense === null ? null : money(BigInt(row.expense), currency),
    bank: row.bank === null ? null : money(BigInt(row.bank), currency),
    openItemId: row.open_item_id,
    lineIds: row.line_ids ?? [],
  };
}
