import './schema-accounts.ts';
import './schema-journal.ts';
