import { mutation } from '#kernel/graphql-command';
import { bookStatementLine } from './book-statement-line.ts';
import { graph } from './graph.ts';
import { importBankStatement } from './import-bank-statement.ts';
import * as load from './loaders.ts';
import { matchStatementLines } from './match-statement-lines.ts';
import { openBankAccount } from './open-bank-account.ts';
import { releaseStatement } from './release-statement.ts';
import { BankAccountType, BankStatementType } from './schema-accounts.ts';
import { StatementLineType } from './schema-lines.ts';

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

mutation(
  graph,
  { ...matchStatementLines, views: ['partner'] },
  {
    accepted: {
      type: 'Int',
      description: 'How many matches stand by themselves.',
      resolve: ({ accepted }) => accepted,
    },
    suggested: {
      type: 'Int',
      description: 'How many new matches are suggested.',
      resolve: ({ suggested }) => suggested,
    },
    exceptions: {
      type: 'Int',
      description: 'How many lines found no match.',
      resolve: ({ exceptions }) => exceptions,
    },
  },
);

mutation(
  graph,
  { ...bookStatementLine, views: ['partner', 'portal'] },
  {
    line: {
      type: StatementLineType,
      description: 'The line.',
      resolve: ({ lineId }, context) => load.lineById(context).load(lineId),
    },
  },
);
