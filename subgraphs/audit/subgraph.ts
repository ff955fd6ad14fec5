import { join } from 'node:path';
import { toSubgraphSchema } from '#kernel/graphql';
import type { Subgraph } from '#kernel/subgraph';
import { AuditRecordEntity } from './entities.ts';
import { graph } from './graph.ts';
import { startSealer } from './sealer.ts';
import './schema.ts';

/** Who did what, sealed so that nobody can change it unseen. */
export const audit: Subgraph = {
  name: 'audit',
  schema: toSubgraphSchema(graph),
  entities: [AuditRecordEntity],
  migrations: join(import.meta.dirname, 'migrations'),
  handlers: {},
  jobs: [],
  background: startSealer,
};
