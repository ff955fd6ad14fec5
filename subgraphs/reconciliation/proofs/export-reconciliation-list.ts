import { z } from 'zod';
import { dateOf, startOfMonth } from '#kernel/calendar';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { date, id, oneOf } from '#kernel/input';
import { reportFile } from '#kernel/report-file';
import type { ReportTable } from '#kernel/report-table';
import { askOf } from '../matches/find-concerned.ts';
import type { BookDays } from './expense-to-bank.ts';
import { expenseTable, payrollTable, reimbursementTable } from './list-tables.ts';
import { loadPayrollComparison } from './load-payroll.ts';

/** The lists that are written to files. */
export const exportedLists = ['EXPENSE_TO_BANK', 'REIMBURSEMENTS', 'PAYROLL_COMPARISON'] as const;

const limitBytes = 1024 ** 3;

/** Writes a list of what was paid against what was to be paid to a file. */
export const exportReconciliationList = command({
  name: 'exportReconciliationList',
  description:
    'Writes expenses, reimbursements or a payroll against the bank as CSV, XLSX or PDF to a file that can be fetched ' +
    'from its path.',
  scope: 'reconciliation:read',
  input: z.object({
    bookId: id(),
    report: oneOf('ReconciliationList', exportedLists),
    format: oneOf('ReconciliationListFormat', ['CSV', 'XLSX', 'PDF']),
    from: date().optional().meta({
      graphql: 'Date',
      description: 'The first day; that of the month of the last one when left out. Not for a payroll.',
    }),
    to: date().optional().meta({
      graphql: 'Date',
      description: 'The last day, included; today when left out. Not for a payroll.',
    }),
    payrollId: id().optional().meta({ graphql: 'ID', description: 'The payroll that is compared.' }),
  }),
  async run(transaction, { bookId, report, format, payrollId, ...input }) {
    const to = input.to ?? dateOf(transaction.now);
    const days = { bookId, from: input.from ?? startOfMonth(to), to };
    const table = await tableOf(transaction, report, { ...days, payrollId });
    const file = await reportFile(table, { format, on: to, madeAt: transaction.now });
    const { name, mediaType } = file;
    const stored = await transaction.services.files.put(transaction.organisationId, file.content, {
      name,
      mediaType,
      limitBytes,
    });
    const after = { format, report, from: days.from, to, payrollId, fileId: stored.id };
    transaction.audit({ subjectType: 'Book', subjectId: bookId, after });
    return { fileId: stored.id, name, mediaType, size: stored.size };
  },
});

async function tableOf(
  transaction: Transaction,
  report: (typeof exportedLists)[number],
  { payrollId, ...days }: BookDays & { readonly payrollId: string | undefined },
): Promise<ReportTable> {
  const ask = askOf(transaction);
  if (report === 'EXPENSE_TO_BANK') return expenseTable(ask, days);
  if (report === 'REIMBURSEMENTS') return reimbursementTable(ask, days);
  if (payrollId === undefined) {
    throw new CrossfootError('FIELD_MISSING', 'Say which payroll', { path: ['payrollId'] });
  }
  return payrollTable(ask, await loadPayrollComparison(ask, payrollId));
}
