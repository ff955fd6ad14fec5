import type { Actor } from '#kernel/actor';
import { CrossfootError } from '#kernel/errors';
import type { DomainEvent } from '#kernel/events';

/** The longest delay timers take; longer ones would fire at once. A client so old may as well connect again. */
const longestTimer = 2_147_483_647;

/** How many connections may be open at a time; a connection is a socket or an HTTP stream. */
export interface ConnectionLimits {
  readonly perCredential: number;
  readonly perOrganisation: number;
  /** Operations one socket runs at a time. */
  readonly operationsPerSocket: number;
}

/** Why a connection is ended by us. */
export interface Ending {
  readonly message: string;
  /** Whether the credential is good for nothing any more; otherwise the client may connect again with it. */
  readonly final: boolean;
}

/** An open connection whose sender is known. */
export interface OpenConnection {
  /** The client has shown a newer credential; throws TOO_MANY_CONNECTIONS as `open` does. */
  renew(actor: Actor): void;
  /** It is closed. */
  close(): void;
}

/** The connections whose senders are known; ends them when their credential does. */
export interface OpenConnections {
  /** Keeps a connection until it closes; `end` is called at most once. Throws TOO_MANY_CONNECTIONS. */
  open(actor: Actor, end: (ending: Ending) => void): OpenConnection;
  /** Ends the connections whose rights an event has ended or changed. */
  noticed(event: DomainEvent): void;
}

/** Keeps account of connections. */
export function createOpenConnections(limits: ConnectionLimits): OpenConnections {
  const kept = new Set<Kept>();
  const counts = new Map<string, number>();
  const count = (actor: Actor, by: 1 | -1): void => {
    for (const key of [credentialOf(actor), organisationOf(actor)]) {
      const now = (counts.get(key) ?? 0) + by;
      if (now > 0) counts.set(key, now);
      else counts.delete(key);
    }
  };
  const admit = (actor: Actor): void => {
    requireRoom(counts.get(credentialOf(actor)) ?? 0, limits.perCredential, 'This credential');
    requireRoom(counts.get(organisationOf(actor)) ?? 0, limits.perOrganisation, 'The organisation');
    count(actor, 1);
  };
  return {
    open(actor, end) {
      admit(actor);
      const one: Kept = { actor, end, timer: undefined };
      const watch = (): void => {
        clearTimeout(one.timer);
        one.timer = expiryTimer(one.actor, () => end({ message: 'The token has expired', final: false }));
      };
      kept.add(one);
      watch();
      return {
        renew(newer) {
          // It may have closed while the newer credential was looked up.
          if (!kept.has(one)) return;
          count(one.actor, -1);
          try {
            admit(newer);
          } catch (error) {
            count(one.actor, 1);
            throw error;
          }
          one.actor = newer;
          watch();
        },
        close() {
          clearTimeout(one.timer);
          if (kept.delete(one)) count(one.actor, -1);
        },
      };
    },
    noticed(event) {
      if (event.type !== 'apiKey.revoked' && event.type !== 'member.changed') return;
      for (const { actor, end } of kept) {
        if (event.type === 'apiKey.revoked' && actor.credentialId === event.subjectId) {
          end({ message: 'The API key was revoked', final: true });
        } else if (event.type === 'member.changed' && actor.memberId === event.subjectId) {
          end({ message: 'The rights of the member have changed', final: false });
        }
      }
    },
  };
}

interface Kept {
  actor: Actor;
  readonly end: (ending: Ending) => void;
  timer: NodeJS.Timeout | undefined;
}

/** A token without an id of its own is told by whom it is for. */
function credentialOf(actor: Actor): string {
  return `${organisationOf(actor)} ${actor.credentialId ?? actor.id}`;
}

function organisationOf(actor: Actor): string {
  return actor.organisationId;
}

function requireRoom(open: number, limit: number, who: string): void {
  if (open < limit) return;
  throw new CrossfootError(
    'TOO_MANY_CONNECTIONS',
    `${who} has the ${limit} connections open that it may have`,
  );
}

function expiryTimer(actor: Actor, expire: () => void): NodeJS.Timeout | undefined {
  if (actor.expiresAt === undefined) return undefined;
  return setTimeout(expire, Math.min(Math.max(actor.expiresAt - Date.now(), 0), longestTimer));
}
