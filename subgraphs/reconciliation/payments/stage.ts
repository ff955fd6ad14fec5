import type { Stage } from '#kernel/stage';
import { handlers } from './handlers.ts';
import { PaymentLineEntity, PaymentOrderEntity } from './payment-entities.ts';
import './schema.ts';
import { unconfirmed } from './unconfirmed-job.ts';

/** What is to be paid, as files for banks, and what became of it. */
export const payments: Stage = {
  entities: [PaymentOrderEntity, PaymentLineEntity],
  handlers,
  jobs: [unconfirmed],
};
