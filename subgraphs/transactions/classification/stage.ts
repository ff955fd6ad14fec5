import type { Stage } from '#kernel/stage';
import { classificationEntities } from './entities.ts';
import './schema.ts';

/** Which account something belongs to. */
export const classification: Stage = { entities: classificationEntities };
