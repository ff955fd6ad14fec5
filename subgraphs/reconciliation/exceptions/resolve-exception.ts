import { z } from 'zod';
import { command } from '#kernel/command';
import { id, text } from '#kernel/input';
import { closeException } from './close-exception.ts';

/** Closes an exception with what was done about it; its line stays unmatched and is not raised again for the same reason. */
export const resolveException = command({
  name: 'resolveException',
  description:
    'Closes an exception with what was done about it; its line stays unmatched and is not raised again for the same reason.',
  scope: 'reconciliation:write',
  input: z.object({ exceptionId: id(), resolution: text(1000) }),
  async run(transaction, { exceptionId, resolution }) {
    await closeException(transaction, exceptionId, resolution);
    return { exceptionId };
  },
});
