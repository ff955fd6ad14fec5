import type { Stage } from '#kernel/stage';
import { balanceJobs } from './balance-jobs.ts';
import { ledgerEntities } from './entities.ts';
import { ledgerHandlers } from './handlers.ts';
import { validationFigures } from './validate-figures.ts';
import { validationJobs } from './validate-jobs.ts';
import './schema.ts';

/** How it stands in the books. */
export const ledger: Stage = {
  entities: ledgerEntities,
  handlers: ledgerHandlers,
  jobs: [...validationJobs, ...balanceJobs],
  figures: validationFigures,
};
