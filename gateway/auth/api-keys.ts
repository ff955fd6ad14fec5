import type { Actor } from '#kernel/actor';
import { sha256Hex } from '#kernel/canonical';
import { CrossfootError } from '#kernel/errors';
import type { DomainEvent } from '#kernel/events';
import { currentTraceId } from '../trace.ts';
import type { SubgraphSource } from '../sources/subgraph-source.ts';

const keptMilliseconds = 1_000;
const keptKeys = 10_000;

/** Looks API keys up in the access subgraph and remembers the answer for a second at most. */
export interface ApiKeys {
  /** The actor of a live key; throws UNAUTHENTICATED for any other text, UNAVAILABLE when nobody can say. */
  actorOf(secret: string): Promise<Actor>;
  /** Forgets what an event has overtaken: a revoked key, a member whose roles changed. */
  noticed(event: DomainEvent): void;
}

interface Kept {
  readonly actor: Promise<Actor | undefined>;
  readonly until: number;
}

const lookup = 'query KeyActor($secretHash: String!) { keyActor(secretHash: $secretHash) { actor } }';

/** The actor under which the gateway itself asks; it belongs to no organisation and reads no rows. */
const gatewayActor: Actor = {
  kind: 'system',
  id: 'gateway',
  name: 'gateway',
  organisationId: 'platform',
  scopes: ['platform:internal'],
  source: 'system',
};

/** Keys as the access subgraph knows them. */
export function createApiKeys(access: SubgraphSource): ApiKeys {
  const kept = new Map<string, Kept>();
  const find = async (secretHash: string): Promise<Actor | undefined> => {
    const actor = { ...gatewayActor, traceId: currentTraceId() };
    const answer = await access.execute({ query: lookup, variables: { secretHash }, actor });
    if (answer.errors) {
      throw new CrossfootError('UNAVAILABLE', 'The API key cannot be checked at the moment', {
        cause: answer.errors[0],
      });
    }
    const found = answer.data?.['keyActor'] as { actor: string } | null | undefined;
    return found ? (JSON.parse(found.actor) as Actor) : undefined;
  };
  const remembered = (secretHash: string): Promise<Actor | undefined> => {
    const known = kept.get(secretHash);
    if (known && known.until > Date.now()) return known.actor;
    const actor = find(secretHash);
    kept.delete(secretHash);
    if (kept.size >= keptKeys) kept.delete(kept.keys().next().value ?? '');
    kept.set(secretHash, { actor, until: Date.now() + keptMilliseconds });
    actor.catch(() => kept.delete(secretHash));
    return actor;
  };
  return {
    async actorOf(secret) {
      const actor = await remembered(sha256Hex(secret));
      if (!actor || (actor.expiresAt !== undefined && actor.expiresAt <= Date.now())) {
        throw new CrossfootError('UNAUTHENTICATED', 'The API key is unknown, expired or revoked');
      }
      return actor;
    },
    noticed(event) {
      // Such events are rare, and what is forgotten too much costs one look-up.
      if (event.type === 'apiKey.revoked' || event.type === 'member.changed') kept.clear();
    },
  };
}
