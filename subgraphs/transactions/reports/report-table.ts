import { formatMoney, type Money } from '#kernel/money';
import type { ReportTable, TableCell, TableColumn, TableRow } from '#kernel/report-table';
import { closing, type Sums } from './account-sums.ts';
import type { DimensionFilter, ReportBook } from './load-sums.ts';
import type { Column, Statement, StatementLine } from './statement.ts';
import type { PeriodRow, PeriodTrialBalance } from './trial-balance.ts';

/** Whose report it is and what it lets through. */
export interface TableSubject {
  readonly book: ReportBook;
  readonly dimensions: DimensionFilter;
}

const text = (label: string, share: number): TableColumn => ({ label, kind: 'TEXT', share });
const amount = (label: string, share = 3): TableColumn => ({ label, kind: 'MONEY', share });

const statements = {
  PROFIT_AND_LOSS: { name: 'profit-and-loss', title: 'Profit and loss statement' },
  BALANCE_SHEET: { name: 'balance-sheet', title: 'Balance sheet' },
  CASH_FLOW: { name: 'cash-flow', title: 'Cash-flow statement' },
} as const;

/** A statement as a table: its lines, the amounts of its columns, and what of the first one is in other currencies. */
export function statementTable(subject: TableSubject, statement: Statement): ReportTable {
  const { kind, columns, currency, lines } = statement;
  const foreign = lines.some((line) => line.kind === 'ACCOUNT' && line.foreign.length > 0);
  const label = (days: Column) => (kind === 'BALANCE_SHEET' ? days.to : daysText(days));
  return {
    ...statements[kind],
    owner: subject.book.legalName,
    subtitle: subtitle(subject, columns[0] && label(columns[0]), currency),
    columns: [
      text('', 8),
      ...columns.map((days) => amount(`${label(days)} ${currency}`)),
      ...(foreign ? [text('In other currencies', 4)] : []),
    ],
    rows: lines.filter(isPrinted).map((line): TableRow => ({
      kind: line.kind,
      depth: line.depth,
      cells: [
        line.label,
        ...columns.map((_days, place): TableCell => {
          const minor = line.amounts[place];
          return minor === undefined ? null : { minor, currency };
        }),
        ...(foreign ? [line.kind === 'ACCOUNT' ? line.foreign.map(moneyText).join(', ') : ''] : []),
      ],
    })),
    notes: notesOf(statement),
  };
}

/** Lines to which nothing was ever posted say nothing in print. */
function isPrinted(line: StatementLine, place: number, lines: readonly StatementLine[]): boolean {
  return (
    line.kind !== 'LINE' || line.amounts.some((one) => one !== 0n) || lines[place + 1]?.kind === 'ACCOUNT'
  );
}

/** The trial balance of some days as a table, with the proof of every currency below it. */
export function trialBalanceTable(subject: TableSubject, content: PeriodTrialBalance): ReportTable {
  const { currency, columns } = content;
  const [days, compared] = columns;
  return {
    name: 'trial-balance',
    title: 'Trial balance',
    owner: subject.book.legalName,
    subtitle: subtitle(subject, days && daysText(days), currency),
    columns: [
      text('Code', 2),
      text('Account', 6),
      text('Currency', 2),
      ...['Opening', 'Debit', 'Credit', 'Closing'].map((label) => amount(label)),
      ...['Opening', 'Debit', 'Credit', 'Closing'].map((label) => amount(`${label} ${currency}`)),
      ...(compared ? [amount(`${compared.to} ${currency}`)] : []),
    ],
    rows: [
      ...content.rows.map((row) => accountRow(row, content)),
      ...content.totals.map((sums): TableRow => ({
        kind: 'TOTAL',
        depth: 0,
        cells: ['', 'Total', sums.currency, ...sumCells(sums, sums.currency), ...padded(compared ? 5 : 4)],
      })),
      {
        kind: 'TOTAL',
        depth: 0,
        cells: [
          '',
          'Total',
          '',
          ...padded(4),
          ...sumCells(content.functional, currency),
          ...padded(compared ? 1 : 0),
        ],
      },
    ],
    notes: notesOf(content),
  };
}

function accountRow(row: PeriodRow, { currency }: PeriodTrialBalance): TableRow {
  return {
    kind: 'LINE',
    depth: 0,
    cells: [
      row.account.code,
      row.account.name,
      row.currency,
      ...sumCells(row.original, row.currency),
      ...sumCells(row.functional, currency),
      ...(row.compared ? [{ minor: closing(row.compared), currency }] : []),
    ],
  };
}

function sumCells(sums: Sums, currency: string): Money[] {
  return [sums.opening, sums.debit, sums.credit, closing(sums)].map((minor) => ({ minor, currency }));
}

function padded(count: number): null[] {
  return Array.from({ length: count }, () => null);
}

/** What stands below the title: days, currency, filter. */
export function subtitle({ dimensions }: TableSubject, days: string | undefined, currency: string): string {
  const filter = Object.entries(dimensions).map(([dimension, value]) => `${dimension} ${value}`);
  return [days ?? '', `amounts in ${currency}`, ...filter].filter(Boolean).join(' · ');
}

/** An amount with its currency. */
export function moneyText(money: Money): string {
  return `${formatMoney(money)} ${money.currency}`;
}

/** Days as people read them. */
export function daysText({ from, to }: Column): string {
  return `${from} to ${to}`;
}

/** What is wrong with a report, or is not known of it. */
export function notesOf(report: {
  readonly unvaluedLines: number;
  readonly proven?: boolean;
  readonly balanced?: boolean;
}): string[] {
  return [
    ...(report.proven === false
      ? ['The proofs of this statement are not zero: the books must be looked into.']
      : []),
    ...(report.unvaluedLines > 0
      ? [`${report.unvaluedLines} foreign lines have no known worth in the base currency and count nothing.`]
      : []),
  ];
}
