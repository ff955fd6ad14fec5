import { createGraph } from '#kernel/graphql';

/** The builder of this subgraph's schema. */
export const graph = createGraph();
