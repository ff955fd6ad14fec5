import type { Transaction } from '#kernel/command';
import type { WireMoney } from '#kernel/events';
import { fromWire } from '#kernel/wire-money';
import type { PolicyLevel } from './policy-rule.ts';

/** A level as it is stored: amounts as text, because JSON has no bigint. */
export interface StoredLevel {
  readonly level: number;
  readonly above: readonly WireMoney[];
}

/** The policy a book follows now. */
export interface PolicyInForce {
  readonly id: string;
  readonly levels: PolicyLevel[];
  readonly fourEyes: boolean;
  readonly dueHours: number;
}

/** Reads the policy of a book, or undefined where none was set. */
export async function policyInForce(
  transaction: Transaction,
  bookId: string,
): Promise<PolicyInForce | undefined> {
  const row = await transaction.maybe<{
    id: string;
    levels: StoredLevel[];
    four_eyes: boolean;
    due_hours: number;
  }>('select id, levels, four_eyes, due_hours from approvals.approval_policy where book_id = $1 and active', [
    bookId,
  ]);
  return (
    row && { id: row.id, levels: row.levels.map(levelOf), fourEyes: row.four_eyes, dueHours: row.due_hours }
  );
}

const dueHoursWithoutPolicy = 48;

/** When a request that is made now should be decided. */
export function dueAt(now: Date, policy: PolicyInForce | undefined): Date {
  return new Date(now.getTime() + (policy?.dueHours ?? dueHoursWithoutPolicy) * 3_600_000);
}

/** Brings a stored level back to money. */
export function levelOf(stored: StoredLevel): PolicyLevel {
  return {
    level: stored.level,
    above: stored.above.map(fromWire),
  };
}
