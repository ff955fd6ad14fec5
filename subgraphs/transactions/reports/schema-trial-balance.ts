import { record, type TypeRef } from '#kernel/graphql-types';
import { graph } from '../graph.ts';
import { BookType } from '../intake/references.ts';
import * as load from '../ledger/loaders.ts';
import { AccountType } from '../ledger/schema-accounts.ts';
import { closing, type Sums } from './account-sums.ts';
import { drillDownOf } from './drill-down.ts';
import { trialBalanceReport, type Report } from './reports.ts';
import { reportArgs } from './schema-input.ts';
import { ReportDaysType, requestOf } from './schema-statements.ts';
import type { PeriodRow, PeriodTrialBalance } from './trial-balance.ts';

const { builder } = graph;
const scope = 'transactions:read';
const views = ['partner', 'portal'] as const;

interface ShownSums {
  readonly sums: Sums;
  readonly currency: string;
}

const MovementType: TypeRef<ShownSums> = record<ShownSums>(graph, 'Movement', {
  description: 'What some days did to a balance. Balances are debits less credits.',
  scope,
  views,
  fields: (t) => ({
    opening: t.field({
      type: graph.money,
      description: 'The balance before the first day.',
      resolve: ({ sums, currency }) => ({ minor: sums.opening, currency }),
    }),
    debit: t.field({
      type: graph.money,
      description: 'The debits of the days.',
      resolve: ({ sums, currency }) => ({ minor: sums.debit, currency }),
    }),
    credit: t.field({
      type: graph.money,
      description: 'The credits of the days.',
      resolve: ({ sums, currency }) => ({ minor: sums.credit, currency }),
    }),
    closing: t.field({
      type: graph.money,
      description: 'The balance at the end of the last day.',
      resolve: ({ sums, currency }) => ({ minor: closing(sums), currency }),
    }),
  }),
});

interface ShownRow {
  readonly report: Report<PeriodTrialBalance>;
  readonly row: PeriodRow;
}

const RowType: TypeRef<ShownRow> = record<ShownRow>(graph, 'PeriodTrialBalanceRow', {
  description: 'One account in one currency, from one day to another.',
  scope,
  views,
  fields: (t) => ({
    account: t.field({
      type: AccountType,
      description: 'The account.',
      resolve: ({ row }, _args, context) => load.requireAccount(context, row.account.id),
    }),
    original: t.field({
      type: MovementType,
      description: 'In the currency of the lines.',
      resolve: ({ row }) => ({ sums: row.original, currency: row.currency }),
    }),
    functional: t.field({
      type: MovementType,
      description: 'In the base currency of the book.',
      resolve: ({ report, row }) => ({ sums: row.functional, currency: report.content.currency }),
    }),
    compared: t.field({
      type: MovementType,
      nullable: true,
      description: 'In the base currency, of the days it is compared with.',
      resolve: ({ report, row }) =>
        row.compared ? { sums: row.compared, currency: report.content.currency } : null,
    }),
    drillDown: t.field({
      type: 'String',
      description: 'Pass it to figureLines for the lines of the days on this account, in all currencies.',
      resolve: ({ report, row }) =>
        drillDownOf({ bookId: report.book.id, source: row.source, dimensions: report.dimensions }),
    }),
  }),
});

const PeriodTrialBalanceType: TypeRef<Report<PeriodTrialBalance>> = record<Report<PeriodTrialBalance>>(
  graph,
  'PeriodTrialBalance',
  {
    description: 'Every account with lines, from one day to another, by code and currency.',
    scope,
    views,
    fields: (t) => ({
      book: t.field({ type: BookType, description: 'The book.', resolve: ({ book }) => ({ id: book.id }) }),
      currency: t.field({
        type: 'CurrencyCode',
        description: 'The base currency of the book.',
        resolve: ({ content }) => content.currency,
      }),
      columns: t.field({
        type: [ReportDaysType],
        description: 'The days, then those they are compared with.',
        resolve: ({ content }) => [...content.columns],
      }),
      rows: t.field({
        type: [RowType],
        description: 'The accounts, in the order of their codes.',
        resolve: (report) => report.content.rows.map((row) => ({ report, row })),
      }),
      totals: t.field({
        type: [MovementType],
        description: 'All accounts together, for each currency of the lines.',
        resolve: ({ content }) => content.totals.map((sums) => ({ sums, currency: sums.currency })),
      }),
      functional: t.field({
        type: MovementType,
        description: 'All accounts together in the base currency.',
        resolve: ({ content }) => ({ sums: content.functional, currency: content.currency }),
      }),
      balanced: t.boolean({
        description:
          'Whether every currency, and the base currency over all, comes to zero. A filter may part entries.',
        resolve: ({ content }) => content.balanced,
      }),
      unvaluedLines: t.int({
        description:
          'Foreign lines of a time before there were rates, which count nothing in the base currency.',
        resolve: ({ content }) => content.unvaluedLines,
      }),
    }),
  },
);

builder.queryFields((t) => ({
  periodTrialBalance: t.field({
    type: PeriodTrialBalanceType,
    description: 'Opening balances, movements and closing balances of the accounts of a book.',
    views: [...views],
    authScopes: { scope },
    args: {
      ...reportArgs(t),
      from: t.arg({ type: 'Date', description: 'The first day; that of the fiscal year when left out.' }),
      to: t.arg({ type: 'Date', description: 'The last day, included; today when left out.' }),
      compareFrom: t.arg({ type: 'Date', description: 'The first of the days to compare with.' }),
      compareTo: t.arg({ type: 'Date', description: 'The last of the days to compare with.' }),
    },
    resolve: (_root, args, context) => trialBalanceReport(context.sql, requestOf(args)),
  }),
}));
