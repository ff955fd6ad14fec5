import type { FilterQuery } from '@mikro-orm/core';
import { connectionOf, pageArgs, pageOf } from '#kernel/graphql-connection';
import { liveField } from '#kernel/graphql-live';
import type { TypeRef } from '#kernel/graphql-types';
import type { Loader } from '#kernel/loaders';
import {
  BankAccountEntity,
  ExceptionEntity,
  MatchEntity,
  OpenItemEntity,
  StatementLineEntity,
  type Exception,
  type Match,
  type OpenItem,
  type StatementLine,
} from './entities.ts';
import { graph } from './graph.ts';
import * as load from './loaders.ts';
import { BankAccountType, BankStatementType, ReconciliationSummaryType } from './schema-accounts.ts';
import { OpenItemType, StatementLineType } from './schema-lines.ts';
import { ExceptionType, MatchType } from './schema-matches.ts';
import { ExceptionStatusType, MatchStatusType, scope, StatementLineStatusType } from './schema-values.ts';

const { builder } = graph;

function findById<Row>(name: string, type: TypeRef<Row>, loader: Loader<Row | null>): void {
  builder.queryField(name, (t) =>
    t.field({
      type: type as never,
      nullable: true,
      description: `One ${type.name}.`,
      views: ['partner', 'portal'],
      authScopes: { scope },
      args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
      resolve: (_root, args, context) => loader(context).load((args as { id: string }).id) as never,
    }),
  );
}

findById('bankAccount', BankAccountType, load.bankAccountById);
findById('bankStatement', BankStatementType, load.statementById);
findById('statementLine', StatementLineType, load.lineById);
findById('match', MatchType, load.matchById);
findById('exception', ExceptionType, load.exceptionById);

const bookDescription = { required: true, description: 'The book.' } as const;

builder.queryFields((t) => ({
  bankAccounts: t.field({
    type: [BankAccountType],
    description: 'The bank accounts of a book.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: { bookId: t.arg.id(bookDescription) },
    resolve: async (_root, { bookId }, context) =>
      (await context.read()).find(BankAccountEntity, { bookId }, { orderBy: { name: 'asc', id: 'asc' } }),
  }),
  reconciliationSummary: t.field({
    type: [ReconciliationSummaryType],
    description: 'How far each bank account of a book is reconciled.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: { bookId: t.arg.id(bookDescription) },
    resolve: async (_root, { bookId }, context) => {
      const em = await context.read();
      const accounts = await em.find(BankAccountEntity, { bookId }, { orderBy: { name: 'asc', id: 'asc' } });
      const counts = await Promise.all(accounts.map(({ id }) => load.countsByAccount(context).load(id)));
      return accounts.map((account, at) => ({ account, counts: counts[at] ?? [] }));
    },
  }),
}));

builder.queryFields((t) => ({
  statementLines: t.field({
    type: connectionOf(graph, StatementLineType),
    description: 'The bank lines of a book, the latest first.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: {
      ...pageArgs(t),
      bookId: t.arg.id(bookDescription),
      status: t.arg({ type: StatementLineStatusType, description: 'Only those in this state.' }),
      bankAccountId: t.arg.id({ description: 'Only those of this account.' }),
    },
    resolve: (_root, args, context) => {
      const { bookId, status, bankAccountId } = args;
      const where: FilterQuery<StatementLine> = {
        bookId,
        ...(status ? { status } : {}),
        ...(bankAccountId ? { bankAccountId } : {}),
      };
      return pageOf(context, StatementLineEntity, { args, where, by: 'bookedOn' });
    },
  }),
  matches: t.field({
    type: connectionOf(graph, MatchType),
    description: 'The matches of a book, the newest first.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: {
      ...pageArgs(t),
      bookId: t.arg.id(bookDescription),
      status: t.arg({ type: MatchStatusType, description: 'Only those in this state.' }),
    },
    resolve: (_root, args, context) => {
      const where: FilterQuery<Match> = {
        bookId: args.bookId,
        ...(args.status ? { status: args.status } : {}),
      };
      return pageOf(context, MatchEntity, { args, where });
    },
  }),
  exceptions: t.field({
    type: connectionOf(graph, ExceptionType),
    description: 'The exceptions of a book, the newest first.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: {
      ...pageArgs(t),
      bookId: t.arg.id(bookDescription),
      status: t.arg({ type: ExceptionStatusType, description: 'Only those in this state.' }),
    },
    resolve: (_root, args, context) => {
      const where: FilterQuery<Exception> = {
        bookId: args.bookId,
        ...(args.status ? { status: args.status } : {}),
      };
      return pageOf(context, ExceptionEntity, { args, where });
    },
  }),
  openItems: t.field({
    type: connectionOf(graph, OpenItemType),
    description: 'What a book has to pay and to be paid, the newest first.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: { ...pageArgs(t), bookId: t.arg.id(bookDescription) },
    resolve: (_root, args, context) => {
      const where: FilterQuery<OpenItem> = { bookId: args.bookId, openMinor: { $ne: 0n } };
      return pageOf(context, OpenItemEntity, { args, where });
    },
  }),
}));

liveField(graph, {
  subject: 'exception',
  type: ExceptionType,
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.exceptionById(context).load(id),
});
liveField(graph, {
  subject: 'match',
  type: MatchType,
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.matchById(context).load(id),
});
