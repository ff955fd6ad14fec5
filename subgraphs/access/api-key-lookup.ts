import { scopesOf, type Actor, type Role, type Scope } from '#kernel/actor';
import { record } from '#kernel/graphql-types';
import type { KeyView } from './api-key.ts';
import { graph } from './graph.ts';

interface FoundKey {
  readonly organisation_id: string;
  readonly id: string;
  readonly member_id: string;
  readonly member_name: string;
  readonly scopes: Scope[];
  readonly view: KeyView;
  readonly member_roles: Role[];
  readonly member_active: boolean;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly cost_per_second: number | null;
}

const KeyActor = record<Actor>(graph, 'KeyActor', {
  description: 'The actor of a live API key; for the gateway alone.',
  scope: 'platform:internal',
  fields: (t) => ({
    actor: t.string({ description: 'The actor as JSON.', resolve: (actor) => JSON.stringify(actor) }),
  }),
});

graph.builder.queryField('keyActor', (t) =>
  t.field({
    type: KeyActor,
    nullable: true,
    inaccessible: true,
    description:
      'Looks a key up by the SHA-256 of its secret; null unless it is live. For the gateway alone.',
    authScopes: { scope: 'platform:internal' },
    args: { secretHash: t.arg.string({ required: true, description: '64 hexadecimal characters.' }) },
    resolve: async (_root, args, context): Promise<Actor | null> => {
      const em = await context.read();
      const rows = await em.execute<FoundKey[]>('select * from access.find_api_key(?)', [args.secretHash]);
      const [key] = rows;
      return key && isLive(key) ? actorOf(key) : null;
    },
  }),
);

function isLive(key: FoundKey): boolean {
  return (
    key.member_active && key.revoked_at === null && (key.expires_at === null || key.expires_at > new Date())
  );
}

/** A key never does more than its member may at this moment. */
function actorOf(key: FoundKey): Actor {
  const held = scopesOf(key.member_roles);
  return {
    kind: 'key',
    id: key.id,
    name: key.member_name,
    memberId: key.member_id,
    organisationId: key.organisation_id,
    scopes: key.scopes.filter((scope) => held.includes(scope)),
    view: key.view === 'PARTNER' ? 'partner' : 'internal',
    costPerSecond: key.cost_per_second ?? undefined,
    source: 'api',
    credentialId: key.id,
    expiresAt: key.expires_at?.getTime(),
  };
}
