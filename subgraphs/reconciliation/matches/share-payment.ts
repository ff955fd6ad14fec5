import { CrossfootError } from '#kernel/errors';
import { add, compare, formatMoney, money, negate, subtract, type Money } from '#kernel/money';

/** An amount a payment is to be shared among. */
export interface OpenAmount {
  readonly id: string;
  readonly open: Money;
}

/**
 * Shares a payment among the items it was chosen for. Items in full must add up to it; where it is less, the last item
 * named is paid in part. Throws AMOUNTS_DIFFER, and CURRENCY_MISMATCH for several currencies.
 */
export function sharePayment(paid: Money, items: readonly OpenAmount[]): { id: string; applied: Money }[] {
  const total = items
    .map((item) => item.open)
    .reduce((sum, open) => add(sum, open), money(0n, paid.currency));
  const missing = subtract(total, paid);
  const shares = items.map((item) => ({ id: item.id, applied: item.open }));
  if (missing.minor === 0n) return shares;
  const last = shares.at(-1);
  const rest = last && subtract(last.applied, missing);
  if (last && rest && within(rest, last.applied)) return [...shares.slice(0, -1), { ...last, applied: rest }];
  throw new CrossfootError(
    'AMOUNTS_DIFFER',
    `The lines come to ${formatMoney(paid)} and the items to ${formatMoney(total)} ${paid.currency}`,
    { path: ['openItemIds'] },
  );
}

/** Something of the item is paid, and less than all of it. */
function within(part: Money, whole: Money): boolean {
  const [small, large] = whole.minor < 0n ? [negate(part), negate(whole)] : [part, whole];
  return small.minor > 0n && compare(small, large) < 0;
}
