import { join } from 'node:path';
import { toSubgraphSchema } from '#kernel/graphql';
import type { Subgraph } from '#kernel/subgraph';
import { ConnectionEntity, SyncItemEntity, SyncRunEntity } from './entities.ts';
import { graph } from './graph.ts';
import { handlers } from './handlers.ts';
import { jobs } from './jobs.ts';
import './close-checklist.ts';
import './schema.ts';

/** Keeps accounting systems in step with the journal. */
export const sync: Subgraph = {
  name: 'sync',
  schema: toSubgraphSchema(graph),
  entities: [ConnectionEntity, SyncRunEntity, SyncItemEntity],
  migrations: join(import.meta.dirname, 'migrations'),
  handlers,
  jobs,
};
