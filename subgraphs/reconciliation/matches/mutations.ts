import type { Context } from '#kernel/context';
import { mutation } from '#kernel/graphql-command';
import { graph } from '../graph.ts';
import * as load from '../loaders.ts';
import { StatementLineType } from '../statements/schema-lines.ts';
import { acceptMatch } from './accept-match.ts';
import { bookStatementLine } from './book-statement-line.ts';
import { declineMatch } from './decline-match.ts';
import { matchManually } from './match-manually.ts';
import { matchStatementLines } from './match-statement-lines.ts';
import { MatchType } from './schema-matches.ts';
import { undoMatch } from './undo-match.ts';

const matchPayload = {
  match: {
    type: MatchType,
    description: 'The match.',
    resolve: ({ matchId }: { matchId: string }, context: Context) => load.matchById(context).load(matchId),
  },
};

mutation(graph, { ...acceptMatch, views: ['partner', 'portal'] }, matchPayload);
mutation(graph, { ...declineMatch, views: ['partner', 'portal'] }, matchPayload);
mutation(graph, { ...undoMatch, views: ['partner', 'portal'] }, matchPayload);
mutation(graph, { ...matchManually, views: ['partner', 'portal'] }, matchPayload);

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
