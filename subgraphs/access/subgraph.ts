import { join } from 'node:path';
import { toSubgraphSchema } from '#kernel/graphql';
import type { Subgraph } from '#kernel/subgraph';
import { ApiKeyEntity, BookEntity, MemberEntity, OrganisationEntity } from './entities.ts';
import { graph } from './graph.ts';
import { handlers } from './handlers.ts';
import './mutations.ts';
import './api-key-lookup.ts';

/** Who may do what: organisations, books, members, keys and embed sessions. */
export const access: Subgraph = {
  name: 'access',
  schema: toSubgraphSchema(graph),
  entities: [OrganisationEntity, BookEntity, MemberEntity, ApiKeyEntity],
  migrations: join(import.meta.dirname, 'migrations'),
  handlers,
  jobs: [],
};
