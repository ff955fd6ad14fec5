import { mutation } from '#kernel/graphql-command';
import { byBatch } from '#kernel/loaders';
import type { Match } from '../entities.ts';
import { graph } from '../graph.ts';
import { matchById } from '../loaders.ts';
import { payoutById } from '../statements/payout-loaders.ts';
import { PayoutType } from '../statements/schema-payouts.ts';
import { matchPayout } from './match-payout.ts';
import { MatchType } from './schema-matches.ts';

/** The match in which a payout stands, accepted before suggested. */
const matchByPayout = byBatch<Match | null>(async (payoutIds, context) => {
  const rows = await context.sql<{ payout_id: string; id: string }>(
    `select distinct on (payout_id) payout_id, id from reconciliation.match
      where payout_id = any($1) and status in ('ACCEPTED', 'SUGGESTED') order by payout_id, status, id desc`,
    [payoutIds],
  );
  const found = new Map(rows.map((row) => [row.payout_id, row.id]));
  return Promise.all(
    payoutIds.map(async (payoutId) => {
      const matchId = found.get(payoutId);
      return matchId === undefined ? null : matchById(context).load(matchId);
    }),
  );
});

graph.builder.objectFields(PayoutType, (t) => ({
  match: t.field({
    type: MatchType,
    nullable: true,
    description: 'The match with the bank line that brought it, suggested or accepted.',
    resolve: (row, _args, context) => matchByPayout(context).load(row.id),
  }),
}));

graph.builder.objectFields(MatchType, (t) => ({
  payout: t.field({
    type: PayoutType,
    nullable: true,
    description: 'The payout it settles.',
    resolve: (row, _args, context) => (row.payoutId ? payoutById(context).load(row.payoutId) : null),
  }),
}));

mutation(
  graph,
  { ...matchPayout, views: ['partner', 'portal'] },
  {
    match: {
      type: MatchType,
      description: 'The match.',
      resolve: ({ matchId }, context) => matchById(context).load(matchId),
    },
  },
);
