import type { Transaction } from '#kernel/command';
import { userError, type UserError } from '#kernel/errors';
import { formatMoney, money } from '#kernel/money';
import { findGap, type ChainLink } from './statement-chain.ts';

/** By this path a problem is known as one of the chain, which the missing statement puts right. */
export const gapPath: readonly string[] = ['chain'];

/** Whether a statement with a problem of this code is held back. */
export function holdsBack(code: string): boolean {
  return ['STATEMENT_UNBALANCED', 'CURRENCY_MISMATCH', 'STATEMENT_GAP', 'STATEMENT_OVERLAP'].includes(code);
}

/** One link of an account's chain as it is stored. */
export interface StoredLink extends ChainLink {
  readonly id: string;
  readonly status: string;
  /** The first day it covers, which may be before that of its first line. */
  readonly from?: string | undefined;
}

/** All statements of an account as links of its chain. */
export async function loadChain(transaction: Transaction, bankAccountId: string): Promise<StoredLink[]> {
  const rows = await transaction.query<{
    id: string;
    status: string;
    covers_from: string | null;
    starts_on: string | null;
    ends_on: string | null;
    opening_minor: bigint | null;
    closing_minor: bigint | null;
  }>(
    `select id, status, starts_on as covers_from, coalesce(first_booked_on, starts_on) as starts_on, ends_on,
            opening_minor, closing_minor
       from reconciliation.bank_statement where bank_account_id = $1`,
    [bankAccountId],
  );
  return rows.map((row) => ({
    id: row.id,
    status: row.status,
    from: row.covers_from ?? undefined,
    startsOn: row.starts_on ?? undefined,
    endsOn: row.ends_on ?? undefined,
    opening: row.opening_minor ?? undefined,
    closing: row.closing_minor ?? undefined,
  }));
}

/** What does not join on to the statement before, for people; undefined where nothing is missing. */
export function gapProblem(
  link: ChainLink,
  chain: readonly StoredLink[],
  currency: string,
): UserError | undefined {
  const gap = findGap(link, chain);
  if (!gap) return undefined;
  const spell = (minor: bigint) => formatMoney(money(minor, currency));
  return userError(
    'STATEMENT_GAP',
    `The statement opens at ${spell(gap.opening)} ${currency}; the one before it closed at ` +
      `${spell(gap.closing)} on ${gap.endsOn}. A statement between them is missing.`,
    gapPath,
  );
}
