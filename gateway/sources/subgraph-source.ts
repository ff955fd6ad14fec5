import type { ExecutionResult } from 'graphql';
import type { SubgraphName } from '#kernel/config';
import type { RenderRequest, SubgraphRequest } from '#kernel/subgraph-request';
import type { nodePart } from '../graph/node-schema.ts';

/** A subgraph as the gateway reaches it, in this process or in another. */
export interface SubgraphSource {
  /** Answers an operation; throws UNAVAILABLE when the subgraph cannot be reached. */
  execute(request: SubgraphRequest): Promise<ExecutionResult>;
  /** Renders a subscription's step for each event, in their order; throws UNAVAILABLE as `execute` does. */
  render(request: RenderRequest): Promise<ExecutionResult[]>;
  /** Whether it answers and has its database. */
  ready(): Promise<boolean>;
}

/** The sources by subgraph; a supergraph may name no subgraph that is missing here. */
export type SubgraphSources = Readonly<Partial<Record<SubgraphName | typeof nodePart, SubgraphSource>>>;

/** The source of a subgraph named in the supergraph; throws when there is none. */
export function sourceOf(sources: SubgraphSources, name: string): SubgraphSource {
  const found = Object.entries(sources).find(([key]) => key === name)?.[1];
  if (!found)
    throw new Error(`The supergraph names the subgraph ${name}, for which the gateway has no source`);
  return found;
}
