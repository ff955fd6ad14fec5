import './schema-imports.ts';
import './schema-import-operations.ts';
