import { on, type Handlers } from '#kernel/subgraph';
import { installChartOfAccounts } from './install-chart-of-accounts.ts';
import { postMatch } from './post-match.ts';
import { postStatementLine } from './post-statement-line.ts';
import { undoMatchPosting } from './undo-match-posting.ts';

/** What the ledger does when something happened. */
export const ledgerHandlers: Handlers = {
  'book.opened': [on(installChartOfAccounts, ({ subjectId }) => ({ bookId: subjectId }))],
  'match.accepted': [
    on(postMatch, ({ subjectId, bookId = '', facts }) => ({
      ...facts,
      matchId: subjectId,
      bookId,
      lines: [...facts.lines],
      items: [...facts.items],
    })),
  ],
  'match.undone': [on(undoMatchPosting, ({ subjectId, bookId = '' }) => ({ matchId: subjectId, bookId }))],
  'statementLine.booked': [
    on(postStatementLine, ({ subjectId, bookId = '', facts }) => ({ ...facts, lineId: subjectId, bookId })),
  ],
};
