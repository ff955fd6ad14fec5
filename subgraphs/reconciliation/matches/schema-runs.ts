import type { FilterQuery } from '@mikro-orm/core';
import { connectionOf, pageArgs, pageOf } from '#kernel/graphql-connection';
import { liveField } from '#kernel/graphql-live';
import { entity, enumeration, type TypeRef } from '#kernel/graphql-types';
import { findById } from '../find-by-id.ts';
import { graph } from '../graph.ts';
import { scope } from '../schema-values.ts';
import { MatchingRunEntity, type MatchingRun } from './entities.ts';
import * as load from './loaders.ts';

export const MatchingStageType = enumeration(graph, 'MatchingStage', {
  description: 'How far a run of the matcher is.',
  values: { MATCHING: 'It looks at lines.', FINISHED: 'It has looked at all there were.' },
});

export const MatchingRunType: TypeRef<MatchingRun> = entity<MatchingRun>(graph, 'MatchingRun', {
  description: 'One look of the matcher at a book; `matchingChanged` tells how far it is.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.matchingRunById(context).load(id),
  fields: (t) => ({
    stage: t.field({
      type: MatchingStageType,
      description: 'How far it is.',
      resolve: (row) => row.stage as 'MATCHING',
    }),
    done: t.exposeInt('done', { description: 'Lines it has looked at.' }),
    total: t.exposeInt('total', { description: 'Lines there are to look at, as far as is known.' }),
    accepted: t.exposeInt('accepted', { description: 'Matches that stand by themselves.' }),
    suggested: t.exposeInt('suggested', { description: 'New suggestions.' }),
    exceptions: t.exposeInt('exceptions', { description: 'Lines that found no match.' }),
    linesLoaded: t.exposeInt('linesLoaded', {
      description: 'Lines that were read, those beside the ones it decides on among them.',
    }),
    itemsLoaded: t.exposeInt('itemsLoaded', { description: 'Open items that were read.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it began.' }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended.',
    }),
  }),
});

findById('matchingRun', MatchingRunType, load.matchingRunById);

graph.builder.queryField('matchingRuns', (t) =>
  t.field({
    type: connectionOf(graph, MatchingRunType),
    description: 'The runs of the matcher over a book, the newest first.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: { ...pageArgs(t), bookId: t.arg.id({ required: true, description: 'The book.' }) },
    resolve: (_root, args, context) => {
      const where: FilterQuery<MatchingRun> = { bookId: args.bookId };
      return pageOf(context, MatchingRunEntity, { args, where });
    },
  }),
);

liveField(graph, {
  subject: 'matching',
  type: MatchingRunType,
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.matchingRunById(context).load(id),
});
