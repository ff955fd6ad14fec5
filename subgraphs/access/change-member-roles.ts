import { z } from 'zod';
import { roles } from '#kernel/actor';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id, oneOf } from '#kernel/input';

/** Replaces the roles of a member; an organisation keeps at least one owner. */
export const changeMemberRoles = command({
  name: 'changeMemberRoles',
  description: 'Replaces the roles of a member; an organisation keeps at least one owner.',
  scope: 'access:admin',
  input: z.object({ memberId: id(), roles: z.array(oneOf('Role', roles)).min(1) }),
  async run(transaction, { memberId, roles: next }) {
    // All owners are locked, so that two owners cannot strip each other at once.
    const owners = await transaction.query<{ id: string }>(
      "select id from access.member where 'OWNER' = any (roles) and active order by id for update",
    );
    const member = await transaction.require<{ roles: string[] }>(
      `There is no member ${memberId}`,
      'select roles from access.member where id = $1 for update',
      [memberId],
    );
    if (!next.includes('OWNER') && owners.length === 1 && owners[0]?.id === memberId) {
      throw new CrossfootError(
        'STATE_CONFLICT',
        'This is the only owner; make another member an owner first',
      );
    }
    await transaction.query('update access.member set roles = $2 where id = $1', [memberId, next]);
    transaction.emit({ type: 'member.changed', subjectId: memberId, facts: { roles: next } });
    transaction.audit({
      subjectType: 'Member',
      subjectId: memberId,
      before: { roles: member.roles },
      after: { roles: next },
    });
    return { memberId };
  },
});
