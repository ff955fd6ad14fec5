import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { lockConnection, setConnectionStatus } from './connection-status.ts';

/** Stops pushing through a connection; what is posted meanwhile waits. */
export const pauseConnection = command({
  name: 'pauseConnection',
  description: 'Stops pushing through a connection; what is posted meanwhile waits.',
  scope: 'sync:write',
  input: z.object({ connectionId: id() }),
  async run(transaction, { connectionId }) {
    const connection = await lockConnection(transaction, connectionId);
    if (connection.status !== 'PAUSED') await setConnectionStatus(transaction, connection, 'PAUSED');
    return { connectionId };
  },
});
