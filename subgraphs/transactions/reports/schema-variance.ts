import { fraction } from '#kernel/basis-points';
import { calendarDate } from '#kernel/calendar';
import { enumeration, record, type TypeRef } from '#kernel/graphql-types';
import { graph } from '../graph.ts';
import { BookType } from '../intake/references.ts';
import * as load from '../ledger/loaders.ts';
import { AccountType } from '../ledger/schema-accounts.ts';
import { budgetById } from './budget-entities.ts';
import { drillDownOf } from './drill-down.ts';
import { BudgetType } from './schema-budgets.ts';
import { filterOf, reportArgs } from './schema-input.ts';
import { ReportDaysType } from './schema-statements.ts';
import { varianceReport, type VarianceReport } from './variance-report.ts';
import type { Difference, VarianceRow, VarianceTotal } from './variance.ts';

const { builder } = graph;
const scope = 'transactions:read';
const views = ['partner', 'portal'] as const;

const ComparisonEnum = enumeration(graph, 'VarianceComparison', {
  description: 'What months are held against beside the budget.',
  values: {
    PREVIOUS_PERIOD: 'As many months before.',
    PREVIOUS_YEAR: 'The same months a year before.',
  },
});

const TotalKeyEnum = enumeration(graph, 'VarianceTotalKey', {
  description: 'What a total of a variance report adds up.',
  values: {
    INCOME: 'All income.',
    EXPENSES: 'All expenses.',
    RESULT: 'Income less expenses.',
  },
});

interface ShownDifference extends Difference {
  readonly currency: string;
}

const DifferenceType: TypeRef<ShownDifference> = record<ShownDifference>(graph, 'FigureDifference', {
  description: 'How a figure differs from another.',
  scope,
  views,
  fields: (t) => ({
    amount: t.field({
      type: graph.money,
      description: 'The figure less the other.',
      resolve: ({ amount, currency }) => ({ minor: amount, currency }),
    }),
    ratio: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'The amount as a part of the other figure: "0.1250" is an eighth more; none of zero.',
      resolve: ({ basisPoints }) => (basisPoints === undefined ? null : fraction(Number(basisPoints))),
    }),
    favourable: t.boolean({
      nullable: true,
      description: 'Whether the result is better for it; none where nothing differs or neither is better.',
      resolve: ({ favourable }) => favourable,
    }),
  }),
});

interface Shown<Figures> {
  readonly figures: Figures;
  readonly report: VarianceReport;
}

type AnyFigures = Pick<VarianceRow, 'actual' | 'previous' | 'budget' | 'againstPrevious' | 'againstBudget'>;

const FiguresType: TypeRef<Shown<AnyFigures>> = record<Shown<AnyFigures>>(graph, 'VarianceFigures', {
  description: 'What months came to beside what they were held against, in the base currency.',
  scope,
  views,
  fields: (t) => {
    const money = (description: string, of: (figures: AnyFigures) => bigint) =>
      t.field({
        type: graph.money,
        description,
        resolve: ({ figures, report }) => ({ minor: of(figures), currency: report.book.currency }),
      });
    const against = (description: string, of: (figures: AnyFigures) => Difference) =>
      t.field({
        type: DifferenceType,
        description,
        resolve: ({ figures, report }) => ({ ...of(figures), currency: report.book.currency }),
      });
    return {
      actual: money('What the months came to.', ({ actual }) => actual),
      previous: money('What the months compared with came to.', ({ previous }) => previous),
      budget: money('What was planned.', ({ budget }) => budget),
      againstPrevious: against('Against the months compared with.', (row) => row.againstPrevious),
      againstBudget: against('Against what was planned.', (row) => row.againstBudget),
    };
  },
});

const RowType: TypeRef<Shown<VarianceRow>> = record<Shown<VarianceRow>>(graph, 'VarianceRow', {
  description: 'One account; amounts are positive on the side on which it grows.',
  scope,
  views,
  fields: (t) => ({
    account: t.field({
      type: AccountType,
      description: 'The account.',
      resolve: ({ figures }, _args, context) => load.requireAccount(context, figures.account.id),
    }),
    figures: t.field({ type: FiguresType, description: 'Its figures.', resolve: (row) => row }),
    drillDown: t.field({
      type: 'String',
      description: 'Pass it to figureLines for the lines of the months.',
      resolve: ({ figures, report: { book, days, dimensions } }) =>
        drillDownOf({ bookId: book.id, source: { ...days, accountIds: [figures.account.id] }, dimensions }),
    }),
  }),
});

const TotalType: TypeRef<Shown<VarianceTotal>> = record<Shown<VarianceTotal>>(graph, 'VarianceTotal', {
  description: 'Accounts added up.',
  scope,
  views,
  fields: (t) => ({
    key: t.field({ type: TotalKeyEnum, description: 'Which.', resolve: ({ figures }) => figures.key }),
    figures: t.field({ type: FiguresType, description: 'Its figures.', resolve: (row) => row }),
  }),
});

const ReportType: TypeRef<VarianceReport> = record<VarianceReport>(graph, 'VarianceReport', {
  description: 'Whole months beside those before, or a year before, and beside a budget.',
  scope,
  views,
  fields: (t) => ({
    book: t.field({ type: BookType, description: 'The book.', resolve: ({ book }) => ({ id: book.id }) }),
    days: t.field({ type: ReportDaysType, description: 'The months.', resolve: ({ days }) => days }),
    previous: t.field({
      type: ReportDaysType,
      description: 'The months compared with.',
      resolve: ({ previous }) => previous,
    }),
    budget: t.field({
      type: BudgetType,
      nullable: true,
      description: 'The budget held against; none while the book has none.',
      resolve: ({ budgetId }, _args, context) => (budgetId ? budgetById(context).load(budgetId) : null),
    }),
    rows: t.field({
      type: [RowType],
      description:
        'Income and expenses, and other accounts something was planned for, in the order of their codes.',
      resolve: (report) => report.rows.map((figures) => ({ figures, report })),
    }),
    totals: t.field({
      type: [TotalType],
      description: 'Income, expenses and result.',
      resolve: (report) => report.totals.map((figures) => ({ figures, report })),
    }),
  }),
});

builder.queryField('variance', (t) =>
  t.field({
    type: ReportType,
    description: 'What months came to beside an earlier time and a budget.',
    views: [...views],
    authScopes: { scope },
    args: {
      ...reportArgs(t),
      from: t.arg({ type: 'Date', required: true, description: 'Any day of the first month.' }),
      to: t.arg({
        type: 'Date',
        description: 'Any day of the last month; the first month alone when left out.',
      }),
      comparison: t.arg({ type: ComparisonEnum, description: 'The months before when left out.' }),
      budgetId: t.arg.id({ description: 'The newest budget of the book when left out.' }),
    },
    resolve: (_root, args, context) =>
      varianceReport(context.sql, {
        bookId: args.bookId,
        from: calendarDate(args.from),
        to: calendarDate(args.to ?? args.from),
        comparison: args.comparison ?? 'PREVIOUS_PERIOD',
        budgetId: args.budgetId ?? undefined,
        dimensions: filterOf(args.dimensions),
      }),
  }),
);
