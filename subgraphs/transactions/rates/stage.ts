import type { Stage } from '#kernel/stage';
import { rateEntities } from './entities.ts';
import { fetchReferenceRates } from './jobs.ts';
import './schema.ts';

/** What one currency is worth in another on a day. */
export const rates: Stage = { entities: rateEntities, jobs: [fetchReferenceRates] };
