import type { Stage } from '#kernel/stage';
import { importEntities } from './entities.ts';
import { importJobs } from './jobs.ts';
import './schema.ts';

/** Rows brought over from other systems. */
export const imports: Stage = { entities: importEntities, jobs: importJobs };
