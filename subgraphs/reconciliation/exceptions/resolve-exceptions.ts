import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError, userError } from '#kernel/errors';
import { id, oneOf, text } from '#kernel/input';
import { lockOpenException } from './apply-resolution.ts';
import { applyProposal } from './carry-out-proposal.ts';
import { closeException } from './close-exception.ts';
import { loadProposalsOf } from './load-proposals.ts';
import type { ResolutionProposal } from './propose-resolutions.ts';

/** What can be done with many at once: each has its own booking, match or words. */
const bulkKinds = ['BOOK', 'MATCH', 'SPLIT', 'RESOLVE', 'RELEASE'] as const;

/** Closes many exceptions at once, with the same words or each by what it proposes; what cannot be closed is reported. */
export const resolveExceptions = command({
  name: 'resolveExceptions',
  description:
    'Closes many exceptions at once, with the same words or each by the first proposal of a kind; those that cannot be closed are reported, the rest goes on.',
  scope: 'reconciliation:write',
  input: z
    .object({
      exceptionIds: z.array(id()).min(1).max(500),
      resolution: text(1000).optional().meta({ description: 'What was done about all of them.' }),
      apply: oneOf('BulkResolutionKind', bulkKinds)
        .optional()
        .meta({ description: 'Instead: carry out the first proposal of this kind of each.' }),
    })
    .refine((input) => (input.resolution === undefined) !== (input.apply === undefined), {
      message: 'give either resolution or apply',
    }),
  async run(transaction, { exceptionIds, resolution, apply }) {
    const resolved: string[] = [];
    const proposals = apply ? await loadProposalsOf(transaction, exceptionIds) : undefined;
    for (const [at, exceptionId] of exceptionIds.entries()) {
      if (exceptionIds.indexOf(exceptionId) < at) continue;
      try {
        if (resolution !== undefined) await closeException(transaction, exceptionId, resolution);
        else await applyFirst(transaction, exceptionId, proposals?.get(exceptionId)?.find(isOf(apply)));
        resolved.push(exceptionId);
      } catch (error) {
        if (!(error instanceof CrossfootError)) throw error;
        const path = ['exceptionIds', at.toString()];
        transaction.report(userError(error.code, `${exceptionId}: ${error.message}`, path));
      }
    }
    return { exceptionIds: resolved };
  },
});

async function applyFirst(
  transaction: Transaction,
  exceptionId: string,
  proposal: ResolutionProposal | undefined,
): Promise<void> {
  const exception = await lockOpenException(transaction, exceptionId);
  if (!proposal) throw new CrossfootError('STATE_CONFLICT', 'The exception proposes nothing of this kind');
  await applyProposal(transaction, { ...exception, id: exceptionId }, proposal);
}

function isOf(kind: string | undefined): (proposal: ResolutionProposal) => boolean {
  return (proposal) => proposal.kind === kind;
}
