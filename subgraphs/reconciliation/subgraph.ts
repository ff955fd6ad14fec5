import { join } from 'node:path';
import { toSubgraphSchema } from '#kernel/graphql';
import type { Subgraph } from '#kernel/subgraph';
import { reconciliationEntities } from './entities.ts';
import { graph } from './graph.ts';
import { handlers } from './handlers.ts';
import { matching } from './matching-job.ts';
import './mutations-matches.ts';
import './mutations-statements.ts';
import './close-checklist.ts';
import './schema.ts';

/** Bank accounts, statements and how their lines answer to what the ledger leaves open. */
export const reconciliation: Subgraph = {
  name: 'reconciliation',
  schema: toSubgraphSchema(graph),
  entities: reconciliationEntities,
  migrations: join(import.meta.dirname, 'migrations'),
  handlers,
  jobs: [matching],
};
