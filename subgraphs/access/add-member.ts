import { z } from 'zod';
import { roles } from '#kernel/actor';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { oneOf, text } from '#kernel/input';

/** Adds a person to the organisation. */
export const addMember = command({
  name: 'addMember',
  description: 'Adds a person to the organisation with one or more roles.',
  scope: 'access:admin',
  input: z.object({ name: text(), email: z.email().max(200), roles: z.array(oneOf('Role', roles)).min(1) }),
  async run(transaction, input) {
    const known = await transaction.maybe('select 1 from access.member where email = $1', [input.email]);
    if (known)
      throw new CrossfootError('ALREADY_EXISTS', `${input.email} is a member already`, { path: ['email'] });
    const memberId = newId('mem');
    await transaction.insert('access.member', { id: memberId, ...input, created_at: transaction.now });
    transaction.emit({
      type: 'member.added',
      subjectId: memberId,
      facts: { name: input.name, email: input.email, roles: input.roles },
    });
    transaction.audit({ subjectType: 'Member', subjectId: memberId, after: input });
    return { memberId };
  },
});
