import { connectionOf, pageArgs, pageOf } from '#kernel/graphql-connection';
import { mutation } from '#kernel/graphql-command';
import { entity, enumeration, record, type TypeRef } from '#kernel/graphql-types';
import { money } from '#kernel/money';
import { findById } from '../find-by-id.ts';
import { graph } from '../graph.ts';
import * as load from '../loaders.ts';
import { scope } from '../schema-values.ts';
import { StatementLineType } from '../statements/schema-lines.ts';
import type { ComparedPay } from './compare-payroll.ts';
import { PayrollEntity, type Payroll } from './entities.ts';
import { importPayroll } from './import-payroll.ts';
import { pageOfList } from './list-page.ts';
import { loadPayrollComparison, type PayrollComparison } from './load-payroll.ts';
import { payrollById } from './loaders.ts';

const views = ['partner', 'portal'] as const;

const PayrollType: TypeRef<Payroll> = entity<Payroll>(graph, 'Payroll', {
  description: 'What employees were to be paid, as a payroll says.',
  scope,
  views,
  load: (id, context) => payrollById(context).load(id),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What people call it.' }),
    payOn: t.expose('payOn', { type: 'Date', description: 'The last day of payment in it.' }),
    total: t.field({
      type: graph.money,
      description: 'What all are to be paid.',
      resolve: (row) => money(row.totalMinor, row.currency),
    }),
    importedAt: t.expose('importedAt', { type: 'DateTime', description: 'When it was handed in.' }),
  }),
});

const PayrollStateType = enumeration(graph, 'PayrollState', {
  description: "How an employee's pay stands against the bank.",
  values: {
    PAID: 'The bank paid exactly it, in one payment or several.',
    PAID_IN_BATCH: 'One payment of the bank is exactly it and the pay of others.',
    DIFFERS: 'The bank paid another amount.',
    MISSING: 'The bank has paid nothing.',
    UNEXPECTED: 'The bank paid something that the payroll does not have.',
  },
});

type Pay = ComparedPay & { readonly currency: string };

const PayType: TypeRef<Pay> = record<Pay>(graph, 'PayComparison', {
  description: "An employee's pay beside what the bank paid.",
  scope,
  views,
  fields: (t) => ({
    state: t.field({ type: PayrollStateType, description: 'How it stands.', resolve: (row) => row.state }),
    employee: t.exposeString('employee', { description: 'Who, as the payroll says; else as the bank does.' }),
    expected: t.field({
      type: graph.money,
      description: 'What the payroll says.',
      resolve: (row) => money(row.expected, row.currency),
    }),
    paid: t.field({
      type: graph.money,
      description: 'What the bank paid; of a payment for many this part.',
      resolve: (row) => money(row.paid, row.currency),
    }),
    difference: t.field({
      type: graph.money,
      description: 'What the bank paid beyond it; negative where it paid less.',
      resolve: (row) => money(row.paid - row.expected, row.currency),
    }),
    lines: t.field({
      type: [StatementLineType],
      description: 'The lines of the bank.',
      resolve: async (row, _args, context) => {
        const found = await load.lineById(context).loadMany(row.lineIds);
        return found.flatMap((one) => (one && 'id' in one ? [one] : []));
      },
    }),
  }),
});

const ComparisonType: TypeRef<PayrollComparison> = record<PayrollComparison>(graph, 'PayrollComparison', {
  description: 'A payroll held against what the bank paid out around its days.',
  scope,
  views,
  fields: (t) => ({
    payroll: t.field({
      type: PayrollType,
      nullable: true,
      description: 'The payroll.',
      resolve: (row, _args, context) => payrollById(context).load(row.payrollId),
    }),
    expected: t.field({
      type: graph.money,
      description: 'What all were to be paid.',
      resolve: ({ rows, currency }) =>
        money(
          rows.reduce((sum, row) => sum + row.expected, 0n),
          currency,
        ),
    }),
    paid: t.field({
      type: graph.money,
      description: 'What the bank paid of it, and beside it.',
      resolve: ({ rows, currency }) =>
        money(
          rows.reduce((sum, row) => sum + row.paid, 0n),
          currency,
        ),
    }),
    agrees: t.boolean({
      description: 'Whether everybody was paid exactly what the payroll says, and nobody else.',
      resolve: ({ rows }) => rows.every(({ state }) => state === 'PAID' || state === 'PAID_IN_BATCH'),
    }),
    rows: t.field({
      type: connectionOf(graph, PayType),
      description: 'Each pay, in the order of the payroll; then what it does not have.',
      args: {
        ...pageArgs(t),
        state: t.arg({ type: PayrollStateType, description: 'Only those that stand so.' }),
      },
      resolve: ({ rows, currency }, { state, ...args }) =>
        pageOfList(
          rows.filter((row) => !state || row.state === state).map((row) => ({ ...row, currency })),
          args,
        ),
    }),
  }),
});

findById('payroll', PayrollType, payrollById);

graph.builder.queryFields((t) => ({
  payrolls: t.field({
    type: connectionOf(graph, PayrollType),
    description: 'The payrolls of a book, the last handed in first.',
    views: [...views],
    authScopes: { scope },
    args: { bookId: t.arg.id({ required: true, description: 'The book.' }), ...pageArgs(t) },
    resolve: (_root, { bookId, ...args }, context) =>
      pageOf(context, PayrollEntity, { args, where: { bookId } }),
  }),
  payrollComparison: t.field({
    type: ComparisonType,
    description: 'Holds a payroll against what the bank paid out around its days.',
    views: [...views],
    authScopes: { scope },
    args: { payrollId: t.arg.id({ required: true, description: 'The payroll.' }) },
    resolve: (_root, { payrollId }, context) => loadPayrollComparison(context.sql, payrollId),
  }),
}));

mutation(
  graph,
  { ...importPayroll, views },
  {
    payroll: {
      type: PayrollType,
      description: 'The payroll.',
      resolve: ({ payrollId }, context) => payrollById(context).load(payrollId),
    },
    entries: { type: 'Int', description: 'How many are paid.', resolve: ({ entries }) => entries },
  },
);
