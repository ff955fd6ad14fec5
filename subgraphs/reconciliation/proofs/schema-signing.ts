import type { Context } from '#kernel/context';
import { connectionOf, pageArgs } from '#kernel/graphql-connection';
import { mutation } from '#kernel/graphql-command';
import { liveField } from '#kernel/graphql-live';
import { pageOfParent } from '#kernel/pages-of-parents';
import { findById } from '../find-by-id.ts';
import { graph } from '../graph.ts';
import { scope } from '../schema-values.ts';
import { BankAccountType } from '../statements/schema-accounts.ts';
import { countersignReconciliationStatement } from './countersign-reconciliation-statement.ts';
import { SignedStatementEntity } from './entities.ts';
import { signedStatementById } from './loaders.ts';
import { SignedStatementType } from './schema-signatures.ts';
import { signReconciliationStatement } from './sign-reconciliation-statement.ts';

const views = ['partner', 'portal'] as const;

graph.builder.objectField(BankAccountType, 'signedStatements', (t) =>
  t.field({
    type: connectionOf(graph, SignedStatementType),
    description: 'The reconciliation statements that were signed, the last one first.',
    args: pageArgs(t),
    resolve: (row, args, context) =>
      pageOfParent(context, SignedStatementEntity, { args, column: 'bankAccountId', parent: row.id }),
  }),
);

findById('signedStatement', SignedStatementType, signedStatementById);

const payload = {
  signedStatement: {
    type: SignedStatementType,
    description: 'What was signed.',
    resolve: ({ signedStatementId }: { signedStatementId: string }, context: Context) =>
      signedStatementById(context).load(signedStatementId),
  },
};

mutation(graph, { ...signReconciliationStatement, views }, payload);
mutation(graph, { ...countersignReconciliationStatement, views }, payload);

liveField(graph, {
  subject: 'signedStatement',
  type: SignedStatementType,
  scope,
  views,
  load: (id, context) => signedStatementById(context).load(id),
});
