import { systemActor } from '#kernel/actor';
import { resultOf } from '#kernel/command-door';
import type { Job } from '#kernel/subgraph';
import { lapsePendingLines } from './lapse-pending-lines.ts';

/** Every hour: what was announced and never booked lapses. */
export const lapse: Job = {
  name: 'reconciliation.lapse',
  schedule: '23 * * * *',
  atStart: true,
  async run(_data, { door, pool }) {
    const due = await pool.query<{ organisation_id: string; bank_account_id: string }>(
      'select organisation_id, bank_account_id from reconciliation.accounts_with_lapsed_lines()',
    );
    for (const { organisation_id: organisationId, bank_account_id: bankAccountId } of due.rows) {
      const actor = systemActor('reconciliation', organisationId);
      resultOf(await door.run(lapsePendingLines, { bankAccountId }, { actor }));
    }
  },
};
