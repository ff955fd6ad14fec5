import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id } from '#kernel/input';

/** Takes back a name or account that was learned for a party; it is not learned again. */
export const withdrawPayerAlias = command({
  name: 'withdrawPayerAlias',
  description: 'Takes back a name or account that was learned for a party; it is not learned again.',
  scope: 'reconciliation:write',
  input: z.object({ aliasId: id() }),
  async run(transaction, { aliasId }) {
    const alias = await transaction.require<{
      withdrawn_at: Date | null;
      shown: string;
      party_label: string;
    }>(
      `There is no alias ${aliasId}`,
      'select withdrawn_at, shown, party_label from reconciliation.payer_alias where id = $1 for update',
      [aliasId],
    );
    if (alias.withdrawn_at) {
      throw new CrossfootError('STATE_CONFLICT', `The alias ${aliasId} is withdrawn already`);
    }
    await transaction.query(
      'update reconciliation.payer_alias set withdrawn_at = $2, withdrawn_by = $3 where id = $1',
      [aliasId, transaction.now, transaction.actor.memberId ?? null],
    );
    transaction.audit({
      subjectType: 'PayerAlias',
      subjectId: aliasId,
      before: { shown: alias.shown, party: alias.party_label },
      after: { withdrawn: true },
    });
    return { aliasId };
  },
});
