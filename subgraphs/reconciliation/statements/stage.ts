import type { Stage } from '#kernel/stage';
import { BankAccountEntity, BankStatementEntity, StatementLineEntity } from '../entities.ts';
import './schema.ts';

/** What the banks say: accounts, statements, lines. */
export const statements: Stage = { entities: [BankAccountEntity, BankStatementEntity, StatementLineEntity] };
