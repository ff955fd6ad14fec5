import { byBatch, byColumn, byId } from '#kernel/loaders';
import { PendingLineEntity } from './pending-entities.ts';

export const pendingLineById = byId(PendingLineEntity);
export const pendingByBookedLine = byColumn(PendingLineEntity, 'bookedLineId');

/** What is announced on an account and not booked yet, in minor units of its currency. */
export interface PendingTotal {
  readonly count: number;
  readonly minor: bigint;
}

export const pendingByAccount = byBatch<PendingTotal>(async (accountIds, context) => {
  const rows = await context.sql<{ account: string; count: number; minor: string }>(
    `select p.bank_account_id as account, count(*)::int as count,
            coalesce(sum(p.minor) filter (where p.currency = a.currency), 0)::text as minor
       from reconciliation.pending_line p join reconciliation.bank_account a on a.id = p.bank_account_id
      where p.bank_account_id = any($1) and p.status = 'PENDING' group by p.bank_account_id`,
    [accountIds],
  );
  const found = new Map(rows.map(({ account, count, minor }) => [account, { count, minor: BigInt(minor) }]));
  return accountIds.map((id) => found.get(id) ?? { count: 0, minor: 0n });
});
