import type { FilterQuery } from '@mikro-orm/core';
import { sameText } from '#kernel/secrets';
import { connectionOf, pageArgs, pageOf } from '#kernel/graphql-connection';
import { liveField } from '#kernel/graphql-live';
import { findById } from '../find-by-id.ts';
import { graph } from '../graph.ts';
import { scope } from '../schema-values.ts';
import { BankFeedEntity, BankFeedFileEntity, type BankFeedFile } from './entities.ts';
import * as load from './loaders.ts';
import { BankFeedFileStateType, BankFeedFileType, BankFeedRunType, BankFeedType } from './schema-feeds.ts';

findById('bankFeed', BankFeedType, load.feedById);
findById('bankFeedFile', BankFeedFileType, load.feedFileById);
findById('bankFeedRun', BankFeedRunType, load.feedRunById);

const bookArgument = { required: true, description: 'The book.' } as const;

graph.builder.queryFields((t) => ({
  bankFeeds: t.field({
    type: [BankFeedType],
    description: 'The feeds of a book.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: { bookId: t.arg.id(bookArgument) },
    resolve: async (_root, { bookId }, context) =>
      (await context.read()).find(BankFeedEntity, { bookId }, { orderBy: { name: 'asc', id: 'asc' } }),
  }),
  bankFeedFiles: t.field({
    type: connectionOf(graph, BankFeedFileType),
    description: 'The files of all feeds of a book, the last seen first.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: {
      ...pageArgs(t),
      bookId: t.arg.id(bookArgument),
      state: t.arg({ type: BankFeedFileStateType, description: 'Only those of which this became.' }),
    },
    resolve: (_root, args, context) => {
      const { bookId, state } = args;
      const where: FilterQuery<BankFeedFile> = { bookId, ...(state ? { state } : {}) };
      return pageOf(context, BankFeedFileEntity, { args, where });
    },
  }),
}));

graph.builder.queryField('bankFeedTakes', (t) =>
  t.boolean({
    inaccessible: true,
    description:
      'Whether a feed takes files of whoever shows the secret of this hash. For the gateway alone.',
    authScopes: { scope: 'platform:internal' },
    args: {
      bankFeedId: t.arg.id({ required: true, description: 'The feed.' }),
      secretHash: t.arg.string({ required: true, description: '64 hexadecimal characters.' }),
    },
    resolve: async (_root, { bankFeedId, secretHash }, context) => {
      const [feed] = await context.sql<{ hash: string | null }>(
        `select sealed_credentials as hash from reconciliation.bank_feed where id = $1 and kind = 'PUSH'`,
        [bankFeedId],
      );
      return sameText(feed?.hash ?? '', secretHash);
    },
  }),
);

liveField(graph, {
  subject: 'bankFeed',
  type: BankFeedType,
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.feedById(context).load(id),
});
