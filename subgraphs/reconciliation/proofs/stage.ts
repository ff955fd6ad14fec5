import type { Stage } from '#kernel/stage';
import { handlers } from './handlers.ts';
import './close-checklist.ts';

/** What shows that books and bank agree, and what keeps them from it. */
export const proofs: Stage = { entities: [], handlers };
