import { mutation } from '#kernel/graphql-command';
import { record, type TypeRef } from '#kernel/graphql-types';
import { graph } from '../graph.ts';
import type { Account } from './entities.ts';
import * as load from './loaders.ts';
import { AccountType } from './schema-accounts.ts';
import { setBalanceBounds } from './set-balance-bounds.ts';

const amountIn = (account: Account, minor: bigint | null | undefined) =>
  minor !== null && minor !== undefined && account.boundsCurrency
    ? { minor, currency: account.boundsCurrency }
    : null;

const BoundsType: TypeRef<Account> = record<Account>(graph, 'BalanceBounds', {
  description: 'The limits beyond which no posting takes the balance of an account.',
  scope: 'transactions:read',
  views: ['partner'],
  fields: (t) => ({
    atLeast: t.field({
      type: graph.money,
      nullable: true,
      description: 'The lowest balance, debits positive; null for none.',
      resolve: (row) => amountIn(row, row.balanceAtLeast),
    }),
    atMost: t.field({
      type: graph.money,
      nullable: true,
      description: 'The highest balance, debits positive; null for none.',
      resolve: (row) => amountIn(row, row.balanceAtMost),
    }),
  }),
});

graph.builder.objectFields(AccountType, (t) => ({
  balanceBounds: t.field({
    type: BoundsType,
    nullable: true,
    views: ['partner'],
    description: 'The limits of its balance; null when it has none.',
    resolve: (row) => (row.boundsCurrency ? row : null),
  }),
}));

mutation(
  graph,
  { ...setBalanceBounds, views: ['partner'] },
  {
    account: {
      type: AccountType,
      description: 'The account.',
      resolve: ({ accountId }, context) => load.accountById(context).load(accountId),
    },
  },
);
