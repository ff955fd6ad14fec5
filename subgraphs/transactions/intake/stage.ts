import type { Stage } from '#kernel/stage';
import { intakeEntities } from './entities.ts';
import { intakeHandlers } from './handlers.ts';
import './schema.ts';

/** What came in. */
export const intake: Stage = { entities: intakeEntities, handlers: intakeHandlers };
