import { Supergraph, type Schema } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';

/** The composed graph in the forms that limits and subscriptions need. */
export interface FederatedGraph {
  /** What clients may ask, for validation. */
  readonly api: GraphQLSchema;
  /** The same for the planner and the plan executor. */
  readonly apiSchema: Schema;
  readonly supergraphSchema: GraphQLSchema;
  readonly planner: QueryPlanner;
}

/** Reads a supergraph; throws when it is none. */
export function readSupergraph(supergraphSdl: string): FederatedGraph {
  const supergraph = Supergraph.build(supergraphSdl);
  const apiSchema = supergraph.apiSchema();
  return {
    api: apiSchema.toGraphQLJSSchema(),
    apiSchema,
    supergraphSchema: supergraph.schema.toGraphQLJSSchema(),
    planner: new QueryPlanner(supergraph),
  };
}
