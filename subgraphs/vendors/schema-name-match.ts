import { fraction } from '#kernel/basis-points';
import { record, type TypeRef } from '#kernel/graphql-types';
import { graph } from './graph.ts';
import * as load from './loaders.ts';
import { matchVendorName, type VendorNameMatch } from './match-vendor-name.ts';
import { scope, VendorType } from './schema.ts';
import { vendorCandidates } from './vendor-candidates.ts';

const VendorNameMatchType: TypeRef<VendorNameMatch> = record<VendorNameMatch>(graph, 'VendorNameMatch', {
  description: 'A vendor a name may mean.',
  scope,
  views: ['partner'],
  fields: (t) => ({
    vendor: t.field({
      type: VendorType,
      nullable: true,
      description: 'The vendor.',
      resolve: (match, _args, context) => load.vendorById(context).load(match.vendorId),
    }),
    confidence: t.field({
      type: 'Decimal',
      description: 'From 0 to 1.',
      resolve: (match) => fraction(match.confidence),
    }),
    reason: t.exposeString('reason', { description: 'Why, in a sentence.' }),
  }),
});

graph.builder.queryFields((t) => ({
  matchVendorName: t.field({
    type: [VendorNameMatchType],
    description: 'The vendors a name may mean, best first, with reasons.',
    views: ['partner'],
    authScopes: { scope },
    args: {
      name: t.arg.string({
        required: true,
        description: 'The name as it stands on a document or bank line.',
      }),
      country: t.arg.string({ description: 'ISO 3166 code, when known.' }),
    },
    resolve: async (_root, args, context) => {
      const query = { name: args.name, country: args.country ?? undefined };
      const candidates = await vendorCandidates(query, context.sql, (account) =>
        context.services.vault.blindIndex(account, context.actor.organisationId),
      );
      return matchVendorName(query, candidates);
    },
  }),
}));
