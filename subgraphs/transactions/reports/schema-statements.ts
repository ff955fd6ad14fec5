import { dateOf } from '#kernel/calendar';
import { enumeration, record, type TypeRef } from '#kernel/graphql-types';
import type { Money } from '#kernel/money';
import { graph } from '../graph.ts';
import { BookType } from '../intake/references.ts';
import * as load from '../ledger/loaders.ts';
import { AccountType } from '../ledger/schema-accounts.ts';
import { drillDownOf } from './drill-down.ts';
import { balanceSheetReport, cashFlowReport, profitAndLossReport, type Report } from './reports.ts';
import { filterOf, reportArgs } from './schema-input.ts';
import type { Column, Statement, StatementLine } from './statement.ts';

const { builder } = graph;
const scope = 'transactions:read';
const views = ['partner', 'portal'] as const;

const StatementKindEnum = enumeration(graph, 'StatementKind', {
  description: 'The statements of a book.',
  values: {
    PROFIT_AND_LOSS: 'Income and expenses of some days.',
    BALANCE_SHEET: 'What the book has and owes on a day.',
    CASH_FLOW: 'Where cash came from and went to, by the indirect method.',
  },
});

const LineKindEnum = enumeration(graph, 'StatementLineKind', {
  description: 'How a line of a statement is to be shown.',
  values: {
    HEADING: 'A title without an amount.',
    LINE: 'A sum of accounts.',
    ACCOUNT: 'One account of the line above.',
    TOTAL: 'A sum of lines above.',
    CHECK: 'A proof: it must be zero.',
  },
});

/** The days of a column, in the graph. */
export const ReportDaysType: TypeRef<Column> = record<Column>(graph, 'ReportDays', {
  description: 'Days a report covers.',
  scope,
  views,
  fields: (t) => ({
    from: t.expose('from', { type: 'Date', description: 'The first day.' }),
    to: t.expose('to', { type: 'Date', description: 'The last day, included.' }),
  }),
});

interface ShownLine {
  readonly report: Report<Statement>;
  readonly line: StatementLine;
}

const StatementLineType: TypeRef<ShownLine> = record<ShownLine>(graph, 'ReportLine', {
  description: 'One line of a statement.',
  scope,
  views,
  fields: (t) => ({
    key: t.string({
      description: 'Names the line for machines; an account has the key of the line above it.',
      resolve: ({ line }) => line.key,
    }),
    label: t.string({ description: 'Its words.', resolve: ({ line }) => line.label }),
    kind: t.field({
      type: LineKindEnum,
      description: 'How it is to be shown.',
      resolve: ({ line }) => line.kind,
    }),
    depth: t.int({
      description: 'How far it is indented; 0 is not at all.',
      resolve: ({ line }) => line.depth,
    }),
    account: t.field({
      type: AccountType,
      nullable: true,
      description: 'The account, of a line that is one.',
      resolve: ({ line }, _args, context) =>
        line.account ? load.requireAccount(context, line.account.id) : null,
    }),
    amount: t.field({
      type: graph.money,
      nullable: true,
      description: 'In the base currency of the book; null for a heading.',
      resolve: (shown) => amountOf(shown, 0),
    }),
    compared: t.field({
      type: graph.money,
      nullable: true,
      description: 'The same of the days it is compared with.',
      resolve: (shown) => amountOf(shown, 1),
    }),
    foreign: t.field({
      type: [graph.money],
      description: 'What of the amount is in other currencies, in those.',
      resolve: ({ line }) => [...line.foreign],
    }),
    drillDown: t.field({
      type: 'String',
      nullable: true,
      description:
        'Pass it to figureLines for the journal lines the amount adds up; null where it adds up other lines.',
      resolve: (shown) => drillDownAt(shown, 0),
    }),
    comparedDrillDown: t.field({
      type: 'String',
      nullable: true,
      description: 'The same of the amount it is compared with.',
      resolve: (shown) => drillDownAt(shown, 1),
    }),
  }),
});

const StatementType: TypeRef<Report<Statement>> = record<Report<Statement>>(graph, 'FinancialStatement', {
  description: 'A statement, line by line, in the base currency of its book.',
  scope,
  views,
  fields: (t) => ({
    book: t.field({ type: BookType, description: 'The book.', resolve: ({ book }) => ({ id: book.id }) }),
    kind: t.field({
      type: StatementKindEnum,
      description: 'Which statement.',
      resolve: ({ content }) => content.kind,
    }),
    currency: t.field({
      type: 'CurrencyCode',
      description: 'The base currency of the book.',
      resolve: ({ content }) => content.currency,
    }),
    columns: t.field({
      type: [ReportDaysType],
      description: 'The days of the amounts, then those they are compared with.',
      resolve: ({ content }) => [...content.columns],
    }),
    lines: t.field({
      type: [StatementLineType],
      description: 'From top to bottom.',
      resolve: (report) => report.content.lines.map((line) => ({ report, line })),
    }),
    proven: t.boolean({
      description:
        'Whether every proof is zero: assets are liabilities and equity, the cash flow explains the change in cash.',
      resolve: ({ content }) => content.proven,
    }),
    unvaluedLines: t.int({
      description:
        'Foreign lines of a time before there were rates; nothing is known of their worth, they count nothing.',
      resolve: ({ content }) => content.unvaluedLines,
    }),
  }),
});

const firstDay = 'The first day; that of the fiscal year when left out.';
const lastDay = 'The last day, included; today when left out.';

builder.queryFields((t) => {
  const dayArg = (description: string) => t.arg({ type: 'Date', description });
  const daysArgs = {
    ...reportArgs(t),
    from: dayArg(firstDay),
    to: dayArg(lastDay),
    compareFrom: dayArg('The first of the days to compare with; that of their fiscal year when left out.'),
    compareTo: dayArg('The last of the days to compare with.'),
  };
  return {
    profitAndLoss: t.field({
      type: StatementType,
      description: 'Income and expenses of some days.',
      views: [...views],
      authScopes: { scope },
      args: daysArgs,
      resolve: (_root, args, context) => profitAndLossReport(context.sql, requestOf(args)),
    }),
    cashFlowStatement: t.field({
      type: StatementType,
      description: 'Where the cash of some days came from and went to, by the indirect method.',
      views: [...views],
      authScopes: { scope },
      args: daysArgs,
      resolve: (_root, args, context) => cashFlowReport(context.sql, requestOf(args)),
    }),
    balanceSheet: t.field({
      type: StatementType,
      description:
        'What the book has, owes and is worth on a day; results of earlier years are in equity by themselves.',
      views: [...views],
      authScopes: { scope },
      args: {
        ...reportArgs(t),
        on: dayArg('The day; today when left out.'),
        compareOn: dayArg('The day to compare with.'),
      },
      resolve: (_root, { on, compareOn, ...args }, context) =>
        balanceSheetReport(context.sql, requestOf({ ...args, to: on, compareTo: compareOn })),
    }),
  };
});

interface ReportArgs {
  readonly bookId: string;
  readonly dimensions?: Parameters<typeof filterOf>[0];
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
  readonly compareFrom?: string | null | undefined;
  readonly compareTo?: string | null | undefined;
}

/** What the arguments of a report ask for; today is the last day when none is named. */
export function requestOf({ bookId, dimensions, from, to, compareFrom, compareTo }: ReportArgs) {
  return {
    bookId,
    dimensions: filterOf(dimensions),
    from: from ?? undefined,
    to: to ?? dateOf(new Date()),
    compareFrom: compareFrom ?? undefined,
    compareTo: compareTo ?? undefined,
  };
}

function amountOf({ report, line }: ShownLine, column: number): Money | null {
  const minor = line.amounts[column];
  return minor === undefined ? null : { minor, currency: report.content.currency };
}

function drillDownAt({ report, line }: ShownLine, column: number): string | null {
  const source = line.sources[column];
  if (!source) return null;
  return drillDownOf({ bookId: report.book.id, source, dimensions: report.dimensions });
}
