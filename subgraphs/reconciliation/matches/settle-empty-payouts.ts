import type { Transaction } from '#kernel/command';
import { money } from '#kernel/money';
import { loadMembers, type OpenPayout } from './load-payouts.ts';
import { payoutMatch } from './payout-match.ts';
import { settleMatches } from './settle-matches.ts';
import { loadProcessorAccounts, storePayoutMatch } from './store-payout-match.ts';
import { tiePayoutMembers } from './tie-payout-members.ts';

interface EmptyPayout {
  readonly id: string;
  readonly provider: string;
  readonly reference: string;
  readonly currency: string;
  readonly bank_account_id: string;
}

const mostAtOnce = 200;

/**
 * Settles payouts whose members come to nothing: sales, refunds and fees that make up for each other, or that the
 * provider carries over to the next one. No bank line will bring them, so each is a match without lines; what is no open
 * item goes to the same accounts as of any payout. One that a person has taken back is left alone.
 */
export async function settleEmptyPayouts(
  transaction: Transaction,
  bookId: string,
  { automatic }: { automatic: boolean },
): Promise<{ accepted: number; suggested: number }> {
  const payouts = await emptyPayouts(transaction, bookId);
  if (payouts.length === 0) return { accepted: 0, suggested: 0 };
  const ids = payouts.map(({ id }) => id);
  await tiePayoutMembers(transaction, bookId, ids);
  const accounts = await loadProcessorAccounts(transaction, bookId);
  const stored: string[] = [];
  for (const payout of payouts) {
    // What one of them takes of an item, the next one does not find any more.
    const { members, open } = await loadMembers(transaction, [payout.id]);
    const match = payoutMatch(asOpen(payout), { lines: [], members: members.get(payout.id) ?? [], open });
    if (match.settlement.items.length + match.settlement.parts.length === 0) continue;
    const matchId = await storePayoutMatch(transaction, bookId, {
      match: { ...match, bankAccountId: payout.bank_account_id, automatic },
      accounts,
    });
    stored.push(matchId);
    if (automatic) await settleMatches(transaction, bookId, [matchId]);
    else transaction.emit({ type: 'match.suggested', subjectId: matchId, bookId, facts: {} });
  }
  return automatic ? { accepted: stored.length, suggested: 0 } : { accepted: 0, suggested: stored.length };
}

/** Those no match has been made for, with the account that payouts of their provider come to, or any of the book. */
function emptyPayouts(transaction: Transaction, bookId: string): Promise<EmptyPayout[]> {
  return transaction.query<EmptyPayout>(
    `select p.id, p.provider, p.reference, p.currency, b.id as bank_account_id
       from reconciliation.payout p
       join lateral (
         select a.id from reconciliation.bank_account a
          where a.book_id = p.book_id
          order by exists (select 1 from reconciliation.match s join reconciliation.payout o on o.id = s.payout_id
                            where s.bank_account_id = a.id and o.provider = p.provider) desc,
                   a.currency = p.currency desc, a.id
          limit 1) b on true
      where p.book_id = $1 and p.minor = 0 and p.complete and not p.failed and p.member_count > 0
        and not exists (select 1 from reconciliation.match m where m.payout_id = p.id)
      order by p.id limit $2`,
    [bookId, mostAtOnce],
  );
}

function asOpen({ id, provider, reference, currency }: EmptyPayout): OpenPayout {
  return { id, provider, reference, amount: money(0n, currency), keys: [], complete: true };
}
