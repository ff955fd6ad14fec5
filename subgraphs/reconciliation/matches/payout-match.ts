import { formatMoney, subtract, sum, type Money } from '#kernel/money';
import { splitPayout } from '../matching/split-payout.ts';
import type { OpenPayout, OpenPayoutLine } from './load-payouts.ts';
import type { PayoutMatch } from './store-payout-match.ts';

/** The match of a payout with lines, as certain as its report. */
export function payoutMatch(
  payout: OpenPayout,
  of: {
    readonly lines: readonly OpenPayoutLine[];
    readonly members: Parameters<typeof splitPayout>[0];
    readonly open: ReadonlyMap<string, Money>;
  },
): PayoutMatch {
  const settlement = splitPayout(of.members, of.open);
  const [first] = of.lines;
  const currency = first?.amount.currency ?? payout.amount.currency;
  const paid = sum(
    currency,
    of.lines.map(({ amount }) => amount),
  );
  const applied = settlement.items
    .map((item) => item.applied)
    .filter((amount) => amount.currency === currency);
  const parts = settlement.parts.map(
    ({ kind, amount, count }) => `${count} ${kind.toLowerCase()} ${formatMoney(amount)} ${amount.currency}`,
  );
  return {
    payoutId: payout.id,
    provider: payout.provider,
    bankAccountId: first?.bankAccountId ?? '',
    currency,
    lineIds: of.lines.map(({ id }) => id),
    settlement,
    difference: subtract(paid, sum(currency, applied)),
    confidence: 10_000,
    automatic: false,
    evidence: [
      {
        signal: 'group',
        score: payout.complete ? 10_000 : 5_000,
        detail: `Payout ${payout.reference} settles ${settlement.items.length} items; besides: ${parts.join(', ') || 'nothing'}.`,
      },
    ],
    rivals: [],
  };
}
