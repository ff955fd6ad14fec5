import { on, type Handlers } from '#kernel/subgraph';
import { matchNewItem } from './match-new-item.ts';
import { matchDueLines } from './match-due-lines.ts';
import { recordOpenItem } from './record-open-item.ts';
import { recordPosting } from './record-posting.ts';
import { recordRefusal } from './record-refusal.ts';
import { recordReversal } from './record-reversal.ts';

/** What matching does when something happens here or in the ledger. */
export const handlers: Handlers = {
  'statement.imported': [
    on(matchDueLines, ({ bookId, facts }) => (bookId && facts.lines > 0 ? { bookId } : undefined)),
  ],
  'payout.reported': [on(matchDueLines, ({ bookId }) => (bookId ? { bookId } : undefined))],
  'match.declined': [on(matchDueLines, ({ bookId }) => (bookId ? { bookId } : undefined))],
  'match.undone': [on(matchDueLines, ({ bookId }) => (bookId ? { bookId } : undefined))],
  'journalEntry.posted': [
    // A reversal names the match of what it reverses; it is not the payment itself.
    on(recordPosting, ({ subjectId, bookId, facts: { cause, reversalOf } }) =>
      bookId && !reversalOf && (cause?.matchId ?? cause?.statementLineId)
        ? {
            journalEntryId: subjectId,
            bookId,
            matchId: cause?.matchId,
            statementLineId: cause?.statementLineId,
          }
        : undefined,
    ),
    on(recordOpenItem, ({ subjectId, bookId, facts: { openItem, postedOn, vendorId, documentId } }) =>
      bookId && openItem
        ? {
            journalEntryId: subjectId,
            bookId,
            postedOn,
            vendorId,
            documentId,
            item: { ...openItem, counterpartyAccounts: [...openItem.counterpartyAccounts] },
          }
        : undefined,
    ),
    on(matchNewItem, ({ bookId, facts }) => (bookId && facts.openItem ? { bookId } : undefined)),
  ],
  'journalEntry.reversed': [
    on(recordReversal, ({ subjectId, bookId }) =>
      bookId ? { journalEntryId: subjectId, bookId } : undefined,
    ),
    on(matchNewItem, ({ bookId }) => (bookId ? { bookId } : undefined)),
  ],
  'posting.refused': [
    on(recordRefusal, ({ bookId, facts: { cause, code, message } }) =>
      bookId && (cause.matchId ?? cause.statementLineId)
        ? { bookId, matchId: cause.matchId, statementLineId: cause.statementLineId, code, message }
        : undefined,
    ),
  ],
};
