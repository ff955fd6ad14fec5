import { on, type Handlers } from '#kernel/subgraph';
import { matchStatementLines } from '../matches/match-statement-lines.ts';

/** What a new rule leads to: the open lines of the book are run, and it takes those it is for. */
export const handlers: Handlers = {
  'bookingRule.accepted': [on(matchStatementLines, ({ bookId }) => (bookId ? { bookId } : undefined))],
};
