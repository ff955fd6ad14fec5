import { access } from './subgraphs/access/subgraph.ts';
import type { Subgraph } from '#kernel/subgraph';

/** Every subgraph there is, in the order in which they are migrated and started. */
export const subgraphs: readonly Subgraph[] = [access];
