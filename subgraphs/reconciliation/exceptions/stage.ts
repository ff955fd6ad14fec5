import type { Stage } from '#kernel/stage';
import { ExceptionEntity } from '../entities.ts';
import './schema.ts';

/** What needs a person. */
export const exceptions: Stage = { entities: [ExceptionEntity] };
