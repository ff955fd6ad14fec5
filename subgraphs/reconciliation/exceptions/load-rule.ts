import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { lockBook } from '../lock-book.ts';
import type { NewRule } from './store-rule.ts';

interface RuleRow {
  readonly name: string;
  readonly key: string;
  readonly currency: string;
  readonly account_code: string;
  readonly memo: string | null;
  readonly up_to_minor: bigint;
  readonly tested_right: number;
  readonly tested_wrong: number;
  readonly tested_none: number;
  readonly retired_at: Date | null;
}

/** Loads a rule in force under the lock of its book; throws NOT_FOUND, and STATE_CONFLICT for one that is retired. */
export async function lockRule(
  transaction: Transaction,
  bookingRuleId: string,
): Promise<NewRule & { readonly bookId: string }> {
  const missing = `There is no booking rule ${bookingRuleId}`;
  const { book_id: bookId } = await transaction.require<{ book_id: string }>(
    missing,
    'select book_id from reconciliation.booking_rule where id = $1',
    [bookingRuleId],
  );
  await lockBook(transaction, bookId);
  const row = await transaction.require<RuleRow>(
    missing,
    `select name, key, currency, account_code, memo, up_to_minor, tested_right, tested_wrong, tested_none, retired_at
       from reconciliation.booking_rule where id = $1`,
    [bookingRuleId],
  );
  if (row.retired_at)
    throw new CrossfootError('STATE_CONFLICT', `The booking rule ${bookingRuleId} is retired already`);
  return {
    bookId,
    name: row.name,
    key: row.key,
    currency: row.currency,
    accountCode: row.account_code,
    memo: row.memo ?? undefined,
    upToMinor: row.up_to_minor,
    backTest: { right: row.tested_right, wrong: row.tested_wrong, none: row.tested_none },
  };
}
