import type { Stage } from '#kernel/stage';
import { BankFeedEntity, BankFeedFileEntity, BankFeedRunEntity } from './entities.ts';
import { feedJobs } from './feed-jobs.ts';
import './schema.ts';
import './mutations.ts';
import './file-mutations.ts';

/** By which ways files of banks come in by themselves. */
export const feeds: Stage = {
  entities: [BankFeedEntity, BankFeedRunEntity, BankFeedFileEntity],
  jobs: feedJobs,
};
