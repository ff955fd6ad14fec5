import { fraction } from '#kernel/basis-points';
import { graphqlError } from '#kernel/graphql';
import { record, type TypeRef } from '#kernel/graphql-types';
import { graph } from '../graph.ts';
import * as shared from '../loaders.ts';
import type { Candidate } from '../matching/rank-candidates.ts';
import { scope } from '../schema-values.ts';
import { OpenItemType, StatementLineType } from '../statements/schema-lines.ts';
import { candidatesByLine, mostCandidates } from './loaders.ts';
import { MatchedItemType, MatchEvidenceType } from './schema-matches.ts';

export const ItemCandidateType: TypeRef<Candidate> = record<Candidate>(graph, 'ItemCandidate', {
  description: 'Open items a bank line may pay, alone or together.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    openItem: t.field({
      type: OpenItemType,
      nullable: true,
      description: 'The item; the first of several.',
      resolve: ({ items }, _args, context) => shared.openItemById(context).load(items[0]?.id ?? ''),
    }),
    items: t.field({
      type: [MatchedItemType],
      description: 'All items with what the line would pay of each.',
      resolve: ({ items }) =>
        items.map(({ id, applied }) => ({
          openItemId: id,
          minor: applied.minor,
          currency: applied.currency,
        })),
    }),
    score: t.field({
      type: 'Decimal',
      description: 'How much speaks for it, from 0 to 1; a rank, not a chance.',
      resolve: ({ score }) => fraction(score),
    }),
    evidence: t.field({
      type: [MatchEvidenceType],
      description: 'What speaks for it.',
      resolve: ({ evidence }) => [...evidence],
    }),
    applied: t.field({
      type: graph.money,
      nullable: true,
      description: 'What the line would pay of the first item.',
      resolve: ({ items }) => items[0]?.applied ?? null,
    }),
    difference: t.field({
      type: graph.money,
      nullable: true,
      description: 'The line less what it pays, where they differ.',
      resolve: ({ difference }) => difference ?? null,
    }),
    reason: t.exposeString('reason', { description: 'Why it is offered, in a sentence.' }),
  }),
});

graph.builder.objectField(StatementLineType, 'openItemCandidates', (t) =>
  t.field({
    type: [ItemCandidateType],
    description:
      'Open items and small combinations it may pay, the likeliest first; none once it is settled.',
    args: {
      first: t.arg.int({
        defaultValue: 10,
        description: `How many, ${mostCandidates} at most.`,
      }),
    },
    resolve: async (row, { first }, context) => {
      const most = first ?? 10;
      if (most < 1 || most > mostCandidates)
        throw graphqlError('FIELD_INVALID', `first must lie between 1 and ${mostCandidates}`);
      return (await candidatesByLine(context).load(row.id)).slice(0, most);
    },
  }),
);
