import { on, type Handlers } from '#kernel/subgraph';
import { receiveBook } from './receive-book.ts';

/** What intake does when something happened elsewhere. */
export const intakeHandlers: Handlers = {
  'book.opened': [on(receiveBook, ({ subjectId, facts }) => ({ bookId: subjectId, ...facts }))],
};
