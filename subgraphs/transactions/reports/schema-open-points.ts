import { dateOf } from '#kernel/calendar';
import { pageArgs } from '#kernel/graphql-connection';
import { graph } from '../graph.ts';
import { openPoints, type OpenPoints } from './open-points.ts';
import { LedgerLines } from './schema-ledger.ts';

const scope = 'transactions:read';

function openPointsField(name: string, what: OpenPoints, description: string): void {
  graph.builder.queryField(name, (t) =>
    t.field({
      type: LedgerLines,
      description,
      views: ['partner', 'portal'],
      authScopes: { scope },
      args: {
        bookId: t.arg.id({ required: true, description: 'The book.' }),
        from: t.arg({ type: 'Date', description: 'The first day; that of the fiscal year when left out.' }),
        to: t.arg({ type: 'Date', description: 'The last day, included; today when left out.' }),
        ...pageArgs(t),
      },
      resolve: async (_root, { bookId, from, to, ...args }, context) => {
        const days = { from: from ?? undefined, to: to ?? dateOf(new Date()) };
        const { page } = await openPoints(context.sql, what, { bookId, ...days });
        return page(args);
      },
    }),
  );
}

openPointsField(
  'missingReceipts',
  'MISSING_RECEIPTS',
  'What bank and card lines were booked to as expenses without a document; balances run from the first of the days.',
);
openPointsField(
  'unmappedLines',
  'UNMAPPED_LINES',
  'What stands on the suspense account and on other expenses, for want of an account of its own.',
);
