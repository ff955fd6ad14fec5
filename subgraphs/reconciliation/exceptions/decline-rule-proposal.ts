import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { deciderOf } from './close-exception.ts';
import { requireProposal } from './accept-rule-proposal.ts';
import { lockBook } from '../lock-book.ts';

/** Says that a proposed rule is not wanted; it is not proposed again. */
export const declineRuleProposal = command({
  name: 'declineRuleProposal',
  description: 'Says that a proposed booking rule is not wanted; it is not proposed again.',
  scope: 'reconciliation:write',
  input: z.object({ bookId: id(), proposalId: id() }),
  async run(transaction, { bookId, proposalId }) {
    await lockBook(transaction, bookId);
    const { key, accountCode } = await requireProposal(transaction, bookId, proposalId);
    await transaction.insert('reconciliation.declined_rule_proposal', {
      book_id: bookId,
      proposal_id: proposalId,
      declined_by: deciderOf(transaction),
      declined_at: transaction.now,
    });
    transaction.audit({
      subjectType: 'RuleProposal',
      subjectId: proposalId,
      after: { declined: true, key, accountCode },
    });
    return { bookId, proposalId };
  },
});
