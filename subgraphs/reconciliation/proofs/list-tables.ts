import { money, type Money } from '#kernel/money';
import type { ReportTable, TableCell, TableColumn, TableRow } from '#kernel/report-table';
import type { Ask } from '../matches/find-concerned.ts';
import { expenseToBank, type BookDays, type ExpenseRow } from './expense-to-bank.ts';
import type { PayrollComparison } from './load-payroll.ts';
import { reimbursements } from './reimbursements.ts';
import type { Page } from '#kernel/graphql-connection';

const text = (label: string, share: number): TableColumn => ({ label, kind: 'TEXT', share });
const amount = (label: string): TableColumn => ({ label, kind: 'MONEY', share: 3 });
const row = (cells: readonly TableCell[]): TableRow => ({ kind: 'LINE', depth: 0, cells });
const subtitleOf = ({ from, to }: BookDays) => `${from} to ${to}`;
const pageLength = 500;

/** Whose lists they are, as they are printed above them. */
export async function ownerOf(ask: Ask, bookId: string): Promise<string> {
  const [payer] = await ask<{ legal_name: string }>(
    'select legal_name from reconciliation.payer where book_id = $1',
    [bookId],
  );
  return payer?.legal_name ?? '';
}

/** Expenses against the bank as a table. */
export async function expenseTable(ask: Ask, days: BookDays): Promise<ReportTable> {
  return {
    name: 'expense-to-bank',
    title: 'Expenses and the bank',
    owner: await ownerOf(ask, days.bookId),
    subtitle: subtitleOf(days),
    columns: [
      text('Day', 2),
      text('State', 3),
      text('Text', 7),
      text('Other side', 5),
      text('Currency', 2),
      amount('Expense'),
      amount('Bank'),
      amount('Difference'),
    ],
    rows: expenseRows(ask, days),
    notes: [],
  };
}

async function* expenseRows(ask: Ask, days: BookDays): AsyncGenerator<TableRow> {
  for (let after: string | null = null; ;) {
    const { edges, pageInfo }: Page<ExpenseRow> = await expenseToBank(ask, days, {
      first: pageLength,
      after,
    });
    for (const { node } of edges) {
      const { currency } = node.expense ?? node.bank ?? { currency: '' };
      const cells = [node.on, node.state, node.label, node.counterpartyName ?? '', currency];
      yield row([...cells, node.expense, node.bank, differenceOf(node)]);
    }
    if (!pageInfo.hasNextPage) return;
    after = pageInfo.endCursor;
  }
}

/** What the bank paid beyond the expense; negative where it paid less. */
export function differenceOf({ expense, bank }: Pick<ExpenseRow, 'expense' | 'bank'>): Money | null {
  const currency = (expense ?? bank)?.currency;
  return currency === undefined ? null : money((bank?.minor ?? 0n) - (expense?.minor ?? 0n), currency);
}

/** What employees are owed and were paid, as a table. */
export async function reimbursementTable(ask: Ask, days: BookDays): Promise<ReportTable> {
  const found = await reimbursements(ask, days);
  return {
    name: 'reimbursements',
    title: 'Reimbursements of employees',
    owner: await ownerOf(ask, days.bookId),
    subtitle: subtitleOf(days),
    columns: [
      text('Employee', 6),
      text('Currency', 2),
      text('Open since', 3),
      amount('Owed'),
      amount('Paid'),
      amount('Open'),
      amount('Paid and unmatched'),
    ],
    rows: found.map((one) =>
      row([
        one.employee,
        one.owed.currency,
        one.openSinceOn ?? '',
        one.owed,
        one.paid,
        one.open,
        one.unassigned,
      ]),
    ),
    notes: [],
  };
}

/** A payroll against the bank, as a table. */
export async function payrollTable(ask: Ask, comparison: PayrollComparison): Promise<ReportTable> {
  const { bookId, name, payOn, currency, rows } = comparison;
  const sums = (of: 'expected' | 'paid') => rows.reduce((all, one) => all + one[of], 0n);
  const cells = (expected: bigint, paid: bigint) =>
    [expected, paid, paid - expected].map((minor) => money(minor, currency));
  return {
    name: 'payroll-comparison',
    title: 'Payroll and the bank',
    owner: await ownerOf(ask, bookId),
    subtitle: `${name} · ${payOn} · ${currency}`,
    columns: [text('Employee', 6), text('State', 3), amount('Net pay'), amount('Bank'), amount('Difference')],
    rows: [
      ...rows.map((one) => row([one.employee, one.state, ...cells(one.expected, one.paid)])),
      { kind: 'TOTAL', depth: 0, cells: ['Total', '', ...cells(sums('expected'), sums('paid'))] },
    ],
    notes: [],
  };
}
