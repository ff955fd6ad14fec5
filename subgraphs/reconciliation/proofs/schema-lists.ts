import { z } from 'zod';
import { connectionOf, pageArgs } from '#kernel/graphql-connection';
import { mutation } from '#kernel/graphql-command';
import { enumeration, record, type TypeRef } from '#kernel/graphql-types';
import { date } from '#kernel/input';
import { graph } from '../graph.ts';
import * as load from '../loaders.ts';
import { scope } from '../schema-values.ts';
import { OpenItemType, StatementLineType } from '../statements/schema-lines.ts';
import { expenseToBank, expenseTotals, type ExpenseRow, type ExpenseTotal } from './expense-to-bank.ts';
import { exportReconciliationList } from './export-reconciliation-list.ts';
import { pageOfList } from './list-page.ts';
import { differenceOf } from './list-tables.ts';
import { reimbursements, type Reimbursement } from './reimbursements.ts';
import { filePayload } from './schema-export.ts';

const views = ['partner', 'portal'] as const;

const ExpenseStateType = enumeration(graph, 'ExpenseState', {
  description: 'How an expense stands against the bank.',
  values: {
    MATCHED: 'The bank paid exactly it.',
    DIFFERS: 'It is settled, with a difference that was booked.',
    PART_PAID: 'The bank paid a part of it.',
    NOT_AT_BANK: 'The bank has paid nothing of it.',
    NOT_IN_BOOKS: 'The bank paid something that is in no books yet.',
    WITHOUT_EXPENSE: 'The bank paid something that was booked without a bill or expense.',
  },
});

const ExpenseType: TypeRef<ExpenseRow> = record<ExpenseRow>(graph, 'ExpenseComparison', {
  description:
    'A bill or expense beside what the bank paid of it, or a payment beside nothing; costs are positive.',
  scope,
  views,
  fields: (t) => ({
    on: t.field({ type: 'Date', description: 'Its day.', resolve: (row) => row.on }),
    state: t.field({ type: ExpenseStateType, description: 'How it stands.', resolve: (row) => row.state }),
    label: t.exposeString('label', { description: 'What people call it, or what stands on the bank line.' }),
    counterpartyName: t.exposeString('counterpartyName', { nullable: true, description: 'The other side.' }),
    ofEmployee: t.exposeBoolean('ofEmployee', { description: 'Whether an employee paid it.' }),
    expense: t.field({
      type: graph.money,
      nullable: true,
      description: 'What the books have.',
      resolve: (row) => row.expense,
    }),
    bank: t.field({
      type: graph.money,
      nullable: true,
      description: 'What the bank has paid of it.',
      resolve: (row) => row.bank,
    }),
    difference: t.field({
      type: graph.money,
      nullable: true,
      description: 'What the bank paid beyond it; negative where it paid less.',
      resolve: differenceOf,
    }),
    openItem: t.field({
      type: OpenItemType,
      nullable: true,
      description: 'What the books left to be paid.',
      resolve: (row, _args, context) =>
        row.openItemId === null ? null : load.openItemById(context).load(row.openItemId),
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

const ExpenseTotalType: TypeRef<ExpenseTotal> = record<ExpenseTotal>(graph, 'ExpenseTotal', {
  description: 'How many expenses of a state there are in a currency, and what they come to.',
  scope,
  views,
  fields: (t) => ({
    state: t.field({ type: ExpenseStateType, description: 'The state.', resolve: (row) => row.state }),
    count: t.exposeInt('count', { description: 'How many.' }),
    expense: t.field({ type: graph.money, description: 'In the books.', resolve: (row) => row.expense }),
    bank: t.field({ type: graph.money, description: 'At the bank.', resolve: (row) => row.bank }),
  }),
});

const ReimbursementType: TypeRef<Reimbursement> = record<Reimbursement>(graph, 'Reimbursement', {
  description: 'What an employee is owed for expenses of some days, against what was paid to them.',
  scope,
  views,
  fields: (t) => ({
    employee: t.exposeString('employee', { description: 'The name on the expenses.' }),
    expenses: t.exposeInt('expenses', { description: 'How many there are.' }),
    owed: t.field({ type: graph.money, description: 'What they come to.', resolve: (row) => row.owed }),
    paid: t.field({ type: graph.money, description: 'What was paid of them.', resolve: (row) => row.paid }),
    open: t.field({ type: graph.money, description: 'What is still owed.', resolve: (row) => row.open }),
    openSinceOn: t.field({
      type: 'Date',
      nullable: true,
      description: 'The day of the oldest expense that is open.',
      resolve: (row) => row.openSinceOn,
    }),
    unassigned: t.field({
      type: graph.money,
      description: 'What the bank paid to somebody of this name in these days and nobody has matched.',
      resolve: (row) => row.unassigned,
    }),
  }),
});

const daysOf = z.object({ from: date(), to: date() });

graph.builder.queryFields((t) => {
  const days = {
    bookId: t.arg.id({ required: true, description: 'The book.' }),
    from: t.arg({ type: 'Date', required: true, description: 'The first day.' }),
    to: t.arg({ type: 'Date', required: true, description: 'The last day, included.' }),
  };
  return {
    expenseToBank: t.field({
      type: connectionOf(graph, ExpenseType),
      description:
        'Bills and expenses of some days against the bank, and what the bank paid beside them, by day.',
      views: [...views],
      authScopes: { scope },
      args: {
        ...days,
        state: t.arg({ type: ExpenseStateType, description: 'Only those that stand so.' }),
        ...pageArgs(t),
      },
      resolve: (_root, { bookId, from, to, state, ...args }, context) =>
        expenseToBank(
          context.sql,
          { bookId, ...daysOf.parse({ from, to }), state: state ?? undefined },
          args,
        ),
    }),
    expenseTotals: t.field({
      type: [ExpenseTotalType],
      description: 'What bills and expenses of some days against the bank come to, by state and currency.',
      views: [...views],
      authScopes: { scope },
      args: days,
      resolve: (_root, { bookId, from, to }, context) =>
        expenseTotals(context.sql, { bookId, ...daysOf.parse({ from, to }) }),
    }),
    reimbursements: t.field({
      type: connectionOf(graph, ReimbursementType),
      description: 'What employees are owed for expenses of some days, against what was paid to them.',
      views: [...views],
      authScopes: { scope },
      args: { ...days, ...pageArgs(t) },
      resolve: async (_root, { bookId, from, to, ...args }, context) =>
        pageOfList(await reimbursements(context.sql, { bookId, ...daysOf.parse({ from, to }) }), args),
    }),
  };
});

enumeration(graph, 'ReconciliationList', {
  description: 'The lists that are written to files.',
  values: {
    EXPENSE_TO_BANK: 'Bills and expenses against the bank.',
    REIMBURSEMENTS: 'What employees are owed and were paid.',
    PAYROLL_COMPARISON: 'A payroll against the bank.',
  },
});
enumeration(graph, 'ReconciliationListFormat', {
  description: 'The kinds of file lists are written to.',
  values: {
    CSV: 'A table as text.',
    XLSX: 'A table as a sheet, amounts as numbers.',
    PDF: 'A print on A4.',
  },
});
mutation(graph, { ...exportReconciliationList, views }, filePayload);
