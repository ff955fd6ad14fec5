import type { Transaction } from '#kernel/command';
import type { Ask } from '../matches/find-concerned.ts';
import { loadHistory } from './load-history.ts';
import { loadSituations } from './load-situations.ts';
import { proposeResolutions, type ResolutionProposal } from './propose-resolutions.ts';

/** The ways out of one exception, as a command finds them. */
export async function loadProposals(
  transaction: Transaction,
  exceptionId: string,
): Promise<ResolutionProposal[]> {
  const found = await loadProposalsOf(transaction, [exceptionId]);
  return found.get(exceptionId) ?? [];
}

/** The ways out of exceptions by their ids; none for those that are not open. */
export async function loadProposalsOf(
  transaction: Transaction,
  exceptionIds: readonly string[],
): Promise<Map<string, ResolutionProposal[]>> {
  const ask: Ask = (sql, values) => transaction.query(sql, values);
  const loaded = await loadSituations(ask, exceptionIds, {
    now: transaction.now,
    historyOf: (bookId) => loadHistory(ask, bookId),
  });
  return new Map(
    [...loaded].map(([id, { open, situation }]) => [id, open ? proposeResolutions(situation) : []]),
  );
}
