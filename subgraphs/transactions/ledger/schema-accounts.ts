import { dateOf } from '#kernel/calendar';
import { mutation } from '#kernel/graphql-command';
import { entity, enumeration, record, type TypeRef } from '#kernel/graphql-types';
import { graph } from '../graph.ts';
import { BookType } from '../intake/references.ts';
import {
  balanceKey,
  balancesOfAccounts,
  trialBalanceOf,
  type TrialBalance,
  type TrialBalanceRow,
} from './balances.ts';
import { createAccount } from './create-account.ts';
import { createFiscalYear } from './create-fiscal-year.ts';
import type { Account, Period } from './entities.ts';
import * as load from './loaders.ts';
import { lockPeriod } from './lock-period.ts';
import { openPeriod } from './open-period.ts';

const { builder } = graph;
const scope = 'transactions:read';

/** The type of an account. */
export const AccountTypeEnum = enumeration(graph, 'AccountType', {
  description: 'What an account is in the balance sheet or the profit and loss statement.',
  values: {
    ASSET: 'What the entity has.',
    LIABILITY: 'What it owes.',
    EQUITY: 'What belongs to its owners.',
    INCOME: 'What it earned.',
    EXPENSE: 'What it spent.',
  },
});

const PeriodStatusEnum = enumeration(graph, 'PeriodStatus', {
  description: 'Whether days take postings.',
  values: {
    OPEN: 'They take every posting.',
    SOFT_CLOSED: 'They take entries made by hand and reversals only.',
    LOCKED: 'They take nothing.',
  },
});

enumeration(graph, 'ClosedPeriodStatus', {
  description: 'How far days are closed.',
  values: {
    SOFT_CLOSED: 'They still take entries made by hand and reversals.',
    LOCKED: 'They take nothing.',
  },
});

/** An account of the chart. */
export const AccountType: TypeRef<Account> = entity<Account>(graph, 'Account', {
  description: 'A row of the chart of accounts of a book.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.accountById(context).load(id),
  fields: (t) => ({
    code: t.exposeString('code', { description: 'How people and systems call it; unique in its book.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    type: t.field({
      type: AccountTypeEnum,
      description: 'What it is in the statements.',
      resolve: (row) => row.type as never,
    }),
    active: t.exposeBoolean('active', { description: 'Whether it takes postings.' }),
    currency: t.expose('currency', {
      type: 'CurrencyCode',
      nullable: true,
      description: 'The only currency it takes; null takes any.',
    }),
    book: t.field({
      type: BookType,
      description: 'Whose account it is.',
      resolve: (row) => ({ id: row.bookId }),
    }),
    balance: t.field({
      type: [graph.money],
      description: 'Debits less credits at the end of a day, one amount for each currency posted.',
      args: { on: t.arg({ type: 'Date', description: 'The day; today when left out.' }) },
      resolve: (row, args, context) =>
        balancesOfAccounts(context).load(balanceKey(row.id, args.on ?? today())),
    }),
  }),
});

const PeriodType: TypeRef<Period> = entity<Period>(graph, 'Period', {
  description: 'Days of a book that take postings, or do not. Days in no period are open.',
  scope,
  views: ['partner'],
  load: (id, context) => load.periodById(context).load(id),
  fields: (t) => ({
    startsOn: t.expose('startsOn', { type: 'Date', description: 'Its first day.' }),
    endsOn: t.expose('endsOn', { type: 'Date', description: 'Its last day, included.' }),
    status: t.field({
      type: PeriodStatusEnum,
      description: 'Whether it takes postings.',
      resolve: (row) => row.status as never,
    }),
    book: t.field({
      type: BookType,
      description: 'Whose days these are.',
      resolve: (row) => ({ id: row.bookId }),
    }),
  }),
});

const TrialBalanceRowType: TypeRef<TrialBalanceRow> = record<TrialBalanceRow>(graph, 'TrialBalanceRow', {
  description: 'One account in one currency.',
  scope,
  views: ['partner'],
  fields: (t) => ({
    account: t.field({ type: AccountType, description: 'The account.', resolve: (row) => row.account }),
    debit: t.field({ type: graph.money, description: 'All debits.', resolve: (row) => row.debit }),
    credit: t.field({ type: graph.money, description: 'All credits.', resolve: (row) => row.credit }),
    balance: t.field({
      type: graph.money,
      description: 'Debits less credits; negative when credits prevail.',
      resolve: (row) => row.balance,
    }),
  }),
});

const TrialBalanceType: TypeRef<TrialBalance> = record<TrialBalance>(graph, 'TrialBalance', {
  description: 'Every account with lines, by code and currency, to the end of a day.',
  scope,
  views: ['partner'],
  fields: (t) => ({
    on: t.expose('on', { type: 'Date', description: 'The last day counted.' }),
    rows: t.field({
      type: [TrialBalanceRowType],
      description: 'The accounts, in the order of their codes.',
      resolve: (row) => [...row.rows],
    }),
    balanced: t.exposeBoolean('balanced', { description: 'Whether debits equal credits in every currency.' }),
  }),
});

builder.objectFields(BookType, (t) => ({
  trialBalance: t.field({
    type: TrialBalanceType,
    nullable: true,
    description: 'The accounts of the book to the end of a day.',
    args: { on: t.arg({ type: 'Date', description: 'The day; today when left out.' }) },
    views: ['partner'],
    resolve: (book, args, context) => trialBalanceOf(context, book.id, args.on ?? today()),
  }),
}));

const bookIdArg = { required: true, description: 'The book.' } as const;

builder.queryFields((t) => ({
  account: t.field({
    type: AccountType,
    nullable: true,
    description: 'One account.',
    views: ['partner'],
    authScopes: { scope },
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_root, args, context) => load.accountById(context).load(args.id),
  }),
  accounts: t.field({
    type: [AccountType],
    description: 'The chart of accounts of a book, in the order of the codes.',
    views: ['partner'],
    authScopes: { scope },
    args: { bookId: t.arg.id(bookIdArg) },
    resolve: (_root, args, context) => load.accountsByBook(context).load(args.bookId),
  }),
  periods: t.field({
    type: [PeriodType],
    description: 'The periods of a book that were closed or opened, newest first.',
    views: ['partner'],
    authScopes: { scope },
    args: { bookId: t.arg.id(bookIdArg) },
    resolve: (_root, args, context) => load.periodsByBook(context).load(args.bookId),
  }),
  trialBalance: t.field({
    type: TrialBalanceType,
    description: 'The accounts of a book to the end of a day.',
    views: ['partner'],
    authScopes: { scope },
    args: {
      bookId: t.arg.id(bookIdArg),
      on: t.arg({ type: 'Date', description: 'The day; today when left out.' }),
    },
    resolve: (_root, args, context) => trialBalanceOf(context, args.bookId, args.on ?? today()),
  }),
}));

mutation(graph, createAccount, {
  account: {
    type: AccountType,
    description: 'The new account.',
    resolve: (r, c) => load.accountById(c).load(r.accountId),
  },
});
mutation(graph, createFiscalYear, {
  periods: {
    type: [PeriodType],
    description: 'Its months, the first one first.',
    resolve: (r, c) => Promise.all(r.periodIds.map((periodId) => load.periodById(c).load(periodId))),
  },
});
for (const change of [lockPeriod, openPeriod]) {
  mutation(graph, change, {
    period: {
      type: PeriodType,
      description: 'The period as it is now.',
      resolve: (r, c) => load.periodById(c).load(r.periodId),
    },
  });
}

function today(): string {
  return dateOf(new Date());
}
