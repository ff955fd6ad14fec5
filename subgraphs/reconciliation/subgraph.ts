import { join } from 'node:path';
import { toSubgraphSchema } from '#kernel/graphql';
import { stagesTogether } from '#kernel/stage';
import type { Subgraph } from '#kernel/subgraph';
import { graph } from './graph.ts';
// In their order, in which they add to the graph.
import { statements } from './statements/stage.ts';
import { matches } from './matches/stage.ts';
import { exceptions } from './exceptions/stage.ts';
import { payments } from './payments/stage.ts';
import { feeds } from './feeds/stage.ts';
import { proofs } from './proofs/stage.ts';

/** Bank accounts, statements and how their lines answer to what the ledger leaves open. */
export const reconciliation: Subgraph = {
  name: 'reconciliation',
  migrations: join(import.meta.dirname, 'migrations'),
  ...stagesTogether([statements, matches, exceptions, payments, feeds, proofs]),
  // Built last: the schema of every stage adds to the one graph.
  schema: toSubgraphSchema(graph),
};
