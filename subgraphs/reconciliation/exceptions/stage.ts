import type { Stage } from '#kernel/stage';
import { ExceptionEntity } from '../entities.ts';
import { AssignmentRuleEntity, BookingRuleEntity, ExceptionCommentEntity } from './entities.ts';
import { escalation } from './escalation-job.ts';
import { handlers } from './handlers.ts';
import './schema.ts';
import './schema-exception-work.ts';
import './schema-payouts.ts';
import './schema-settings.ts';
import './mutations.ts';
import './booking-rule-mutations.ts';
import './settings-mutations.ts';

/** What needs a person. */
export const exceptions: Stage = {
  entities: [ExceptionEntity, AssignmentRuleEntity, ExceptionCommentEntity, BookingRuleEntity],
  handlers,
  jobs: [escalation],
};
