import './schema-statements.ts';
import './schema-trial-balance.ts';
import './schema-ledger.ts';
import './schema-aged.ts';
