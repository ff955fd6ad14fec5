import { on, type Handlers } from '#kernel/subgraph';
import { cancelApproval } from './cancel-approval.ts';
import { followConfigurationFreeze } from './follow-configuration-freeze.ts';
import { renewApproval } from './renew-approval.ts';
import { requestApproval } from './request-approval.ts';

/** What approvals do when something happens elsewhere. */
export const handlers: Handlers = {
  'draft.created': [
    on(requestApproval, ({ subjectId, bookId, facts }) => ({
      draftId: subjectId,
      bookId: bookId ?? '',
      draftVersion: facts.draftVersion,
      total: facts.total,
      summary: facts.summary,
      submittedBy: facts.submittedBy,
      correctedBy: facts.correctedBy,
      confidence: facts.confidence,
    })),
  ],
  'draft.changed': [
    on(renewApproval, ({ subjectId, bookId, facts }) => ({
      draftId: subjectId,
      bookId: bookId ?? '',
      draftVersion: facts.draftVersion,
      total: facts.total,
      summary: facts.summary,
      changedBy: facts.changedBy,
    })),
  ],
  'configurationFreeze.changed': [
    on(followConfigurationFreeze, ({ subjectId, facts }) => ({ bookId: subjectId, ...facts })),
  ],
  'draft.rejected': [on(cancelApproval, ({ subjectId }) => ({ draftId: subjectId }))],
};
