import type { Context } from '#kernel/context';
import { mutation } from '#kernel/graphql-command';
import { graph } from '../graph.ts';
import { statementById } from '../loaders.ts';
import { BankStatementType } from '../statements/schema-accounts.ts';
import * as load from './loaders.ts';
import { pushBankFeedFile } from './push-bank-feed-file.ts';
import { retryBankFeedFile } from './retry-bank-feed-file.ts';
import { BankFeedFileType } from './schema-feeds.ts';
import type { TakenFile } from './take-file.ts';

const views = ['partner'] as const;

const filePayload = {
  bankFeedFile: {
    type: BankFeedFileType,
    description: 'The file and what became of it.',
    resolve: ({ bankFeedFileId }: TakenFile, context: Context) =>
      load.feedFileById(context).load(bankFeedFileId),
  },
  statements: {
    type: [BankStatementType],
    description: 'The statements it brought, those known already among them.',
    resolve: ({ statementIds }: TakenFile, context: Context) => statementById(context).loadMany(statementIds),
  },
};

mutation(graph, { ...pushBankFeedFile, views }, filePayload);
mutation(graph, { ...retryBankFeedFile, views }, filePayload);
