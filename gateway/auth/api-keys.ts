import type { Actor } from '#kernel/actor';
import { CrossfootError } from '#kernel/errors';
import type { DomainEvent } from '#kernel/events';
import { rememberingMap, type RememberingMap } from '../operations/remembering-map.ts';
import type { SubgraphSource } from '../sources/subgraph-source.ts';
import { askAccess } from './ask-access.ts';
import { overtaking } from './overtaking.ts';

const keptMilliseconds = 1_000;
const keptKeys = 10_000;

/** Looks API keys up in the access subgraph and remembers the answer for a second at most. */
export interface ApiKeys {
  /**
   * The actor of the live key whose SHA-256 is given; throws UNAUTHENTICATED for any other, UNAVAILABLE when nobody can
   * say.
   */
  actorOf(secretHash: string): Promise<Actor>;
  /** Whether the key was live when it was last looked up, however long ago. */
  recognises(secretHash: string): boolean;
  /** Forgets what an event has overtaken: a revoked key, a member whose roles changed. */
  noticed(event: DomainEvent): void;
}

interface Kept {
  readonly actor: Promise<Actor | undefined>;
  readonly until: number;
}

const lookup = 'query KeyActor($secretHash: String!) { keyActor(secretHash: $secretHash) { actor } }';

/**
 * Keys as the access subgraph knows them. They are found by the hash of their secret: how long that takes tells of the
 * hash, which nobody can steer. What is not known is remembered apart, so that made-up keys push no good one out.
 */
export function createApiKeys(access: SubgraphSource, now: () => number = Date.now): ApiKeys {
  const live = rememberingMap<string, Kept>(keptKeys);
  const unknown = rememberingMap<string, Kept>(keptKeys);
  const recognised = rememberingMap<string, true>(keptKeys);
  /** By organisation: what its keys may do. */
  const rights = overtaking();
  const find = async (secretHash: string): Promise<Actor | undefined> => {
    for (;;) {
      const mark = rights.mark();
      const variables = { secretHash };
      const data = await askAccess(access, { query: lookup, variables, about: 'The API key' });
      const found = data['keyActor'] as { actor: string } | null | undefined;
      if (!found) return undefined;
      const actor = JSON.parse(found.actor) as Actor;
      // What was read before a revocation is asked again after it.
      if (!rights.since(actor.organisationId, mark)) return actor;
    }
  };
  const remembered = (secretHash: string): Promise<Actor | undefined> => {
    const known = live.get(secretHash) ?? unknown.get(secretHash);
    if (known && known.until > now()) return known.actor;
    const actor = find(secretHash);
    // From the beginning of the look-up, so that what is older than a second is never believed.
    const kept: Kept = { actor, until: now() + keptMilliseconds };
    const first = recognised.get(secretHash) ? live : unknown;
    first.keep(secretHash, kept);
    settle(actor, kept, { secretHash, first });
    return actor;
  };
  /** Puts an answer where it belongs, unless an event has made us forget the question meanwhile. */
  const settle = (
    actor: Promise<Actor | undefined>,
    kept: Kept,
    { secretHash, first }: { secretHash: string; first: RememberingMap<string, Kept> },
  ): void => {
    void actor.then(
      (found) => {
        if (first.get(secretHash) !== kept) return;
        const home = found ? live : unknown;
        if (found) recognised.keep(secretHash, true);
        else recognised.delete(secretHash);
        if (home === first) return;
        first.delete(secretHash);
        home.keep(secretHash, kept);
      },
      () => first.delete(secretHash),
    );
  };
  return {
    recognises: (secretHash) => recognised.get(secretHash) ?? false,
    async actorOf(secretHash) {
      const actor = await remembered(secretHash);
      if (!actor || (actor.expiresAt !== undefined && actor.expiresAt <= now())) {
        throw new CrossfootError('UNAUTHENTICATED', 'The API key is unknown, expired or revoked');
      }
      return actor;
    },
    noticed(event) {
      if (event.type === 'apiKey.revoked' || event.type === 'member.changed') {
        rights.changed(event.organisationId);
        // Such events are rare, and what is forgotten too much costs one look-up.
        live.clear();
      }
      // A key that somebody tried before it was made.
      if (event.type === 'apiKey.created') unknown.clear();
    },
  };
}
