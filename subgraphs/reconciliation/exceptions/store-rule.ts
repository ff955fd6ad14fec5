import type { Transaction } from '#kernel/command';
import { newId } from '#kernel/ids';
import type { BackTest } from './back-test.ts';
import { deciderOf } from './close-exception.ts';

/** A booking rule as it is to be kept. */
export interface NewRule {
  readonly name: string;
  readonly key: string;
  readonly currency: string;
  readonly accountCode: string;
  readonly memo: string | undefined;
  readonly upToMinor: bigint;
  readonly backTest: BackTest;
}

/** Stores a rule as the next version of its key, retires the one in force, if any, and answers the new one's id. */
export async function storeRule(transaction: Transaction, bookId: string, rule: NewRule): Promise<string> {
  const { key, currency, accountCode, upToMinor, backTest } = rule;
  await transaction.query(
    `update reconciliation.booking_rule set retired_at = $4, retired_by = $5
      where book_id = $1 and key = $2 and currency = $3 and retired_at is null`,
    [bookId, key, currency, transaction.now, deciderOf(transaction)],
  );
  const before = await transaction.maybe<{ id: string; version: number }>(
    `select id, version from reconciliation.booking_rule
      where book_id = $1 and key = $2 and currency = $3 order by version desc limit 1`,
    [bookId, key, currency],
  );
  const bookingRuleId = newId('brl');
  await transaction.insert('reconciliation.booking_rule', {
    id: bookingRuleId,
    book_id: bookId,
    name: rule.name,
    key,
    version: (before?.version ?? 0) + 1,
    replaces_id: before?.id ?? null,
    account_code: accountCode,
    memo: rule.memo ?? null,
    up_to_minor: upToMinor,
    currency,
    tested_right: backTest.right,
    tested_wrong: backTest.wrong,
    tested_none: backTest.none,
    accepted_by: deciderOf(transaction),
    accepted_at: transaction.now,
  });
  transaction.emit({
    type: 'bookingRule.accepted',
    subjectId: bookingRuleId,
    bookId,
    facts: { accountCode, version: (before?.version ?? 0) + 1 },
  });
  transaction.audit({
    subjectType: 'BookingRule',
    subjectId: bookingRuleId,
    before: before ? { bookingRuleId: before.id, version: before.version } : undefined,
    after: { key, accountCode, memo: rule.memo, upTo: upToMinor.toString(), currency, backTest },
  });
  return bookingRuleId;
}
