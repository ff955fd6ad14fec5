import { join } from 'node:path';
import { toSubgraphSchema } from '#kernel/graphql';
import type { Subgraph } from '#kernel/subgraph';
import { classificationEntities } from './classification/entities.ts';
import { dimensionEntities } from './dimensions/entities.ts';
import { graph } from './graph.ts';
import { handlers } from './handlers.ts';
import { importEntities } from './imports/entities.ts';
import { importJobs } from './imports/jobs.ts';
import { intakeEntities } from './intake/entities.ts';
import { balanceJobs } from './ledger/balance-jobs.ts';
import { ledgerEntities } from './ledger/entities.ts';
import { validationFigures } from './ledger/validate-figures.ts';
import { validationJobs } from './ledger/validate-jobs.ts';
import { taxEntities } from './tax/entities.ts';
import { fetchReferenceRates } from './rates/jobs.ts';
import { rateEntities } from './rates/entities.ts';
import { budgetEntities } from './reports/budget-entities.ts';
import './dimensions/schema.ts';
import './intake/schema.ts';
import './rates/schema.ts';
import './tax/schema.ts';
import './classification/schema.ts';
import './ledger/schema.ts';
import './imports/schema.ts';
import './reports/schema.ts';

/** Documents to drafts to journal: what came in, what it is, and how it stands in the books. */
export const transactions: Subgraph = {
  name: 'transactions',
  schema: toSubgraphSchema(graph),
  entities: [
    ...dimensionEntities,
    ...intakeEntities,
    ...rateEntities,
    ...taxEntities,
    ...classificationEntities,
    ...ledgerEntities,
    ...importEntities,
    ...budgetEntities,
  ],
  migrations: join(import.meta.dirname, 'migrations'),
  handlers,
  jobs: [fetchReferenceRates, ...validationJobs, ...balanceJobs, ...importJobs],
  figures: validationFigures,
};
