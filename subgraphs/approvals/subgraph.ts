import { join } from 'node:path';
import { toSubgraphSchema } from '#kernel/graphql';
import type { Subgraph } from '#kernel/subgraph';
import { ApprovalDecisionEntity, ApprovalPolicyEntity, ApprovalRequestEntity } from './entities.ts';
import { graph } from './graph.ts';
import { handlers } from './handlers.ts';
import './close-checklist.ts';
import './schema.ts';

/** Who must say yes before money moves in the books. */
export const approvals: Subgraph = {
  name: 'approvals',
  schema: toSubgraphSchema(graph),
  entities: [ApprovalPolicyEntity, ApprovalRequestEntity, ApprovalDecisionEntity],
  migrations: join(import.meta.dirname, 'migrations'),
  handlers,
  jobs: [],
};
