import { mutation } from '#kernel/graphql-command';
import type { Context } from '#kernel/context';
import { acceptMatch } from './accept-match.ts';
import { assignException } from './assign-exception.ts';
import { declineMatch } from './decline-match.ts';
import { graph } from './graph.ts';
import * as load from './loaders.ts';
import { matchManually } from './match-manually.ts';
import { resolveException } from './resolve-exception.ts';
import { ExceptionType, MatchType } from './schema-matches.ts';
import { undoMatch } from './undo-match.ts';

const matchPayload = {
  match: {
    type: MatchType,
    description: 'The match.',
    resolve: ({ matchId }: { matchId: string }, context: Context) => load.matchById(context).load(matchId),
  },
};
const exceptionPayload = {
  exception: {
    type: ExceptionType,
    description: 'The exception.',
    resolve: ({ exceptionId }: { exceptionId: string }, context: Context) =>
      load.exceptionById(context).load(exceptionId),
  },
};

mutation(graph, { ...acceptMatch, views: ['partner', 'portal'] }, matchPayload);
mutation(graph, { ...declineMatch, views: ['partner', 'portal'] }, matchPayload);
mutation(graph, { ...undoMatch, views: ['partner', 'portal'] }, matchPayload);
mutation(graph, { ...matchManually, views: ['partner', 'portal'] }, matchPayload);
mutation(graph, { ...assignException, views: ['partner', 'portal'] }, exceptionPayload);
mutation(graph, { ...resolveException, views: ['partner', 'portal'] }, exceptionPayload);
