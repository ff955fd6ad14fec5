import type { Stage } from '#kernel/stage';
import { MatchEntity, OpenItemEntity } from '../entities.ts';
import { handlers } from './handlers.ts';
import { matching } from './matching-job.ts';
import './schema.ts';
import './mutations.ts';

/** Which bank lines answer which open items. */
export const matches: Stage = { entities: [OpenItemEntity, MatchEntity], handlers, jobs: [matching] };
