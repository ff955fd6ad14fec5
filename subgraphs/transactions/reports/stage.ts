import type { Stage } from '#kernel/stage';
import { budgetEntities } from './budget-entities.ts';
import './schema.ts';

/** What the books say. */
export const reports: Stage = { entities: budgetEntities };
