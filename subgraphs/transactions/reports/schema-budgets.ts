import { mutation } from '#kernel/graphql-command';
import { connectionOf, pageArgs } from '#kernel/graphql-connection';
import { entity, record, type TypeRef } from '#kernel/graphql-types';
import { byBatch } from '#kernel/loaders';
import { pageOfParent } from '#kernel/pages-of-parents';
import { TagType, tagsOf } from '../dimensions/schema.ts';
import { graph } from '../graph.ts';
import { BookType, MemberType } from '../intake/references.ts';
import * as load from '../ledger/loaders.ts';
import { AccountType } from '../ledger/schema-accounts.ts';
import {
  BudgetAmountEntity,
  budgetById,
  BudgetEntity,
  type Budget,
  type BudgetAmount,
} from './budget-entities.ts';
import { createBudget } from './create-budget.ts';
import { setBudgetAmounts } from './set-budget-amounts.ts';

const { builder } = graph;
const scope = 'transactions:read';
const views = ['partner', 'portal'] as const;

/** The book and the base currency of the book of budgets. */
const bookOfBudget = byBatch<{ bookId: string; currency: string }>(async (budgetIds, context) => {
  const rows = await context.sql<{ id: string; book_id: string; currency: string }>(
    `select b.id, b.book_id, k.base_currency as currency
       from transactions.budget b
       join transactions.book k on k.organisation_id = b.organisation_id and k.id = b.book_id
      where b.id = any ($1::text[])`,
    [budgetIds],
  );
  const found = new Map(rows.map((row) => [row.id, { bookId: row.book_id, currency: row.currency }]));
  return budgetIds.map((id) => found.get(id) ?? { bookId: '', currency: 'XXX' });
});

const AmountType: TypeRef<BudgetAmount> = record<BudgetAmount>(graph, 'BudgetAmount', {
  description: 'What a budget plans for an account in a month.',
  scope,
  views,
  fields: (t) => ({
    account: t.field({
      type: AccountType,
      description: 'The account.',
      resolve: (row, _args, context) => load.requireAccount(context, row.accountId),
    }),
    startsOn: t.expose('month', { type: 'Date', description: 'The first day of the month.' }),
    amount: t.field({
      type: graph.money,
      description: 'Positive on the side on which the account grows.',
      resolve: async (row, _args, context) => {
        const { currency } = await bookOfBudget(context).load(row.budgetId);
        return { minor: row.minor, currency };
      },
    }),
    dimensions: t.field({
      type: [TagType],
      description: 'What it is for; empty for the rest of the account.',
      resolve: async (row, _args, context) =>
        tagsOf((await bookOfBudget(context).load(row.budgetId)).bookId, row.dimensions),
    }),
  }),
});

/** A version of a budget. */
export const BudgetType: TypeRef<Budget> = entity<Budget>(graph, 'Budget', {
  description: 'A version of what a book plans by account and month.',
  scope,
  views,
  load: (id, context) => budgetById(context).load(id),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What all its versions are called.' }),
    version: t.exposeInt('version', { description: 'Counted from 1; only the newest one changes.' }),
    note: t.exposeString('note', { nullable: true, description: 'Why there is this version.' }),
    book: t.field({ type: BookType, description: 'Whose it is.', resolve: (row) => ({ id: row.bookId }) }),
    createdBy: t.field({
      type: MemberType,
      nullable: true,
      description: 'Who began it.',
      resolve: (row) => (row.createdBy ? { id: row.createdBy } : null),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was begun.' }),
    amounts: t.field({
      type: connectionOf(graph, AmountType),
      description: 'What it plans, by month.',
      args: pageArgs(t),
      resolve: (row, args, context) =>
        pageOfParent(context, BudgetAmountEntity, {
          args,
          column: 'budgetId',
          parent: row.id,
          by: 'month',
          direction: 'asc',
        }),
    }),
  }),
});

builder.queryFields((t) => ({
  budget: t.field({
    type: BudgetType,
    nullable: true,
    description: 'One version of a budget.',
    views: [...views],
    authScopes: { scope },
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_root, args, context) => budgetById(context).load(args.id),
  }),
  budgets: t.field({
    type: [BudgetType],
    description: 'The newest version of each budget of a book, or all versions.',
    views: [...views],
    authScopes: { scope },
    args: {
      bookId: t.arg.id({ required: true, description: 'The book.' }),
      allVersions: t.arg.boolean({ description: 'Earlier versions too.' }),
    },
    resolve: async (_root, { bookId, allVersions }, context) => {
      const em = await context.read();
      const found = await em.find(BudgetEntity, { bookId }, { orderBy: { name: 'asc', version: 'desc' } });
      return found.filter((row, index) => allVersions || found[index - 1]?.name !== row.name);
    },
  }),
}));

const payload = {
  budget: {
    type: BudgetType,
    description: 'The budget as it is now.',
    resolve: ({ budgetId }: { budgetId: string }, context: Parameters<typeof budgetById>[0]) =>
      budgetById(context).load(budgetId),
  },
};
mutation(graph, createBudget, payload);
mutation(graph, setBudgetAmounts, payload);
