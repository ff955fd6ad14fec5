import type { Subgraph } from '#kernel/subgraph';
import { access } from '../subgraphs/access/subgraph.ts';
import { approvals } from '../subgraphs/approvals/subgraph.ts';
import { transactions } from '../subgraphs/transactions/subgraph.ts';
import { audit } from '../subgraphs/audit/subgraph.ts';
import { reconciliation } from '../subgraphs/reconciliation/subgraph.ts';
import { sync } from '../subgraphs/sync/subgraph.ts';
import { vendors } from '../subgraphs/vendors/subgraph.ts';

/** Every subgraph there is, in the order in which they are migrated and started. */
export const subgraphs: readonly Subgraph[] = [
  access,
  vendors,
  transactions,
  reconciliation,
  approvals,
  audit,
  sync,
];
