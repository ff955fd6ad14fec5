import { z } from 'zod';
import { command } from '#kernel/command';
import { newId } from '#kernel/ids';
import { text } from '#kernel/input';
import { makeApiKey } from './api-key.ts';

/** Opens an organisation with its owner and the owner's first API key; the key's secret is shown this once. */
export const createOrganisation = command({
  name: 'createOrganisation',
  description: 'Opens an organisation with its owner and a first API key whose secret is shown this once.',
  scope: 'platform:admin',
  input: z.object({ name: text(), owner: z.object({ name: text(), email: z.email().max(200) }) }),
  async run(transaction, input) {
    const organisationId = newId('org');
    const memberId = newId('mem');
    await transaction.enter(organisationId);
    await transaction.insert('access.organisation', { name: input.name, created_at: transaction.now });
    await transaction.insert('access.member', {
      id: memberId,
      ...input.owner,
      roles: ['OWNER'],
      created_at: transaction.now,
    });
    const key = await makeApiKey(transaction, { memberId, name: 'first key of the owner', roles: ['OWNER'] });
    transaction.emit({
      type: 'organisation.created',
      subjectId: organisationId,
      facts: { name: input.name },
    });
    transaction.emit({
      type: 'member.added',
      subjectId: memberId,
      facts: { ...input.owner, roles: ['OWNER'] },
    });
    transaction.audit({ subjectType: 'Organisation', subjectId: organisationId, after: input });
    return { organisationId, memberId, apiKeyId: key.id, secret: key.secret };
  },
  remember: ({ organisationId, memberId, apiKeyId }) => ({ organisationId, memberId, apiKeyId }),
});
