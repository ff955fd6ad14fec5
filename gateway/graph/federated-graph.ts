import { DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph, type Schema } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { withUsableKeys } from './usable-keys.ts';
import { cutViews, type GraphViews } from './view.ts';

/** The composed graph in the forms that limits and subscriptions need. */
export interface FederatedGraph {
  /** What clients may ask, for validation. */
  readonly api: GraphQLSchema;
  /** The same for the planner and the plan executor. */
  readonly apiSchema: Schema;
  readonly supergraphSchema: GraphQLSchema;
  readonly planner: QueryPlanner;
  /** The names of the subgraphs it is composed of. */
  readonly subgraphs: readonly string[];
  /** The parts of the API that exist for those who do not see all of it. */
  readonly views: GraphViews;
}

/** What a supergraph may use: all that needs nothing of the gateway beyond its planner and executor. */
const supportedFeatures = new Set([
  ...DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES,
  'https://specs.apollo.dev/context/v0.1',
  'https://specs.apollo.dev/cost/v0.1',
]);

/** Reads a supergraph; throws when it is none. */
export function readSupergraph(supergraphSdl: string): FederatedGraph {
  const supergraph = Supergraph.build(withUsableKeys(supergraphSdl), { supportedFeatures });
  const apiSchema = supergraph.apiSchema();
  const api = apiSchema.toGraphQLJSSchema();
  return {
    api,
    apiSchema,
    supergraphSchema: supergraph.schema.toGraphQLJSSchema(),
    planner: new QueryPlanner(supergraph),
    subgraphs: [...supergraph.subgraphNameToGraphEnumValue().keys()],
    views: cutViews(api, supergraphSdl),
  };
}
