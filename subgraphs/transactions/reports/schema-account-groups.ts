import type { Context } from '#kernel/context';
import { mutation } from '#kernel/graphql-command';
import { enumeration } from '#kernel/graphql-types';
import { byBatch } from '#kernel/loaders';
import { graph } from '../graph.ts';
import type { Account } from '../ledger/entities.ts';
import * as load from '../ledger/loaders.ts';
import { AccountType } from '../ledger/schema-accounts.ts';
import { accountGroups, isAccountGroup, usualGroup, type AccountGroup } from './account-groups.ts';
import { assignAccountGroup } from './assign-account-group.ts';

const { builder } = graph;
const views = ['partner', 'portal'] as const;

const AccountGroupEnum = enumeration(graph, 'AccountGroup', {
  description: 'The lines of the statements accounts are put on.',
  values: Object.fromEntries(
    Object.entries(accountGroups).map(([name, { label }]) => [name, `${label}.`]),
  ) as Record<AccountGroup, string>,
});

/** The lines accounts were put on by hand. */
const assignedGroups = byBatch<string | null>(async (ids, context) => {
  const rows = await context.sql<{ account_id: string; report_group: string }>(
    'select account_id, report_group from transactions.account_group where account_id = any ($1::text[])',
    [ids],
  );
  const found = new Map(rows.map((row) => [row.account_id, row.report_group]));
  return ids.map((id) => found.get(id) ?? null);
});

async function groupOf(account: Account, context: Context): Promise<AccountGroup> {
  const assigned = await assignedGroups(context).load(account.id);
  if (assigned !== null && isAccountGroup(assigned)) return assigned;
  return usualGroup({ code: account.code, type: account.type as never });
}

builder.objectField(AccountType, 'group', (t) =>
  t.field({
    type: AccountGroupEnum,
    description: 'Its line of the statements.',
    views: [...views],
    resolve: (account, _args, context) => groupOf(account, context),
  }),
);

mutation(
  graph,
  { ...assignAccountGroup, views: ['partner'] },
  {
    account: {
      type: AccountType,
      description: 'The account as it is now.',
      resolve: ({ accountId }, context) => load.accountById(context).load(accountId),
    },
  },
);
