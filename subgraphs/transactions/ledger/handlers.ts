import { addDays } from '#kernel/calendar';
import { on, type Handlers } from '#kernel/subgraph';
import { daysBack } from '../rates/rate-for.ts';
import { compareBankFacts, keepSyncFacts, markForValidation } from './cross-foot-bank.ts';
import { draftJournalEntry } from './draft-journal-entry.ts';
import { installChartOfAccounts } from './install-chart-of-accounts.ts';
import { postDraft } from './post-draft.ts';
import { postMatch } from './post-match.ts';
import { postStatementLine } from './post-statement-line.ts';
import { postWaitingDrafts } from './post-waiting-drafts.ts';
import { rejectDraft } from './reject-draft.ts';
import { stateAccountPostings } from './state-account-postings.ts';
import { undoMatchPosting } from './undo-match-posting.ts';

/** What the ledger does when something happened. */
export const ledgerHandlers: Handlers = {
  'book.opened': [on(installChartOfAccounts, ({ subjectId }) => ({ bookId: subjectId }))],
  'documentVendor.identified': [
    on(draftJournalEntry, ({ subjectId, facts }) => ({
      documentId: subjectId,
      vendorId: facts.vendorId,
      vendorName: facts.vendorName,
      proposed: facts.proposed,
      defaultAccountCode: facts.defaultAccountCode,
    })),
  ],
  'approvalRequest.approved': [
    on(postDraft, ({ facts }) => ({
      draftId: facts.draftId,
      draftVersion: facts.draftVersion,
      approvedBy: facts.approvedBy,
    })),
  ],
  'approvalRequest.rejected': [
    on(rejectDraft, ({ facts }) => ({ draftId: facts.draftId, comment: facts.comment })),
  ],
  'period.changed': [
    on(postWaitingDrafts, ({ bookId = '', facts }) =>
      facts.status === 'OPEN' ? { bookId, startsOn: facts.startsOn, endsOn: facts.endsOn } : undefined,
    ),
  ],
  'exchangeRates.changed': [
    // A rate also serves the days after it, on which banks rest.
    on(postWaitingDrafts, ({ bookId, facts }) => ({
      bookId,
      startsOn: facts.from,
      endsOn: addDays(facts.to, daysBack),
      refusedFor: 'RATE_MISSING' as const,
    })),
  ],
  'match.accepted': [
    on(postMatch, ({ subjectId, bookId = '', facts }) => ({
      ...facts,
      matchId: subjectId,
      bookId,
      lines: [...facts.lines],
      items: [...facts.items],
      differences: facts.differences && [...facts.differences],
    })),
  ],
  'match.undone': [on(undoMatchPosting, ({ subjectId, bookId = '' }) => ({ matchId: subjectId, bookId }))],
  'statementLine.booked': [
    on(postStatementLine, ({ subjectId, bookId = '', facts }) => ({ ...facts, lineId: subjectId, bookId })),
  ],
  'bankFacts.stated': [
    on(compareBankFacts, ({ subjectId, occurredAt, facts }) => ({
      bookId: subjectId,
      statedAt: occurredAt.toISOString(),
      facts: {
        ...facts,
        accounts: [...facts.accounts],
        open: [...facts.open],
        unmatched: [...facts.unmatched],
      },
    })),
  ],
  'syncFacts.stated': [
    on(keepSyncFacts, ({ subjectId, occurredAt, facts }) => ({
      bookId: subjectId,
      statedAt: occurredAt.toISOString(),
      facts: { ...facts, waiting: [...facts.waiting], refused: [...facts.refused] },
    })),
  ],
  'bankAccount.opened': [
    on(stateAccountPostings, ({ subjectId, bookId = '', facts }) => ({
      bankAccountId: subjectId,
      bookId,
      accountCode: facts.ledgerAccountCode,
    })),
  ],
  // Each page asks for the next, so that none is too long.
  'accountPostings.stated': [
    on(stateAccountPostings, ({ subjectId, bookId = '', facts: { accountCode, next } }) =>
      next === undefined ? undefined : { bankAccountId: subjectId, bookId, accountCode, after: next },
    ),
  ],
  'statement.imported': [on(markForValidation, ({ bookId }) => (bookId ? { bookId } : undefined))],
  'syncRun.finished': [on(markForValidation, ({ bookId }) => (bookId ? { bookId } : undefined))],
};
