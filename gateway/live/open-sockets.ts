import { CloseCode } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Actor } from '#kernel/actor';
import type { DomainEvent } from '#kernel/events';

/** The longest delay timers take; longer ones would fire at once. A client so old may as well connect again. */
const longestTimer = 2_147_483_647;

/** The sockets whose senders are known; closes them when their credential ends. */
export interface OpenSockets {
  /** Keeps a socket from now until it closes; it is closed when the actor's credential expires. */
  add(socket: WebSocket, actor: Actor): void;
  /** Closes the sockets whose rights an event has ended or changed. */
  noticed(event: DomainEvent): void;
}

/** Keeps account of sockets. Clients reconnect by themselves after 4403, not after 4401. */
export function createOpenSockets(): OpenSockets {
  const actors = new Map<WebSocket, Actor>();
  return {
    add(socket, actor) {
      actors.set(socket, actor);
      const timer = expiryTimer(actor, () => socket.close(CloseCode.Forbidden, 'The token has expired'));
      socket.once('close', () => {
        clearTimeout(timer);
        actors.delete(socket);
      });
    },
    noticed(event) {
      for (const [socket, actor] of actors) {
        if (actor.kind !== 'key') continue;
        if (event.type === 'apiKey.revoked' && actor.credentialId === event.subjectId) {
          socket.close(CloseCode.Unauthorized, 'The API key was revoked');
        } else if (event.type === 'member.changed' && actor.memberId === event.subjectId) {
          socket.close(CloseCode.Forbidden, 'The rights of the member have changed');
        }
      }
    },
  };
}

function expiryTimer(actor: Actor, expire: () => void): NodeJS.Timeout | undefined {
  if (actor.expiresAt === undefined) return undefined;
  return setTimeout(expire, Math.min(Math.max(actor.expiresAt - Date.now(), 0), longestTimer));
}
