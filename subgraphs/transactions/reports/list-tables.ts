import type { Money } from '#kernel/money';
import type { ReportTable, TableColumn, TableRow } from '#kernel/report-table';
import { ageBuckets, type AgeBucket, type AgedAmounts } from './aged-items.ts';
import type { AgedReport } from './aged-report.ts';
import type { ReportBook } from './load-sums.ts';
import type { TaxReport } from './load-tax-report.ts';
import { daysText, subtitle } from './report-table.ts';
import type { VarianceReport } from './variance-report.ts';

const text = (label: string, share: number): TableColumn => ({ label, kind: 'TEXT', share });
const amount = (label: string): TableColumn => ({ label, kind: 'MONEY', share: 3 });

const bucketLabels: Readonly<Record<AgeBucket, string>> = {
  NOT_DUE: 'Not due',
  DAYS_1_30: '1 to 30 days',
  DAYS_31_60: '31 to 60 days',
  DAYS_61_90: '61 to 90 days',
  OVER_90: 'Over 90 days',
};

/** What is owed on a day by age, by counterparty and currency. */
export function agedTable(report: AgedReport): ReportTable {
  const { book, side, on, rows, totals } = report;
  const base = (minor: bigint): Money => ({ minor, currency: book.currency });
  const cells = (amounts: AgedAmounts, currency: string): Money[] =>
    [...ageBuckets.map((bucket) => amounts.buckets[bucket]), amounts.total].map((minor) => ({
      minor,
      currency,
    }));
  const line = (kind: TableRow['kind'], label: string, row: (typeof totals)[number]): TableRow => ({
    kind,
    depth: 0,
    cells: [label, row.currency, ...cells(row, row.currency), base(row.functional)],
  });
  const payables = side === 'PAYABLE';
  return {
    name: payables ? 'aged-payables' : 'aged-receivables',
    title: payables ? 'Aged payables' : 'Aged receivables',
    owner: book.legalName,
    subtitle: subtitle({ book, dimensions: {} }, on, book.currency),
    columns: [
      text('Counterparty', 6),
      text('Currency', 2),
      ...ageBuckets.map((bucket) => amount(bucketLabels[bucket])),
      amount('Open'),
      amount(`Open ${book.currency}`),
    ],
    rows: [
      ...rows.map((row) => line('LINE', row.counterparty ?? row.vendorId ?? 'Unknown', row)),
      ...totals.map((row) => line('TOTAL', 'Total', row)),
      {
        kind: 'TOTAL',
        depth: 0,
        cells: [
          'Total',
          book.currency,
          ...cells(report.functional, book.currency),
          base(report.functional.total),
        ],
      },
      {
        kind: 'CHECK',
        depth: 0,
        cells: [
          'Control accounts less what is open',
          '',
          null,
          null,
          null,
          null,
          null,
          null,
          base(report.difference),
        ],
      },
    ],
    notes: [],
  };
}

/** The taxes of some days by direction and code. */
export function taxTable(book: ReportBook, report: TaxReport): ReportTable {
  const { currency } = report;
  const money = (minor: bigint): Money => ({ minor, currency });
  const owed = report.output + report.reverseChargeOwed;
  const deductible = report.input + report.reverseChargeDeductible;
  return {
    name: 'tax-report',
    title: 'Tax report',
    owner: book.legalName,
    subtitle: subtitle({ book, dimensions: {} }, daysText(report), currency),
    columns: [
      text('Direction', 3),
      text('Code', 3),
      text('Tax', 6),
      text('Percent', 2),
      ...['Base', 'Owed', 'Deductible', 'Not deductible'].map((label) => amount(`${label} ${currency}`)),
    ],
    rows: [
      ...report.rows.map((row): TableRow => ({
        kind: 'LINE',
        depth: 0,
        cells: [
          words(row.direction),
          row.taxCode,
          row.name ?? '',
          row.percent ?? '',
          ...[row.base, row.owed, row.deductible, row.nonDeductible].map(money),
        ],
      })),
      { kind: 'TOTAL', depth: 0, cells: ['Total', '', '', '', null, money(owed), money(deductible), null] },
      {
        kind: 'TOTAL',
        depth: 0,
        cells: ['To be paid', '', '', '', null, money(report.netPayable), null, null],
      },
    ],
    notes:
      report.unvalued > 0
        ? [`${report.unvalued} foreign lines have no known worth in the base currency and are in no figure.`]
        : [],
  };
}

/** Months beside those before and beside the budget. */
export function varianceTable(report: VarianceReport): ReportTable {
  const { book, days, previous, rows, totals } = report;
  const money = (minor: bigint): Money => ({ minor, currency: book.currency });
  const cells = (row: (typeof totals)[number] | (typeof rows)[number]): Money[] =>
    [row.actual, row.previous, row.againstPrevious.amount, row.budget, row.againstBudget.amount].map(money);
  return {
    name: 'variance',
    title: 'Variance',
    owner: book.legalName,
    subtitle: subtitle(report, `${daysText(days)} against ${daysText(previous)}`, book.currency),
    columns: [
      text('Code', 2),
      text('Account', 6),
      ...['Actual', 'Before', 'Difference', 'Budget', 'Difference'].map((label) => amount(label)),
    ],
    rows: [
      ...rows.map((row): TableRow => ({
        kind: 'LINE',
        depth: 0,
        cells: [row.account.code, row.account.name, ...cells(row)],
      })),
      ...totals.map((row): TableRow => ({
        kind: 'TOTAL',
        depth: 0,
        cells: ['', words(row.key), ...cells(row)],
      })),
    ],
    notes: [],
  };
}

/** REVERSE_CHARGE as Reverse charge. */
function words(name: string): string {
  const lower = name.toLowerCase().replaceAll('_', ' ');
  return `${lower.charAt(0).toUpperCase()}${lower.slice(1)}`;
}
