import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id } from '#kernel/input';
import { lockConnection, setConnectionStatus } from './connection-status.ts';
import { queueRun, wakeDrain } from './queue-items.ts';

/** Tries again at once: what was refused is queued again, and a failing connection does not wait for its pause. */
export const retrySync = command({
  name: 'retrySync',
  description:
    'Tries again at once: what was refused is queued again, and a failing connection does not wait for its pause.',
  scope: 'sync:write',
  input: z.object({ connectionId: id() }),
  async run(transaction, { connectionId }) {
    const connection = await lockConnection(transaction, connectionId);
    if (connection.status === 'PAUSED') {
      throw new CrossfootError('STATE_CONFLICT', 'The connection is paused; resume it first');
    }
    if (connection.status === 'FAILING') await setConnectionStatus(transaction, connection, 'ACTIVE');
    const again = await transaction.query(
      `update sync.sync_item set status = 'PENDING' where connection_id = $1 and status = 'FAILED' returning 1`,
      [connectionId],
    );
    await queueRun(transaction, connection, again.length);
    wakeDrain(transaction, connectionId);
    transaction.audit({
      subjectType: 'Connection',
      subjectId: connectionId,
      after: { queuedAgain: again.length },
    });
    return { connectionId };
  },
});
