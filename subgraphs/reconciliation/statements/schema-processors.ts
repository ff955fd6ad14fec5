import type { FilterQuery } from '@mikro-orm/core';
import { mutation } from '#kernel/graphql-command';
import { connectionOf, pageArgs, pageOf } from '#kernel/graphql-connection';
import { findById } from '../find-by-id.ts';
import { graph } from '../graph.ts';
import { BookStub } from '../references.ts';
import { scope } from '../schema-values.ts';
import { importPayoutReport } from './import-payout-report.ts';
import { PayoutEntity, type Payout } from './payout-entities.ts';
import * as load from './payout-loaders.ts';
import { ProcessorTariffType } from './schema-fees.ts';
import { PayoutProviderType, PayoutType } from './schema-payouts.ts';
import { setProcessorAccounts } from './set-processor-accounts.ts';
import { setProcessorTariff } from './set-processor-tariff.ts';

findById('payout', PayoutType, load.payoutById);

graph.builder.queryFields((t) => ({
  payouts: t.field({
    type: connectionOf(graph, PayoutType),
    description: 'What payment providers have reported to pay out, the latest first.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: {
      ...pageArgs(t),
      bookId: t.arg.id({ required: true, description: 'The book.' }),
      provider: t.arg({ type: PayoutProviderType, description: 'Only of this provider.' }),
    },
    resolve: (_root, args, context) => {
      const { bookId, provider } = args;
      const where: FilterQuery<Payout> = { bookId, ...(provider ? { provider } : {}) };
      return pageOf(context, PayoutEntity, { args, where });
    },
  }),
}));

mutation(
  graph,
  { ...importPayoutReport, views: ['partner'] },
  {
    payouts: {
      type: [PayoutType],
      description: 'The payouts of the files, those known already among them.',
      resolve: ({ payoutIds }, context) => load.payoutById(context).loadMany(payoutIds),
    },
    reported: {
      type: 'Int',
      description: 'How many members are new or have changed.',
      resolve: ({ reported }) => reported,
    },
    alreadyKnown: {
      type: 'Int',
      description: 'How many members earlier reports had told.',
      resolve: ({ alreadyKnown }) => alreadyKnown,
    },
  },
);

mutation(
  graph,
  { ...setProcessorTariff, views: ['partner'] },
  {
    tariff: {
      type: ProcessorTariffType,
      description: 'What is agreed now.',
      resolve: ({ tariffId }, context) => load.tariffById(context).load(tariffId),
    },
  },
);

mutation(
  graph,
  { ...setProcessorAccounts, views: ['partner'] },
  { book: { type: BookStub, description: 'The book.', resolve: ({ bookId }) => ({ id: bookId }) } },
);
