import type { Stage } from '#kernel/stage';
import { BankAccountEntity, BankStatementEntity, StatementLineEntity } from '../entities.ts';
import { handlers } from './handlers.ts';
import { lapse } from './lapse-job.ts';
import { PayoutEntity, PayoutMemberEntity, ProcessorTariffEntity } from './payout-entities.ts';
import { PendingLineEntity } from './pending-entities.ts';
import './schema.ts';
import './schema-pending.ts';
import './schema-table-profiles.ts';
import { TableProfileEntity } from './table-profile-entity.ts';
import './schema-processors.ts';

/** What banks and payment providers say: accounts, statements, lines, payouts. */
export const statements: Stage = {
  entities: [
    BankAccountEntity,
    BankStatementEntity,
    StatementLineEntity,
    PayoutEntity,
    PayoutMemberEntity,
    ProcessorTariffEntity,
    PendingLineEntity,
    TableProfileEntity,
  ],
  handlers,
  jobs: [lapse],
};
