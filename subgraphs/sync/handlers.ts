import { on, type Handlers } from '#kernel/subgraph';
import { queuePush } from './queue-push.ts';
import { rememberBook } from './remember-book.ts';
import { stateSyncFacts } from './state-sync-facts.ts';

/** What sync does when something happens elsewhere. */
export const handlers: Handlers = {
  'book.opened': [on(rememberBook, ({ subjectId, facts }) => ({ bookId: subjectId, name: facts.name }))],
  'book.validated': [on(stateSyncFacts, ({ subjectId }) => ({ bookId: subjectId }))],
  'journalEntry.posted': [
    on(queuePush, ({ subjectId, bookId, facts }) => ({
      entryId: subjectId,
      bookId: bookId ?? '',
      number: facts.number,
      postedOn: facts.postedOn,
      description: facts.description,
      lines: [...facts.lines],
      fields: facts.fields,
    })),
  ],
};
