import type { FilterQuery } from '@mikro-orm/core';
import { connectionOf, pageArgs, pageOf } from '#kernel/graphql-connection';
import { mutation } from '#kernel/graphql-command';
import { entity, enumeration, type TypeRef } from '#kernel/graphql-types';
import { money } from '#kernel/money';
import { findById } from '../find-by-id.ts';
import { graph } from '../graph.ts';
import { bankAccountById, lineById, statementById } from '../loaders.ts';
import { scope } from '../schema-values.ts';
import { PendingLineEntity, type PendingLine } from './pending-entities.ts';
import { pendingByAccount, pendingByBookedLine, pendingLineById } from './pending-loaders.ts';
import { BankAccountType, BankStatementType, ReconciliationSummaryType } from './schema-accounts.ts';
import { StatementLineType } from './schema-lines.ts';
import { setPendingDays } from './set-pending-days.ts';

const PendingLineStatusType = enumeration(graph, 'PendingLineStatus', {
  description: 'What became of an announced movement.',
  values: {
    PENDING: 'It is announced and not booked yet.',
    BOOKED: 'It was booked, perhaps with another amount.',
    LAPSED: 'It was not booked in time; it is booked all the same if its line still comes.',
  },
});

const PendingByType = enumeration(graph, 'PendingLineRecognition', {
  description: 'By what a booked line was recognised as an announced one.',
  values: {
    REFERENCE: "By the bank's reference or that of the payer.",
    AMOUNT: 'By the amount, and the party where one is named.',
    PARTY: 'By the party and an amount that is near, as after a tip.',
  },
});

const PendingLineType: TypeRef<PendingLine> = entity<PendingLine>(graph, 'PendingLine', {
  description:
    'A movement that the bank has announced: it is in no balance and settles nothing until it is booked.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => pendingLineById(context).load(id),
  fields: (t) => ({
    bankAccount: t.field({
      type: BankAccountType,
      nullable: true,
      description: 'The account.',
      resolve: (row, _args, context) => bankAccountById(context).load(row.bankAccountId),
    }),
    statement: t.field({
      type: BankStatementType,
      nullable: true,
      description: 'The statement or report that told of it first.',
      resolve: (row, _args, context) => statementById(context).load(row.statementId),
    }),
    announcedOn: t.expose('announcedOn', {
      type: 'Date',
      description: 'The day for which it was announced.',
    }),
    amount: t.field({
      type: graph.money,
      description: 'As it was announced last; positive is money in.',
      resolve: (row) => money(row.minor, row.currency),
    }),
    counterpartyName: t.exposeString('counterpartyName', { nullable: true, description: 'The other side.' }),
    reference: t.string({
      nullable: true,
      description: 'The reference of the payment, or else that of the bank.',
      resolve: (row) => row.refs[0] ?? row.bankReference ?? null,
    }),
    remittance: t.exposeString('remittance', {
      description: 'What the payer wrote; account numbers in it are shortened.',
    }),
    status: t.field({
      type: PendingLineStatusType,
      description: 'What became of it.',
      resolve: (row) => row.status as 'PENDING',
    }),
    bookedLine: t.field({
      type: StatementLineType,
      nullable: true,
      description: 'The line that came of it.',
      resolve: (row, _args, context) => (row.bookedLineId ? lineById(context).load(row.bookedLineId) : null),
    }),
    recognisedBy: t.field({
      type: PendingByType,
      nullable: true,
      description: 'By what that line was recognised.',
      resolve: (row) => row.bookedBy as 'REFERENCE' | null,
    }),
    change: t.field({
      type: graph.money,
      nullable: true,
      description: 'What was booked less what was announced: zero unless the amount has changed.',
      resolve: async (row, _args, context) => {
        const line = row.bookedLineId ? await lineById(context).load(row.bookedLineId) : null;
        return line && money(line.minor - row.minor, row.currency);
      },
    }),
    settledAt: t.expose('settledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was known to be booked, or lapsed.',
    }),
  }),
});

findById('pendingLine', PendingLineType, pendingLineById);

graph.builder.queryField('pendingLines', (t) =>
  t.field({
    type: connectionOf(graph, PendingLineType),
    description: 'What the banks of a book have announced, the latest first.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: {
      ...pageArgs(t),
      bookId: t.arg.id({ required: true, description: 'The book.' }),
      status: t.arg({ type: PendingLineStatusType, description: 'Only those of which this became.' }),
      bankAccountId: t.arg.id({ description: 'Only those of this account.' }),
    },
    resolve: (_root, args, context) => {
      const { bookId, status, bankAccountId } = args;
      const where: FilterQuery<PendingLine> = {
        bookId,
        ...(status ? { status } : {}),
        ...(bankAccountId ? { bankAccountId } : {}),
      };
      return pageOf(context, PendingLineEntity, { args, where, by: 'announcedOn' });
    },
  }),
);

graph.builder.objectField(StatementLineType, 'pendingLine', (t) =>
  t.field({
    type: PendingLineType,
    nullable: true,
    description: 'What the bank had announced and this line replaces.',
    resolve: (row, _args, context) => pendingByBookedLine(context).load(row.id),
  }),
);

graph.builder.objectFields(BankAccountType, (t) => ({
  pendingCount: t.int({
    description: 'How many movements are announced and not booked yet.',
    resolve: async (row, _args, context) => (await pendingByAccount(context).load(row.id)).count,
  }),
  pendingTotal: t.field({
    type: graph.money,
    description: 'What they come to; it is in no balance.',
    resolve: async (row, _args, context) =>
      money((await pendingByAccount(context).load(row.id)).minor, row.currency),
  }),
  pendingDays: t.exposeInt('pendingDays', {
    description: 'After so many days what was announced and never booked has lapsed.',
  }),
}));

graph.builder.objectField(ReconciliationSummaryType, 'pending', (t) =>
  t.int({
    description: 'Movements that are announced and not booked yet; they are in none of the other counts.',
    resolve: async ({ account }, _args, context) => (await pendingByAccount(context).load(account.id)).count,
  }),
);

mutation(
  graph,
  { ...setPendingDays, views: ['partner'] },
  {
    bankAccount: {
      type: BankAccountType,
      description: 'The account.',
      resolve: ({ bankAccountId }, context) => bankAccountById(context).load(bankAccountId),
    },
  },
);
