import { join } from 'node:path';
import { toSubgraphSchema } from '#kernel/graphql';
import type { Subgraph } from '#kernel/subgraph';
import {
  VendorAliasEntity,
  VendorBankDetailEntity,
  VendorEntity,
  VendorIdentifierEntity,
} from './entities.ts';
import { graph } from './graph.ts';
import { handlers } from './handlers.ts';
import './schema.ts';
import './schema-name-match.ts';

/** Vendor master data: who we buy from, under which names, numbers and accounts. */
export const vendors: Subgraph = {
  name: 'vendors',
  schema: toSubgraphSchema(graph),
  entities: [VendorEntity, VendorIdentifierEntity, VendorAliasEntity, VendorBankDetailEntity],
  migrations: join(import.meta.dirname, 'migrations'),
  handlers,
  jobs: [],
};
