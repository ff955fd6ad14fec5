import type { Stage } from '#kernel/stage';
import { taxEntities } from './entities.ts';
import { taxHandlers } from './handlers.ts';
import './schema.ts';

/** Tax codes with their dated rates, and what they make of amounts. */
export const tax: Stage = { entities: taxEntities, handlers: taxHandlers };
