import type { Stage } from '../stage.ts';
import { classificationEntities } from './entities.ts';
import './schema.ts';

/** Which account something belongs to. */
export const classification: Stage = { entities: classificationEntities };
