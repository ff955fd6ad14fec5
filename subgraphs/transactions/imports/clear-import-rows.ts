import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { isEnd, lockImport } from './import-status.ts';

const rowsAtOnce = 20_000;

/** Drops rows of an import that ended before they were applied. */
export const clearImportRows = command({
  name: 'clearImportRows',
  description: 'Drops the rows that an ended import left on the stage.',
  scope: 'platform:internal',
  input: z.object({ importId: id() }),
  async run(transaction, { importId }) {
    const locked = await lockImport(transaction, importId);
    if (!isEnd(locked.status)) return { cleared: 0 };
    const cleared = await transaction.query(
      `delete from transactions.import_row r where r.organisation_id = $1 and r.import_id = $2
          and (r.entry, r.position) in (select entry, position from transactions.import_row
                where organisation_id = $1 and import_id = $2 limit ${rowsAtOnce}) returning 1`,
      [transaction.organisationId, importId],
    );
    transaction.audit({ subjectType: 'Import', subjectId: importId, after: { cleared: cleared.length } });
    return { cleared: cleared.length };
  },
});
