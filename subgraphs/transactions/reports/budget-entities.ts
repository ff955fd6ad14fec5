import { defineEntity, p, type EntitySchema, type InferEntity } from '@mikro-orm/core';
import { byId } from '#kernel/loaders';

/** A version of a budget. */
export const BudgetEntity = defineEntity({
  name: 'Budget',
  tableName: 'budget',
  properties: {
    id: p.text().primary(),
    organisationId: p.text(),
    bookId: p.text(),
    name: p.text(),
    version: p.integer(),
    note: p.text().nullable(),
    createdBy: p.text().nullable(),
    createdAt: p.datetime(),
  },
});
export type Budget = InferEntity<typeof BudgetEntity>;

/** What a budget plans for an account in a month. */
export const BudgetAmountEntity = defineEntity({
  name: 'BudgetAmount',
  tableName: 'budget_amount',
  properties: {
    id: p.text().primary(),
    organisationId: p.text(),
    budgetId: p.text(),
    accountId: p.text(),
    month: p.date(),
    dimensions: p.json<Record<string, string>>(),
    minor: p.bigint('bigint'),
  },
});
export type BudgetAmount = InferEntity<typeof BudgetAmountEntity>;

/** What the ORM knows of budgets. */
export const budgetEntities: readonly EntitySchema[] = [BudgetEntity, BudgetAmountEntity];
/** Budgets by id. */
export const budgetById = byId(BudgetEntity);
