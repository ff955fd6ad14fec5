import { keysOf, type KeyedLine } from './line-keys.ts';

/** A rule in force, as it is held against lines. */
export interface BookingRuleInForce {
  readonly id: string;
  readonly name: string;
  readonly key: string;
  readonly currency: string;
  readonly accountCode: string;
  readonly memo?: string;
  /** The greatest amount, without its sign, that it books. */
  readonly upToMinor: bigint;
}

/** Rules by what they are looked up by. */
export type BookingRules = ReadonlyMap<string, BookingRuleInForce>;

/** Makes rules ready to be held against many lines. */
export function indexRules(rules: readonly BookingRuleInForce[]): BookingRules {
  return new Map(rules.map((rule) => [`${rule.currency} ${rule.key}`, rule]));
}

/**
 * The rule for a line: the narrowest one that fits. Where its amount is beyond what that rule books, no wider rule
 * steps in: a person decides.
 */
export function chooseBookingRule(
  rules: BookingRules,
  line: KeyedLine & { readonly currency: string },
): BookingRuleInForce | undefined {
  for (const key of keysOf(line)) {
    const rule = rules.get(`${line.currency} ${key}`);
    if (rule) return books(rule, line.minor) ? rule : undefined;
  }
  return undefined;
}

function books(rule: BookingRuleInForce, minor: bigint): boolean {
  const size = minor < 0n ? -minor : minor;
  return size > 0n && size <= rule.upToMinor;
}
