import { createGraph } from '#kernel/graphql';

/** The builder of this subgraph's schema; every stage adds its types to it. */
export const graph = createGraph();
