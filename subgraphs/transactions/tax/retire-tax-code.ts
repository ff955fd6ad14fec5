import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id } from '#kernel/input';

/** Takes a tax code out of use. */
export const retireTaxCode = command({
  name: 'retireTaxCode',
  description: 'Takes a tax code out of use; what was posted with it stays as it is.',
  scope: 'transactions:write',
  input: z.object({ taxCodeId: id() }),
  async run(transaction, { taxCodeId }) {
    const row = await transaction.require<{ code: string; book_id: string; active: boolean }>(
      `There is no tax code ${taxCodeId}`,
      'select code, book_id, active from transactions.tax_code where id = $1 for update',
      [taxCodeId],
    );
    const path = ['taxCodeId'];
    if (!row.active) {
      throw new CrossfootError('STATE_CONFLICT', `Tax code ${row.code} is retired already`, { path });
    }
    const user = await transaction.maybe<{ code: string }>(
      `select code from transactions.tax_code
        where book_id = $1 and active and components @> array[$2::text] order by code limit 1`,
      [row.book_id, row.code],
    );
    if (user) {
      const message = `Tax code ${row.code} is part of ${user.code}; retire that one first`;
      throw new CrossfootError('STATE_CONFLICT', message, { path });
    }
    await transaction.query(
      'update transactions.tax_code set active = false, retired_at = $2 where id = $1',
      [taxCodeId, transaction.now],
    );
    transaction.audit({
      subjectType: 'TaxCode',
      subjectId: taxCodeId,
      before: { active: true },
      after: { active: false },
    });
    return { taxCodeId };
  },
});
