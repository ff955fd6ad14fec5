import { addDays, type CalendarDate } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import type { Ask } from '../matches/find-concerned.ts';
import { comparePayroll, type ComparedPay, type OutgoingLine, type PayrollEntry } from './compare-payroll.ts';

/** Banks carry pay out some days before or after its day. */
const daysBefore = 5;
const daysAfter = 14;

/** A payroll held against the bank. */
export interface PayrollComparison {
  readonly payrollId: string;
  readonly bookId: string;
  readonly name: string;
  readonly payOn: CalendarDate;
  readonly currency: string;
  readonly rows: readonly ComparedPay[];
}

/** Holds a payroll against what the bank paid out around its days. Throws NOT_FOUND. */
export async function loadPayrollComparison(ask: Ask, payrollId: string): Promise<PayrollComparison> {
  const [payroll] = await ask<{ book_id: string; name: string; pay_on: CalendarDate; currency: string }>(
    'select book_id, name, pay_on, currency from reconciliation.payroll where id = $1',
    [payrollId],
  );
  if (!payroll) {
    throw new CrossfootError('NOT_FOUND', `There is no payroll ${payrollId}`, { path: ['payrollId'] });
  }
  const entries = await ask<{
    position: number;
    employee: string;
    account_index: string | null;
    minor: string;
    pay_on: CalendarDate;
  }>(
    `select position, employee, account_index, minor::text as minor, pay_on from reconciliation.payroll_entry
      where payroll_id = $1 order by position`,
    [payrollId],
  );
  const days = entries.map((entry) => entry.pay_on);
  const firstOn = days.reduce((first, day) => (day < first ? day : first), payroll.pay_on);
  const lines = await ask<{
    id: string;
    booked_on: CalendarDate;
    minor: string;
    counterparty_name: string | null;
    counterparty_account_index: string | null;
    remittance: string;
  }>(
    `select id, booked_on, (-minor)::text as minor, counterparty_name, counterparty_account_index, remittance
       from reconciliation.statement_line
      where book_id = $1 and currency = $2 and minor < 0 and not held and booked_on between $3 and $4
        and status in ('UNMATCHED', 'SUGGESTED', 'MATCHED', 'EXCEPTION', 'BOOKED')
      order by booked_on, id`,
    [payroll.book_id, payroll.currency, addDays(firstOn, -daysBefore), addDays(payroll.pay_on, daysAfter)],
  );
  return {
    payrollId,
    bookId: payroll.book_id,
    name: payroll.name,
    payOn: payroll.pay_on,
    currency: payroll.currency,
    rows: comparePayroll(
      entries.map((row): PayrollEntry => ({
        position: row.position,
        employee: row.employee,
        accountIndex: row.account_index ?? undefined,
        minor: BigInt(row.minor),
        payOn: row.pay_on,
      })),
      lines.map((row): OutgoingLine => ({
        id: row.id,
        day: row.booked_on,
        minor: BigInt(row.minor),
        name: row.counterparty_name ?? undefined,
        accountIndex: row.counterparty_account_index ?? undefined,
        text: row.remittance,
      })),
    ),
  };
}
