import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import type { ChecklistItem, ClosingDays } from '#kernel/close-checklist';
import { CrossfootError } from '#kernel/errors';
import { oneOf } from '#kernel/input';
import { changePeriod, periodInput, reasonInput } from './change-period.ts';
import { ledgerChecklist, statedChecklist } from './close-checklist.ts';

/** Closes days of a book for postings, after its checklist or over it. */
export const lockPeriod = command({
  name: 'lockPeriod',
  description:
    'Closes days of a book for postings, or, softly, for all but entries made by hand and reversals. What of the close checklist was still open when days are locked is kept with the period.',
  scope: 'transactions:post',
  input: z.object({
    ...periodInput,
    status: oneOf('ClosedPeriodStatus', ['SOFT_CLOSED', 'LOCKED']).default('LOCKED'),
    requireClean: z.boolean().default(false).meta({
      description: 'Refuse with CHECKLIST_OPEN while a point of the close checklist is open.',
    }),
    reason: reasonInput(),
  }),
  async run(transaction, { status, reason, requireClean, ...period }) {
    const open = status === 'LOCKED' || requireClean ? await openPoints(transaction, period) : [];
    const [first] = open;
    if (requireClean && first) {
      const keys = open.map(({ key }) => key).join(', ');
      const message = `${open.length} points of the close checklist are open (${keys}). ${first.title}: ${first.detail}`;
      throw new CrossfootError('CHECKLIST_OPEN', message, { path: ['requireClean'] });
    }
    const overridden = open.map(({ key }) => key);
    return changePeriod(transaction, period, {
      status,
      reason,
      ...(overridden.length > 0 ? { overridden } : {}),
    });
  },
});

async function openPoints(transaction: Transaction, days: ClosingDays): Promise<ChecklistItem[]> {
  const rowsOf = <Row extends object>(sql: string, values: readonly unknown[]) =>
    transaction.query<Row>(sql, values);
  const items = [...(await ledgerChecklist(rowsOf, days)), ...(await statedChecklist(rowsOf, days))];
  return items.filter(({ status }) => status === 'OPEN' || status === 'BLOCKED');
}
