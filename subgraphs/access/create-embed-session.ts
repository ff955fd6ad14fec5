import { z } from 'zod';
import { scopesOf, type Role, type Scope } from '#kernel/actor';
import { command } from '#kernel/command';
import { id } from '#kernel/input';

/** What each component needs; an embed session holds no more than its components and its member allow. */
export const scopesOfComponent = {
  'review-queue': [
    'transactions:read',
    'reconciliation:read',
    'vendors:read',
    'approvals:read',
    'access:read',
  ],
  'approval-inbox': [
    'approvals:read',
    'approvals:decide',
    'transactions:read',
    'vendors:read',
    'access:read',
  ],
  'approval-card': ['approvals:read', 'approvals:decide', 'transactions:read', 'vendors:read', 'access:read'],
  'match-review': [
    'reconciliation:read',
    'reconciliation:write',
    'transactions:read',
    'vendors:read',
    'access:read',
  ],
  'sync-status': ['sync:read', 'transactions:read', 'access:read'],
  'audit-trail': ['audit:read', 'access:read'],
  'kpi-strip': ['transactions:read', 'reconciliation:read', 'approvals:read', 'sync:read', 'access:read'],
  'document-intake': ['transactions:read', 'transactions:write', 'access:read'],
} as const satisfies Record<string, readonly Scope[]>;

const components = Object.keys(scopesOfComponent) as [
  keyof typeof scopesOfComponent,
  ...(keyof typeof scopesOfComponent)[],
];

/** Makes a short-lived token with which components in a host's page act for a member. */
export const createEmbedSession = command({
  name: 'createEmbedSession',
  description:
    "Makes a short-lived token for components in a host's page. It acts for one member and holds no more rights than the named components need.",
  scope: 'access:embed',
  input: z.object({
    memberId: id(),
    components: z.array(z.enum(components).meta({ graphql: 'String' })).min(1),
    ttlSeconds: z.int().min(30).max(3600).default(600),
  }),
  async run(transaction, input) {
    const member = await transaction.require<{ name: string; roles: Role[] }>(
      `There is no member ${input.memberId}`,
      'select name, roles from access.member where id = $1 and active',
      [input.memberId],
    );
    const needed = new Set<Scope>(input.components.flatMap((component) => [...scopesOfComponent[component]]));
    const scopes = scopesOf(member.roles).filter((scope) => needed.has(scope));
    const issued = await transaction.services.tokens.issue(
      {
        kind: 'embed',
        id: input.memberId,
        name: member.name,
        memberId: input.memberId,
        organisationId: transaction.organisationId,
        scopes,
        source: 'portal',
      },
      input.ttlSeconds,
    );
    transaction.audit({
      subjectType: 'Member',
      subjectId: input.memberId,
      after: { components: input.components, expiresAt: issued.expiresAt, credentialId: issued.credentialId },
    });
    return { token: issued.token, expiresAt: issued.expiresAt.toISOString(), scopes };
  },
  remember: ({ expiresAt, scopes }) => ({ expiresAt, scopes }),
});
