import type { Context } from '#kernel/context';
import { mutation } from '#kernel/graphql-command';
import { graph } from '../graph.ts';
import * as shared from '../loaders.ts';
import { acceptMatches } from './accept-matches.ts';
import * as load from './loaders.ts';
import { loadSettings } from './policy.ts';
import { PayerAliasType } from './schema-learned.ts';
import { MatchType } from './schema-matches.ts';
import { MatchingSettingsType } from './schema-settings.ts';
import { setMatchingSettings } from './set-matching-settings.ts';
import { undoMatches } from './undo-matches.ts';
import { withdrawDeclinedPair } from './withdraw-declined-pair.ts';
import { withdrawPayerAlias } from './withdraw-payer-alias.ts';

const matchesPayload = {
  matches: {
    type: [MatchType],
    description: 'The matches it succeeded with.',
    resolve: async ({ matchIds }: { matchIds: readonly string[] }, context: Context) => {
      const found = await shared.matchById(context).loadMany([...matchIds]);
      return found.flatMap((match) => (match && 'id' in match ? [match] : []));
    },
  },
};

mutation(graph, { ...acceptMatches, views: ['partner', 'portal'] }, matchesPayload);
mutation(graph, { ...undoMatches, views: ['partner', 'portal'] }, matchesPayload);

mutation(
  graph,
  { ...setMatchingSettings, views: ['partner', 'portal'] },
  {
    settings: {
      type: MatchingSettingsType,
      description: 'The settings.',
      resolve: ({ bookId }, context) => loadSettings(context.sql, bookId),
    },
  },
);

mutation(
  graph,
  { ...withdrawPayerAlias, views: ['partner', 'portal'] },
  {
    alias: {
      type: PayerAliasType,
      description: 'The alias.',
      resolve: ({ aliasId }, context) => load.payerAliasById(context).load(aliasId),
    },
  },
);

mutation(
  graph,
  { ...withdrawDeclinedPair, views: ['partner', 'portal'] },
  {
    withdrawn: {
      type: 'Boolean',
      description: 'Whether the pair may be suggested again.',
      resolve: () => true,
    },
  },
);
