import { byBatch } from '#kernel/loaders';
import type { Exception } from '../entities.ts';
import { graph } from '../graph.ts';
import { exceptionById } from '../loaders.ts';
import { PayoutType } from '../statements/schema-payouts.ts';
import { ExceptionType } from './schema-exceptions.ts';

const exceptionsByPayout = byBatch<Exception[]>(async (payoutIds, context) => {
  const rows = await context.sql<{ subject_id: string; id: string }>(
    `select subject_id, id from reconciliation.exception
      where subject_type = 'Payout' and subject_id = any($1) order by subject_id, id desc`,
    [payoutIds],
  );
  const found = await exceptionById(context).loadMany(rows.map(({ id }) => id));
  const groups = Map.groupBy(
    rows.map((row, at) => ({ payoutId: row.subject_id, exception: found[at] })),
    (one) => one.payoutId,
  );
  return payoutIds.map((id) =>
    (groups.get(id) ?? []).flatMap(({ exception }) => (exception && 'id' in exception ? [exception] : [])),
  );
});

graph.builder.objectFields(PayoutType, (t) => ({
  exceptions: t.field({
    type: [ExceptionType],
    description: 'What was or is the matter with it, the latest first.',
    resolve: (row, _args, context) => exceptionsByPayout(context).load(row.id),
  }),
}));
