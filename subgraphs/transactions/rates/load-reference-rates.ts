import { z } from 'zod';
import { command } from '#kernel/command';
import { date, text } from '#kernel/input';
import { storeReferenceRates } from './store-reference-rates.ts';

/** Stores published reference rates for every organisation; the platform itself runs it. */
export const loadReferenceRates = command({
  name: 'loadReferenceRates',
  description: 'Stores published reference rates for every organisation.',
  scope: 'platform:internal',
  input: z.object({
    days: z.array(z.object({ on: date(), rates: z.record(z.string(), text(30)) })).max(20_000),
  }),
  async run(transaction, { days }) {
    const stored = await storeReferenceRates(transaction, days);
    transaction.audit({ subjectType: 'ReferenceRates', subjectId: 'published', after: stored });
    return { ...stored };
  },
});
