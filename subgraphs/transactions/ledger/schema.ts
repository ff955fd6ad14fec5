import './schema-accounts.ts';
import './schema-journal.ts';
import './schema-drafts.ts';
