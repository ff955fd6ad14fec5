import { systemActor } from '#kernel/actor';
import { resultOf } from '#kernel/command-door';
import type { Job } from '#kernel/subgraph';
import { escalateExceptions } from './escalate-exceptions.ts';

/** Every minute: what has become overdue is escalated, book by book. */
export const escalation: Job = {
  name: 'reconciliation.escalate',
  schedule: '* * * * *',
  async run(_data, { door, pool }) {
    const late = await pool.query<{ organisation_id: string; book_id: string }>(
      'select organisation_id, book_id from reconciliation.books_to_escalate()',
    );
    for (const { organisation_id: organisationId, book_id: bookId } of late.rows) {
      const actor = systemActor('reconciliation', organisationId);
      resultOf(await door.run(escalateExceptions, { bookId }, { actor }));
    }
  },
};
