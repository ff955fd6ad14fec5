import type { FilterQuery } from '@mikro-orm/core';
import { connectionOf, pageArgs, pageOf } from '#kernel/graphql-connection';
import { liveField } from '#kernel/graphql-live';
import { MatchEntity, OpenItemEntity, type Match, type OpenItem } from '../entities.ts';
import { findById } from '../find-by-id.ts';
import { graph } from '../graph.ts';
import * as load from '../loaders.ts';
import { MatchStatusType, scope } from '../schema-values.ts';
import { OpenItemType } from '../statements/schema-lines.ts';
import { MatchType } from './schema-matches.ts';
import './schema-candidates.ts';
import './schema-learned.ts';
import './schema-proposals.ts';
import './schema-runs.ts';
import './schema-settings.ts';

findById('match', MatchType, load.matchById);

const bookDescription = { required: true, description: 'The book.' } as const;

graph.builder.queryFields((t) => ({
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
  subject: 'match',
  type: MatchType,
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.matchById(context).load(id),
});
