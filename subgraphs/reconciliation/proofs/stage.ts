import { on } from '#kernel/subgraph';
import type { Stage } from '#kernel/stage';
import { stateBankFacts } from './state-bank-facts.ts';
import './close-checklist.ts';

/** What shows that books and bank agree, and what keeps them from it. */
export const proofs: Stage = {
  entities: [],
  handlers: { 'book.validated': [on(stateBankFacts, ({ subjectId }) => ({ bookId: subjectId }))] },
};
