import { CrossfootError } from '#kernel/errors';
import { connectionOf, pageArgs } from '#kernel/graphql-connection';
import { enumeration, record, type TypeRef } from '#kernel/graphql-types';
import { graph } from '../graph.ts';
import { scope } from '../schema-values.ts';
import { compareStatements, type ItemChange, type StatementChanges } from './compare-statements.ts';
import { pageOfList } from './list-page.ts';
import { loadProof } from './load-proof.ts';
import { signedContentById } from './loaders.ts';
import { ItemType, moneyOf, TotalsType, VerdictType } from './schema-statement-parts.ts';
import { statementContent } from './statement-content.ts';

const views = ['partner', 'portal'] as const;

const ChangeType = enumeration(graph, 'ReconciliationChange', {
  description: 'What became of an item since a statement was signed.',
  values: {
    ADDED: 'It was not there.',
    REMOVED: 'It is there no more: it was settled, or taken back.',
    CHANGED: 'It is another amount, day or state.',
  },
});

const ItemChangeType: TypeRef<ItemChange> = record<ItemChange>(graph, 'ReconciliationItemChange', {
  description: 'An item that has changed since a statement was signed.',
  scope,
  views,
  fields: (t) => ({
    change: t.field({ type: ChangeType, description: 'What became of it.', resolve: (row) => row.change }),
    item: t.field({
      type: ItemType,
      description: 'As it is now; of a removed one as it was.',
      resolve: (row) => row.item,
    }),
    effectBefore: t.field({
      type: graph.money,
      nullable: true,
      description: 'What it had the books differ by when it was signed; nothing where it was not there.',
      resolve: ({ change, item, before }) => (change === 'ADDED' ? null : moneyOf((before ?? item).effect)),
    }),
  }),
});

const StatementChangesType: TypeRef<StatementChanges> = record<StatementChanges>(
  graph,
  'ReconciliationStatementChanges',
  {
    description: 'A signed statement against the same one as it would be drawn up now.',
    scope,
    views,
    fields: (t) => ({
      changed: t.exposeBoolean('changed', {
        description: 'Whether balances or items of its days have changed since it was signed.',
      }),
      signedTotals: t.field({
        type: [TotalsType],
        description: 'The proof as it was signed, in each currency.',
        resolve: (row) => [...row.signed.totals],
      }),
      totals: t.field({
        type: [TotalsType],
        description: 'The proof as it would be now, in each currency.',
        resolve: (row) => [...row.now.totals],
      }),
      verdict: t.field({
        type: VerdictType,
        description: 'Whether bank and books agree now.',
        resolve: (row) => row.now.verdict,
      }),
      items: t.field({
        type: connectionOf(graph, ItemChangeType),
        description: 'The items that have changed.',
        args: pageArgs(t),
        resolve: (row, args) => pageOfList(row.items, args),
      }),
    }),
  },
);

graph.builder.queryField('signedStatementChanges', (t) =>
  t.field({
    type: StatementChangesType,
    description: 'What has changed in the days of a signed reconciliation statement since it was signed.',
    views: [...views],
    authScopes: { scope },
    args: { signedStatementId: t.arg.id({ required: true, description: 'The signed statement.' }) },
    resolve: async (_root, { signedStatementId }, context) => {
      const signed = await signedContentById(context).load(signedStatementId);
      if (!signed) throw new CrossfootError('NOT_FOUND', `There is no signed statement ${signedStatementId}`);
      const { bankAccountId, from, asOf } = signed;
      const proof = await loadProof(context.sql, { bankAccountId, from, asOf });
      return compareStatements(signed, statementContent(proof, new Date()));
    },
  }),
);
