import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { lockConnection, setConnectionStatus } from './connection-status.ts';
import { wakeDrain } from './queue-items.ts';

/** Goes on pushing through a paused connection, beginning with what waited. */
export const resumeConnection = command({
  name: 'resumeConnection',
  description: 'Goes on pushing through a paused connection, beginning with what waited.',
  scope: 'sync:write',
  input: z.object({ connectionId: id() }),
  async run(transaction, { connectionId }) {
    const connection = await lockConnection(transaction, connectionId);
    if (connection.status === 'PAUSED') await setConnectionStatus(transaction, connection, 'ACTIVE');
    wakeDrain(transaction, connectionId);
    return { connectionId };
  },
});
