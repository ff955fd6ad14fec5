import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { date, id, text } from '#kernel/input';
import { applyProposal } from './carry-out-proposal.ts';
import { lockException, type LockedException } from './load-exception.ts';
import { loadProposals } from './load-proposals.ts';
import type { ResolutionProposal } from './propose-resolutions.ts';

/** Carries out one of the ways out that an exception proposes; what the caller says goes before what was proposed. */
export const applyResolution = command({
  name: 'applyResolution',
  description: 'Carries out one of the proposed resolutions of an exception, as it stands or changed.',
  scope: 'reconciliation:write',
  input: z.object({
    exceptionId: id(),
    proposalId: text(400).meta({ description: 'The id of the proposal, as the exception shows it.' }),
    accountCode: text(20).optional().meta({ description: 'Another account than proposed.' }),
    memo: text(500).optional().meta({ description: 'Another memo than proposed.' }),
    message: text(4000).optional().meta({ description: 'What was asked, when it differs from the draft.' }),
    followUpOn: date().optional().meta({ description: 'Another day on which to come back to it.' }),
  }),
  async run(transaction, { exceptionId, proposalId, ...changes }) {
    const exception = await lockOpenException(transaction, exceptionId);
    const proposals = await loadProposals(transaction, exceptionId);
    const proposal = proposals.find((one) => one.id === proposalId);
    if (!proposal) {
      const message = `The exception does not propose ${proposalId}; the books may have changed`;
      throw new CrossfootError('STATE_CONFLICT', message, { path: ['proposalId'] });
    }
    await applyProposal(transaction, { ...exception, id: exceptionId }, { ...proposal, ...given(changes) });
    return { exceptionId };
  },
});

/** An exception that is still open; throws NOT_FOUND and STATE_CONFLICT. */
export async function lockOpenException(
  transaction: Transaction,
  exceptionId: string,
): Promise<LockedException> {
  const exception = await lockException(transaction, exceptionId);
  if (exception.status === 'OPEN') return exception;
  throw new CrossfootError('STATE_CONFLICT', `The exception is ${exception.status.toLowerCase()} already`);
}

type Changes = Pick<ResolutionProposal, 'accountCode' | 'memo' | 'message' | 'followUpOn'>;

/** What the caller has said, without what was left out. */
function given(changes: Changes): Changes {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}
