import { CrossfootError } from '#kernel/errors';
import { add, compare, formatMoney, money, negate, subtract, type Money } from '#kernel/money';

/** An amount a payment is to be shared among. */
export interface OpenAmount {
  readonly id: string;
  readonly open: Money;
  /** What a person says is paid of it; all of it, or what is left of the payment, where nothing is said. */
  readonly chosen?: Money | undefined;
}

/** How a payment is shared, and what lines and items then differ by. */
export interface SharedPayment {
  readonly items: readonly { readonly id: string; readonly applied: Money }[];
  readonly difference?: Money;
}

/**
 * Shares a payment among the items it was chosen for. Amounts a person has said stand; the others are paid in full and
 * must add up to it, or the last of them is paid in part. With an account for the difference they need not add up; items
 * in another currency never do, and need their amounts said. Throws AMOUNTS_DIFFER, FIELD_INVALID and CURRENCY_MISMATCH.
 */
export function sharePayment(
  paid: Money,
  items: readonly OpenAmount[],
  { withDifference = false }: { withDifference?: boolean } = {},
): SharedPayment {
  for (const { chosen, open, id } of items) if (chosen) refuseBeyond(chosen, open, id);
  const shares = items.map((item) => ({ id: item.id, applied: item.chosen ?? item.open }));
  const exchanged = items.every(({ open, chosen }) => chosen && open.currency !== paid.currency);
  if (items.length > 0 && exchanged) return { items: shares };
  const total = shares.reduce((sum, { applied }) => add(sum, applied), money(0n, paid.currency));
  const missing = subtract(total, paid);
  if (missing.minor === 0n) return { items: shares };
  if (withDifference) return { items: shares, difference: negate(missing) };
  const last = shares.at(-1);
  const rest = last && subtract(last.applied, missing);
  if (last && rest && !items.at(-1)?.chosen && within(rest, last.applied))
    return { items: [...shares.slice(0, -1), { ...last, applied: rest }] };
  throw new CrossfootError(
    'AMOUNTS_DIFFER',
    `The lines come to ${formatMoney(paid)} and the items to ${formatMoney(total)} ${paid.currency}`,
    { path: ['openItemIds'] },
  );
}

function refuseBeyond(chosen: Money, open: Money, id: string): void {
  if (chosen.currency === open.currency && (chosen.minor === open.minor || within(chosen, open))) return;
  throw new CrossfootError(
    'FIELD_INVALID',
    `Of ${id} ${formatMoney(open)} ${open.currency} are open; ${formatMoney(chosen)} ${chosen.currency} is no part of that`,
    { path: ['applied'] },
  );
}

/** Something of the item is paid, and less than all of it. */
function within(part: Money, whole: Money): boolean {
  const [small, large] = whole.minor < 0n ? [negate(part), negate(whole)] : [part, whole];
  return small.minor > 0n && compare(small, large) < 0;
}
