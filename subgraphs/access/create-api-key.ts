import { z } from 'zod';
import { isScope, scopesOf, type Role } from '#kernel/actor';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id, instant, text } from '#kernel/input';
import { keyViews, makeApiKey } from './api-key.ts';

/** Makes an API key for a member; it can never do more than its member. */
export const createApiKey = command({
  name: 'createApiKey',
  description:
    'Makes an API key for a member; its secret is shown this once. A key never does more than its member.',
  scope: 'access:admin',
  input: z.object({
    memberId: id(),
    name: text(),
    scopes: z
      .array(z.string())
      .min(1)
      .optional()
      .meta({ description: "Left out: all of the member's rights." }),
    view: z.enum(keyViews).default('INTERNAL').meta({
      graphql: 'ApiKeyView',
      description: 'The view of the graph in which it asks; INTERNAL when left out.',
    }),
    expiresAt: instant().optional(),
    costPerSecond: z.int().min(1).max(100_000_000).optional().meta({
      description:
        "What its operations may cost each second, counted as in extensions.cost; ten times that at once. Left out: the installation's limit.",
    }),
  }),
  async run(transaction, input) {
    const member = await transaction.require<{ roles: Role[] }>(
      `There is no member ${input.memberId}`,
      'select roles from access.member where id = $1 and active',
      [input.memberId],
    );
    const held = scopesOf(member.roles);
    const wanted = held.filter((scope) => input.scopes?.includes(scope) ?? true);
    const excess = (input.scopes ?? []).filter((scope) => !isScope(scope) || !held.includes(scope));
    if (excess.length > 0) {
      throw new CrossfootError('FIELD_INVALID', `The member does not hold ${excess.join(', ')}`, {
        path: ['scopes'],
      });
    }
    const key = await makeApiKey(transaction, {
      memberId: input.memberId,
      name: input.name,
      roles: member.roles,
      scopes: wanted,
      view: input.view,
      expiresAt: input.expiresAt,
      costPerSecond: input.costPerSecond,
    });
    transaction.emit({ type: 'apiKey.created', subjectId: key.id, facts: {} });
    transaction.audit({
      subjectType: 'ApiKey',
      subjectId: key.id,
      after: {
        memberId: input.memberId,
        name: input.name,
        scopes: wanted,
        view: input.view,
        expiresAt: input.expiresAt,
        costPerSecond: input.costPerSecond,
      },
    });
    return { apiKeyId: key.id, secret: key.secret };
  },
  remember: ({ apiKeyId }) => ({ apiKeyId }),
});
