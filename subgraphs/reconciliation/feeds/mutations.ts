import type { Context } from '#kernel/context';
import { mutation } from '#kernel/graphql-command';
import { graph } from '../graph.ts';
import { changeBankFeed } from './change-bank-feed.ts';
import { createBankFeed } from './create-bank-feed.ts';
import * as load from './loaders.ts';
import { pauseBankFeed } from './pause-bank-feed.ts';
import { pullBankFeed } from './pull-bank-feed.ts';
import { resumeBankFeed } from './resume-bank-feed.ts';
import { rotateBankFeedSecret } from './rotate-bank-feed-secret.ts';
import { BankFeedType } from './schema-feeds.ts';
import { setBankFeedCredentials } from './set-bank-feed-credentials.ts';

const views = ['partner'] as const;

const feedPayload = {
  bankFeed: {
    type: BankFeedType,
    description: 'The feed.',
    resolve: ({ bankFeedId }: { bankFeedId: string }, context: Context) =>
      load.feedById(context).load(bankFeedId),
  },
};

const secretPayload = {
  secret: {
    type: 'String',
    description: 'What senders show as a bearer token; this once, and of feeds of the kind PUSH only.',
    resolve: ({ secret }: { secret?: string | null }) => secret ?? null,
  },
};

mutation(graph, { ...createBankFeed, views }, { ...feedPayload, ...secretPayload });
mutation(graph, { ...changeBankFeed, views }, feedPayload);
mutation(graph, { ...setBankFeedCredentials, views }, feedPayload);
mutation(graph, { ...rotateBankFeedSecret, views }, { ...feedPayload, ...secretPayload });
mutation(graph, { ...pauseBankFeed, views }, feedPayload);
mutation(graph, { ...resumeBankFeed, views }, feedPayload);
mutation(graph, { ...pullBankFeed, views }, feedPayload);
