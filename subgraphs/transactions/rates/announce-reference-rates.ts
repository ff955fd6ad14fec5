import { z } from 'zod';
import { command } from '#kernel/command';
import { date } from '#kernel/input';

/** Tells an organisation that waits for rates that the platform has new ones. */
export const announceReferenceRates = command({
  name: 'announceReferenceRates',
  description: 'Tells an organisation that waits for rates that there are new reference rates.',
  scope: 'platform:internal',
  input: z.object({ from: date(), to: date() }),
  async run(transaction, { from, to }) {
    transaction.emit({ type: 'exchangeRates.changed', subjectId: 'published', facts: { from, to } });
    return { from, to };
  },
});
