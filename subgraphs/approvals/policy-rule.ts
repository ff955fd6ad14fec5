import type { Money } from '#kernel/money';
import { absolute, formatMoney } from '#kernel/money';

/** A level of approval and the amounts, one for each currency, above which it must decide. */
export interface PolicyLevel {
  readonly level: number;
  readonly above: readonly Money[];
}

/** What is to be approved, as far as the policy looks at it. */
export interface PolicySubject {
  readonly total: Money;
  /** How sure the draft is, in basis points from 0 to 10000. */
  readonly confidence: number;
}

/** How many levels must decide, and why, in a sentence. */
export interface PolicyVerdict {
  readonly levels: number;
  readonly reason: string;
}

/** A draft less sure than this is looked at by a person however small it is. */
const sureEnough = 6_000;

/**
 * How many levels must approve. Without a policy one level must, always. A currency for which the policy names no
 * amount cannot be weighed, so every level must.
 */
export function requiredLevels(
  policy: readonly PolicyLevel[] | undefined,
  subject: PolicySubject,
): PolicyVerdict {
  if (!policy)
    return { levels: 1, reason: 'No approval policy is set for this book, so somebody must approve.' };
  const levels = policy.toSorted((a, b) => a.level - b.level);
  const size = absolute(subject.total).minor;
  let needed = 0;
  let reason = '';
  for (const { level, above } of levels) {
    const bound = above.find((money) => money.currency === subject.total.currency);
    if (!bound) {
      return {
        levels: levels.length,
        reason: `The policy names no amount in ${subject.total.currency}, so every level must approve.`,
      };
    }
    if (size > bound.minor) {
      needed = level;
      reason = `${formatMoney(subject.total)} ${subject.total.currency} is above ${formatMoney(bound)}, from where level ${level} must approve.`;
    }
  }
  if (needed > 0) return { levels: needed, reason };
  if (subject.confidence < sureEnough) {
    return {
      levels: 1,
      reason: `The booking is only ${Math.floor(subject.confidence / 100)} % sure, so somebody should look at it.`,
    };
  }
  return { levels: 0, reason: 'Within the amount that is approved by policy.' };
}
