import type { Stage } from '#kernel/stage';
import { dimensionEntities } from './entities.ts';
import './schema.ts';

/** What lines are analysed by, and the book's own fields. */
export const dimensions: Stage = { entities: dimensionEntities };
