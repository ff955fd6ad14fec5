import { byBatch, byId } from '#kernel/loaders';
import type { Money } from '#kernel/money';
import { money } from '#kernel/money';
import { PayoutEntity, PayoutMemberEntity, ProcessorTariffEntity } from './payout-entities.ts';

export const payoutById = byId(PayoutEntity);
export const payoutMemberById = byId(PayoutMemberEntity);
export const tariffById = byId(ProcessorTariffEntity);

/** What the members of one kind and currency come to. */
export interface PayoutTotal {
  readonly kind: string;
  readonly count: number;
  readonly gross: Money;
  readonly fee: Money;
  readonly net: Money;
}

export const totalsByPayout = byBatch<PayoutTotal[]>(async (payoutIds, context) => {
  const rows = await context.sql<{
    payout_id: string;
    kind: string;
    currency: string;
    count: number;
    gross: string;
    fee: string;
    net: string;
  }>(
    `select payout_id, kind, currency, count(*)::int as count, sum(gross_minor)::text as gross,
            sum(fee_minor)::text as fee, sum(net_minor)::text as net
       from reconciliation.payout_member where payout_id = any($1)
      group by payout_id, kind, currency order by payout_id, kind, currency`,
    [payoutIds],
  );
  const groups = Map.groupBy(rows, (row) => row.payout_id);
  return payoutIds.map((id) =>
    (groups.get(id) ?? []).map(({ kind, count, currency, gross, fee, net }) => ({
      kind,
      count,
      gross: money(BigInt(gross), currency),
      fee: money(BigInt(fee), currency),
      net: money(BigInt(net), currency),
    })),
  );
});
