import { systemActor } from '#kernel/actor';
import { resultOf } from '#kernel/command-door';
import type { Job } from '#kernel/subgraph';
import { raiseUnconfirmed } from './raise-unconfirmed.ts';

/** Every hour: orders of which banks say nothing for too long are told of, book by book. */
export const unconfirmed: Job = {
  name: 'reconciliation.unconfirmed',
  schedule: '17 * * * *',
  async run(_data, { door, pool }) {
    const silent = await pool.query<{ organisation_id: string; book_id: string }>(
      'select organisation_id, book_id from reconciliation.books_unconfirmed()',
    );
    for (const { organisation_id: organisationId, book_id: bookId } of silent.rows) {
      const actor = systemActor('reconciliation', organisationId);
      resultOf(await door.run(raiseUnconfirmed, { bookId }, { actor }));
    }
  },
};
