import { z } from 'zod';
import { command } from '#kernel/command';
import { id, text } from '#kernel/input';

/** Keeps what a member may do, for finding who hears of what is overdue. */
export const receiveColleague = command({
  name: 'receiveColleague',
  description: "Keeps reconciliation's own copy of what a member may do.",
  scope: 'platform:internal',
  input: z.object({ memberId: id(), roles: z.array(text(20)) }),
  async run(transaction, { memberId, roles }) {
    await transaction.query(
      `insert into reconciliation.colleague (organisation_id, member_id, roles) values ($1, $2, $3)
       on conflict (organisation_id, member_id) do update set roles = excluded.roles`,
      [transaction.organisationId, memberId, roles],
    );
    return { memberId };
  },
});
