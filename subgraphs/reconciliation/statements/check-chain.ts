import type { Transaction } from '#kernel/command';
import { formatMoney, money } from '#kernel/money';
import { raiseExceptions, resolveExceptionOfStatement, type Raised } from '../raise-exceptions.ts';
import { loadChain, type StoredLink } from './load-chain.ts';
import { findGap } from './statement-chain.ts';

/**
 * Looks at the statements that are in use and follow the new ones: a gap that an older statement has brought to light is
 * told, one that is closed ends. Their lines stay in use, for they may be matched already.
 */
export async function checkChain(
  transaction: Transaction,
  account: { readonly bookId: string; readonly bankAccountId: string; readonly currency: string },
  statementIds: readonly string[],
): Promise<void> {
  const { bookId, bankAccountId, currency } = account;
  const chain = await loadChain(transaction, bankAccountId);
  const told = await transaction.query<{ statement_id: string }>(
    `select e.statement_id from reconciliation.exception e
       join reconciliation.bank_statement s on s.id = e.statement_id
      where s.bank_account_id = $1 and s.status = 'IMPORTED' and e.reason = 'STATEMENT_GAP' and e.status = 'OPEN'`,
    [bankAccountId],
  );
  const open = new Set(told.map((row) => row.statement_id));
  const followers = followersOf(chain, new Set(statementIds));
  const raised: Raised[] = [];
  for (const link of chain) {
    if (link.status !== 'IMPORTED' || !(open.has(link.id) || followers.has(link.id))) continue;
    const gap = findGap(
      link,
      chain.filter((other) => other.id !== link.id),
    );
    if (!gap && open.has(link.id)) {
      const resolution = 'The missing statement has been imported.';
      await resolveExceptionOfStatement(transaction, bookId, { statementId: link.id, resolution });
    }
    if (!gap) continue;
    const spell = (minor: bigint): string => `${formatMoney(money(minor, currency))} ${currency}`;
    raised.push({
      statementId: link.id,
      reason: 'STATEMENT_GAP',
      detail:
        `The statement of ${link.startsOn} opens at ${spell(gap.opening)}; the one before it closed at ` +
        `${spell(gap.closing)} on ${gap.endsOn}. A statement between them is missing. Its lines are in use.`,
      amount: money(gap.opening - gap.closing, currency),
      evidence: { difference: { minor: String(gap.opening - gap.closing), currency } },
    });
  }
  await raiseExceptions(transaction, bookId, raised);
}

/** The statements that begin next after each of the new ones. */
function followersOf(chain: readonly StoredLink[], fresh: ReadonlySet<string>): Set<string> {
  const followers = new Set<string>();
  for (const { id, endsOn } of chain) {
    if (!fresh.has(id) || endsOn === undefined) continue;
    const later = chain.filter(({ startsOn }) => startsOn !== undefined && startsOn > endsOn);
    const first = later.map(({ startsOn }) => startsOn ?? '').toSorted()[0];
    for (const link of later) if (link.startsOn === first) followers.add(link.id);
  }
  return followers;
}
