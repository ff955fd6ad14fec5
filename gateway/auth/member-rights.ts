import { scopesOf, type Actor, type Role } from '#kernel/actor';
import { CrossfootError } from '#kernel/errors';
import type { DomainEvent } from '#kernel/events';
import type { SubgraphSource } from '../sources/subgraph-source.ts';
import { askAccess } from './ask-access.ts';
import { overtaking } from './overtaking.ts';

const query =
  'query MemberRights($of: [_Any!]!) { _entities(representations: $of) { ... on Member { active roles } } }';

/** What members may do at present, compared with what sessions made for them were given. */
export interface MemberRights {
  /**
   * Answers a mark of the time at which the actor still held its rights, for `changedSince`. Throws UNAUTHENTICATED
   * when the member is gone or has lost one of them; UNAVAILABLE when nobody can say. Only sessions are looked at: other
   * credentials are asked about where they come from.
   */
  check(actor: Actor): Promise<number>;
  /** Whether what was checked then must be checked again. */
  changedSince(actor: Actor, mark: number): boolean;
  noticed(event: DomainEvent): void;
}

/** Asks the access subgraph about members, and believes its answer until an event has overtaken it. */
export function createMemberRights(access: SubgraphSource): MemberRights {
  const changes = overtaking();
  const changedSince = (actor: Actor, mark: number): boolean =>
    actor.embed !== undefined && changes.since(memberOf(actor), mark);
  return {
    changedSince,
    async check(actor) {
      for (;;) {
        const mark = changes.mark();
        if (actor.embed) await requireStillHeld(access, actor);
        if (!changedSince(actor, mark)) return mark;
      }
    },
    noticed(event) {
      if (event.type === 'member.changed') changes.changed(event.subjectId);
    },
  };
}

function memberOf({ memberId, id }: Actor): string {
  return memberId ?? id;
}

async function requireStillHeld(access: SubgraphSource, actor: Actor): Promise<void> {
  const data = await askAccess(access, {
    query,
    variables: { of: [{ __typename: 'Member', id: memberOf(actor) }] },
    organisationId: actor.organisationId,
    scopes: ['access:read'],
    about: 'The rights of the member',
  });
  const [member] = data['_entities'] as ({ active: boolean; roles: Role[] } | null)[];
  const held = member?.active ? scopesOf(member.roles) : [];
  if (member?.active && actor.scopes.every((scope) => held.includes(scope))) return;
  throw new CrossfootError('UNAUTHENTICATED', 'The member has lost rights since the session was made');
}
