import { join } from 'node:path';
import { toSubgraphSchema } from '#kernel/graphql';
import type { Subgraph } from '#kernel/subgraph';
import { graph } from './graph.ts';
import { stagesTogether } from '#kernel/stage';
// In their order, in which they add to the graph.
import { dimensions } from './dimensions/stage.ts';
import { intake } from './intake/stage.ts';
import { rates } from './rates/stage.ts';
import { tax } from './tax/stage.ts';
import { classification } from './classification/stage.ts';
import { ledger } from './ledger/stage.ts';
import { imports } from './imports/stage.ts';
import { reports } from './reports/stage.ts';

/** Documents to drafts to journal: what came in, what it is, and how it stands in the books. */
export const transactions: Subgraph = {
  name: 'transactions',
  migrations: join(import.meta.dirname, 'migrations'),
  ...stagesTogether([dimensions, intake, rates, tax, classification, ledger, imports, reports]),
  // Built last: the schema of every stage adds to the one graph.
  schema: toSubgraphSchema(graph),
};
