import './schema-accounts.ts';
import './schema-journal.ts';
import './schema-draft-operations.ts';
import './schema-dimensions.ts';
import './schema-validation.ts';
