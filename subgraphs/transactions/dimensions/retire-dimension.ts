import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id } from '#kernel/input';

/** Takes a dimension out of use; what carries it stays as it is. */
export const retireDimension = command({
  name: 'retireDimension',
  description:
    'Takes a dimension out of use: nothing new carries it, no account requires it; posted lines stay.',
  scope: 'transactions:post',
  input: z.object({ dimensionId: id() }),
  async run(transaction, { dimensionId }) {
    const before = await transaction.require<{ key: string; active: boolean }>(
      `There is no dimension ${dimensionId}`,
      'select key, retired_at is null as active from transactions.dimension where id = $1 for update',
      [dimensionId],
    );
    if (!before.active) {
      throw new CrossfootError('STATE_CONFLICT', `${before.key} is retired`, { path: ['dimensionId'] });
    }
    await transaction.query('update transactions.dimension set retired_at = $2 where id = $1', [
      dimensionId,
      transaction.now,
    ]);
    transaction.audit({ subjectType: 'Dimension', subjectId: dimensionId, before, after: { active: false } });
    return { dimensionId };
  },
});
