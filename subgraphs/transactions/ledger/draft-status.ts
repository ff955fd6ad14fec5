import { CrossfootError } from '#kernel/errors';

/** Where a draft stands. */
export const draftStatuses = ['PENDING_APPROVAL', 'APPROVED', 'POSTED', 'REJECTED'] as const;

/** One state of a draft. */
export type DraftStatus = (typeof draftStatuses)[number];

/** The state machine of a draft: from each state to which others. APPROVED waits for a posting the books refused, or for a change. */
export const draftSteps: Readonly<Record<DraftStatus, readonly DraftStatus[]>> = {
  PENDING_APPROVAL: ['APPROVED', 'POSTED', 'REJECTED'],
  APPROVED: ['PENDING_APPROVAL', 'POSTED', 'REJECTED'],
  POSTED: [],
  REJECTED: [],
};

/** Answers the next state; throws STATE_CONFLICT for a step the state machine does not have. */
export function advance(id: string, from: DraftStatus, to: DraftStatus): DraftStatus {
  if (draftSteps[from].includes(to)) return to;
  throw new CrossfootError('STATE_CONFLICT', `Draft ${id} is ${from} and cannot become ${to}`, {
    path: ['draftId'],
  });
}
