import type { Stage } from '#kernel/stage';
import { MatchEntity, OpenItemEntity } from '../entities.ts';
import { DeclinedPairEntity, MatchingRunEntity, PayerAliasEntity } from './entities.ts';
import { handlers } from './handlers.ts';
import { matching } from './matching-job.ts';
import './schema.ts';
import './schema-payouts.ts';
import './mutations.ts';
import './mutations-learning.ts';

/** Which bank lines answer which open items. */
export const matches: Stage = {
  entities: [OpenItemEntity, MatchEntity, MatchingRunEntity, PayerAliasEntity, DeclinedPairEntity],
  handlers,
  jobs: [matching],
};
