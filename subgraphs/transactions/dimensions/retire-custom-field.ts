import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id } from '#kernel/input';

/** Takes a custom field out of use; what has it keeps it. */
export const retireCustomField = command({
  name: 'retireCustomField',
  description:
    'Takes a custom field out of use: it is no longer asked for; documents and entries that have it keep it.',
  scope: 'transactions:post',
  input: z.object({ customFieldId: id() }),
  async run(transaction, { customFieldId }) {
    const before = await transaction.require<{ key: string; active: boolean }>(
      `There is no custom field ${customFieldId}`,
      'select key, retired_at is null as active from transactions.custom_field where id = $1 for update',
      [customFieldId],
    );
    if (!before.active) {
      throw new CrossfootError('STATE_CONFLICT', `${before.key} is retired`, { path: ['customFieldId'] });
    }
    await transaction.query('update transactions.custom_field set retired_at = $2 where id = $1', [
      customFieldId,
      transaction.now,
    ]);
    transaction.audit({
      subjectType: 'CustomField',
      subjectId: customFieldId,
      before,
      after: { active: false },
    });
    return { customFieldId };
  },
});
