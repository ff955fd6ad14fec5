import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id, text } from '#kernel/input';
import { lockBook } from '../lock-book.ts';
import type { RuleProposal } from './find-recurrence.ts';
import { loadHistory } from './load-history.ts';
import { storeRule } from './store-rule.ts';

/** Makes a proposed rule one that every later run applies. */
export const acceptRuleProposal = command({
  name: 'acceptRuleProposal',
  description: 'Makes a proposed booking rule one that every later run applies; open lines are run at once.',
  scope: 'reconciliation:write',
  input: z.object({
    bookId: id(),
    proposalId: id(),
    name: text().optional().meta({ description: 'What the rule is called; as proposed when left out.' }),
    memo: text(500).optional().meta({ description: 'The memo of its bookings.' }),
  }),
  async run(transaction, { bookId, proposalId, name, memo }) {
    await lockBook(transaction, bookId);
    const bookingRuleId = await acceptProposal(transaction, bookId, { proposalId, name, memo });
    return { bookingRuleId };
  },
});

/** Stores the rule of a proposal that still stands; answers its id. Throws STATE_CONFLICT. */
export async function acceptProposal(
  transaction: Transaction,
  bookId: string,
  {
    proposalId,
    name,
    memo,
  }: { readonly proposalId: string; readonly name?: string | undefined; readonly memo?: string | undefined },
): Promise<string> {
  const proposal = await requireProposal(transaction, bookId, proposalId);
  return storeRule(transaction, bookId, {
    ...proposal,
    name: name ?? proposal.name,
    memo: memo ?? proposal.memo,
  });
}

/** A proposal as it stands now; throws STATE_CONFLICT when past decisions do not suggest it (any more). */
export async function requireProposal(
  transaction: Transaction,
  bookId: string,
  proposalId: string,
): Promise<RuleProposal> {
  const history = await loadHistory((sql, values) => transaction.query(sql, values), bookId);
  const proposal = history.proposals.find((one) => one.id === proposalId);
  if (proposal) return proposal;
  const message = `What was decided in the book does not suggest the rule ${proposalId}`;
  throw new CrossfootError('STATE_CONFLICT', message, { path: ['proposalId'] });
}
