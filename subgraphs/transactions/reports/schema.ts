import './schema-statements.ts';
import './schema-trial-balance.ts';
import './schema-ledger.ts';
import './schema-aged.ts';
import './schema-tax-report.ts';
import './schema-budgets.ts';
import './schema-variance.ts';
import './schema-export.ts';
