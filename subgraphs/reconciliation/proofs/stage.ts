import type { Stage } from '#kernel/stage';
import { PayrollEntity, SignedStatementEntity } from './entities.ts';
import { handlers } from './handlers.ts';
import './close-checklist.ts';
import './schema-statements.ts';
import './schema-signing.ts';
import './schema-changes.ts';
import './schema-export.ts';
import './schema-lists.ts';
import './schema-payrolls.ts';

/** What shows that books and bank agree, and what keeps them from it. */
export const proofs: Stage = { entities: [SignedStatementEntity, PayrollEntity], handlers };
