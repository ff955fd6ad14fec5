import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';

/** Ends an API key at once; revoking it again changes nothing. */
export const revokeApiKey = command({
  name: 'revokeApiKey',
  description: 'Ends an API key at once, open subscriptions included.',
  scope: 'access:admin',
  input: z.object({ apiKeyId: id() }),
  async run(transaction, { apiKeyId }) {
    await transaction.require(
      `There is no API key ${apiKeyId}`,
      'select 1 from access.api_key where id = $1 for update',
      [apiKeyId],
    );
    await transaction.query('update access.api_key set revoked_at = coalesce(revoked_at, $2) where id = $1', [
      apiKeyId,
      transaction.now,
    ]);
    transaction.emit({ type: 'apiKey.revoked', subjectId: apiKeyId, facts: {} });
    transaction.audit({ subjectType: 'ApiKey', subjectId: apiKeyId, after: { revokedAt: transaction.now } });
    return { apiKeyId };
  },
});
