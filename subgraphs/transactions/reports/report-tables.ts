import { calendarDate } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import type { ReportTable } from '#kernel/report-table';
import type { RunQuery } from '../rates/rate-for.ts';
import { agedReport } from './aged-report.ts';
import { generalLedgerTable } from './general-ledger-table.ts';
import { agedTable, taxTable, varianceTable } from './list-tables.ts';
import { openPointsTable } from './open-points.ts';
import { loadReportBook } from './load-sums.ts';
import { taxReport } from './load-tax-report.ts';
import { statementTable, trialBalanceTable } from './report-table.ts';
import {
  accountsOf,
  balanceSheetReport,
  cashFlowReport,
  columnsOf,
  profitAndLossReport,
  trialBalanceReport,
  type ReportRequest,
} from './reports.ts';
import { varianceReport } from './variance-report.ts';

/** The reports that can be written to a file. */
export const exportedReports = [
  'TRIAL_BALANCE',
  'GENERAL_LEDGER',
  'PROFIT_AND_LOSS',
  'BALANCE_SHEET',
  'CASH_FLOW',
  'AGED_PAYABLES',
  'AGED_RECEIVABLES',
  'TAX_REPORT',
  'VARIANCE',
  'MISSING_RECEIPTS',
  'UNMAPPED_LINES',
] as const;

/** What a table is asked for. */
export interface TableRequest extends ReportRequest {
  readonly report: (typeof exportedReports)[number];
  readonly accountId?: string | undefined;
}

type MakeTable = (run: RunQuery, request: TableRequest) => Promise<ReportTable>;

/** Each report and how it becomes a table. */
const tables: Readonly<Record<TableRequest['report'], MakeTable>> = {
  TRIAL_BALANCE: async (run, request) => {
    const report = await trialBalanceReport(run, request);
    return trialBalanceTable(report, report.content);
  },
  PROFIT_AND_LOSS: async (run, request) => {
    const report = await profitAndLossReport(run, request);
    return statementTable(report, report.content);
  },
  BALANCE_SHEET: async (run, request) => {
    const report = await balanceSheetReport(run, request);
    return statementTable(report, report.content);
  },
  CASH_FLOW: async (run, request) => {
    const report = await cashFlowReport(run, request);
    return statementTable(report, report.content);
  },
  GENERAL_LEDGER: async (run, { bookId, accountId, dimensions = {}, ...days }) => {
    const { book, accounts } = await accountsOf(run, bookId);
    if (accountId !== undefined && !accounts.has(accountId)) {
      throw new CrossfootError('ACCOUNT_UNKNOWN', `The book has no account ${accountId}`, {
        path: ['accountId'],
      });
    }
    const [covered] = columnsOf(book, { bookId, from: days.from, to: days.to });
    if (!covered) throw new Error('A report has at least one column');
    return generalLedgerTable(run, { book, dimensions }, { ...covered, accounts, accountId });
  },
  AGED_PAYABLES: async (run, { bookId, to }) =>
    agedTable(await agedReport(run, { bookId, side: 'PAYABLE', on: calendarDate(to) })),
  AGED_RECEIVABLES: async (run, { bookId, to }) =>
    agedTable(await agedReport(run, { bookId, side: 'RECEIVABLE', on: calendarDate(to) })),
  TAX_REPORT: async (run, { bookId, from, to }) => {
    const book = await loadReportBook(run, bookId);
    const [days] = columnsOf(book, { bookId, from, to });
    if (!days) throw new Error('A report has at least one column');
    return taxTable(book, await taxReport(run, { bookId, ...days }));
  },
  VARIANCE: async (run, { bookId, from, to, dimensions = {} }) =>
    varianceTable(
      await varianceReport(run, {
        bookId,
        from: calendarDate(from ?? to),
        to: calendarDate(to),
        comparison: 'PREVIOUS_PERIOD',
        dimensions,
      }),
    ),
  MISSING_RECEIPTS: (run, request) => openPointsTable(run, 'MISSING_RECEIPTS', request),
  UNMAPPED_LINES: (run, request) => openPointsTable(run, 'UNMAPPED_LINES', request),
};

/** A report as a table; throws NOT_FOUND, ACCOUNT_UNKNOWN or FIELD_INVALID. */
export function reportTable(run: RunQuery, request: TableRequest): Promise<ReportTable> {
  return tables[request.report](run, request);
}
