import { add, money, subtract, type Money } from '#kernel/money';

/** A member of a payout as it is to be settled. */
export interface SettledMember {
  readonly kind: string;
  readonly gross: Money;
  readonly fee: Money;
  readonly fees: readonly { readonly kind: string; readonly amount: Money }[];
  /** What the customer paid in another currency. */
  readonly original?: Money;
  readonly openItemId?: string;
}

/** A part of a payout that settles no open item: what it is, signed like the payout, and how many members it sums up. */
export interface PayoutPart {
  readonly kind: string;
  readonly amount: Money;
  readonly count: number;
}

/** What a payout settles: of each item how much, and what is left by kind. Both add up to the payout. */
export interface PayoutSettlement {
  readonly items: readonly { readonly id: string; readonly applied: Money }[];
  readonly parts: readonly PayoutPart[];
}

/**
 * Splits a payout: a member that pays an open item settles as much of it as is open, all else is summed up by kind, fees
 * and the tax on them by themselves. Exchanged money is left out, because it is what the currencies leave of each other.
 */
export function splitPayout(
  members: readonly SettledMember[],
  open: ReadonlyMap<string, Money>,
): PayoutSettlement {
  const left = new Map(open);
  const applied = new Map<string, Money>();
  const parts = new Map<string, { kind: string; amount: Money; count: number }>();
  const put = (kind: string, amount: Money): void => {
    if (amount.minor === 0n) return;
    const key = `${kind} ${amount.currency}`;
    const known = parts.get(key);
    parts.set(key, {
      kind,
      amount: known ? add(known.amount, amount) : amount,
      count: (known?.count ?? 0) + 1,
    });
  };
  for (const member of members) {
    if (member.kind === 'CONVERSION') continue;
    putFees(member, put);
    const rest = member.openItemId === undefined ? undefined : left.get(member.openItemId);
    const taken = rest && takenOf(member, rest);
    if (member.openItemId === undefined || !rest || !taken) {
      put(member.kind, member.gross);
      continue;
    }
    left.set(member.openItemId, subtract(rest, taken.applied));
    const before = applied.get(member.openItemId);
    applied.set(member.openItemId, before ? add(before, taken.applied) : taken.applied);
    put(member.kind, taken.beyond);
  }
  return {
    items: [...applied].map(([id, amount]) => ({ id, applied: amount })),
    parts: [...parts.values()].filter(({ amount }) => amount.minor !== 0n),
  };
}

/** What a report does not tell apart of a fee is a fee. */
function putFees({ fee, fees }: SettledMember, put: (kind: string, amount: Money) => void): void {
  for (const part of fees) put(part.kind, part.amount);
  const told = fees.reduce((sum, part) => add(sum, part.amount), money(0n, fee.currency));
  put('FEE', subtract(fee, told));
}

/** As much of the item as the member pays; undefined when it pays nothing of it. */
function takenOf(
  { gross, original }: SettledMember,
  rest: Money,
): { applied: Money; beyond: Money } | undefined {
  if (rest.minor === 0n) return undefined;
  if (gross.currency === rest.currency) {
    if (gross.minor > 0n !== rest.minor > 0n) return undefined;
    const applied = size(gross) > size(rest) ? rest : gross;
    return { applied, beyond: subtract(gross, applied) };
  }
  // An item in the customer's currency is settled as a whole or not at all: what part of the money it was is not known.
  const whole = original?.currency === rest.currency && original.minor === rest.minor;
  return whole ? { applied: rest, beyond: money(0n, gross.currency) } : undefined;
}

function size({ minor }: Money): bigint {
  return minor < 0n ? -minor : minor;
}
