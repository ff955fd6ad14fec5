import { raw, type FilterQuery } from '@mikro-orm/core';
import { mutation } from '#kernel/graphql-command';
import { connectionOf, pageArgs, pageOf } from '#kernel/graphql-connection';
import { BankAccountEntity, StatementLineEntity, type StatementLine } from '../entities.ts';
import { findById } from '../find-by-id.ts';
import { graph } from '../graph.ts';
import * as load from '../loaders.ts';
import { scope, StatementLineStatusType } from '../schema-values.ts';
import { importBankStatement } from './import-bank-statement.ts';
import { openBankAccount } from './open-bank-account.ts';
import { releaseStatement } from './release-statement.ts';
import { BankAccountType, BankStatementType, ReconciliationSummaryType } from './schema-accounts.ts';
import { StatementLineType } from './schema-lines.ts';

findById('bankAccount', BankAccountType, load.bankAccountById);
findById('bankStatement', BankStatementType, load.statementById);
findById('statementLine', StatementLineType, load.lineById);

/** More characters nobody types to find a line. */
const longestSearch = 200;

const bookDescription = { required: true, description: 'The book.' } as const;

graph.builder.queryFields((t) => ({
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
      search: t.arg.string({
        description:
          'Only those that have each of these words: the beginning of a word of their texts or of the name of the other side, of the digits of their amount, or their day.',
      }),
    },
    resolve: (_root, args, context) => {
      const { bookId, status, bankAccountId } = args;
      const search = args.search?.trim().slice(0, longestSearch);
      const found = 'id in (select reconciliation.lines_found(?, ?))';
      const where: FilterQuery<StatementLine> = {
        bookId,
        ...(status ? { status } : {}),
        ...(bankAccountId ? { bankAccountId } : {}),
        ...(search ? { [raw(found, [bookId, search])]: [] } : {}),
      };
      return pageOf(context, StatementLineEntity, { args, where, by: 'bookedOn' });
    },
  }),
}));

mutation(
  graph,
  { ...openBankAccount, views: ['partner'] },
  {
    bankAccount: {
      type: BankAccountType,
      description: 'The account.',
      resolve: ({ bankAccountId }, context) => load.bankAccountById(context).load(bankAccountId),
    },
  },
);

mutation(
  graph,
  { ...importBankStatement, views: ['partner'] },
  {
    statements: {
      type: [BankStatementType],
      description: 'The statements of the files, those known already among them.',
      resolve: ({ statementIds }, context) => load.statementById(context).loadMany(statementIds),
    },
    imported: { type: 'Int', description: 'How many lines are new.', resolve: ({ imported }) => imported },
    alreadyKnown: {
      type: 'Int',
      description: 'How many lines earlier files had brought.',
      resolve: ({ alreadyKnown }) => alreadyKnown,
    },
  },
);

mutation(
  graph,
  { ...releaseStatement, views: ['partner'] },
  {
    statement: {
      type: BankStatementType,
      description: 'The statement.',
      resolve: ({ statementId }, context) => load.statementById(context).load(statementId),
    },
  },
);
