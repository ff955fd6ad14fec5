import { CloseCode } from 'graphql-ws';
import type { Actor } from '#kernel/actor';
import { CrossfootError } from '#kernel/errors';
import type { Authenticator } from '../auth/authenticate.ts';
import { codedError, toClientError } from '../error-format.ts';
import { clientProgram } from '../operations/client-program.ts';
import { rightsKeyOf } from '../sources/scope-key.ts';
import { newTraceId, withTrace } from '../trace.ts';
import type { Ending, OpenConnections } from './open-connections.ts';
import type { Connection, KnownSender } from './socket-operation.ts';

const tryAgainLater = 1013;

interface SenderOptions {
  readonly authenticator: Authenticator;
  readonly connections: OpenConnections;
}

/** Finds out who connects. Without a live credential the socket is closed with 4401. */
export async function introduce(context: Connection, options: SenderOptions): Promise<boolean> {
  const { socket, request } = context.extra;
  const parameters = context.connectionParams ?? {};
  const authorization =
    parameters['authorization'] ?? parameters['Authorization'] ?? request.headers.authorization;
  try {
    const actor = await identify(context, authorization, options);
    const open = options.connections.open(actor, (ending) => endSocket(context, ending));
    const sender: KnownSender = {
      actor,
      client: clientProgram({ ...request.headers, ...parameters }),
      open,
      preparing: new Map(),
      live: new Set(),
    };
    socket.once('close', () => {
      open.close();
      for (const subscription of sender.live) subscription.stop();
    });
    context.extra.sender = sender;
    // It may have closed while its credential was looked up.
    if (socket.readyState !== socket.OPEN) open.close();
    return true;
  } catch (error) {
    refuse(context, error);
    return false;
  }
}

/**
 * Takes a newer credential from a ping's payload, `{ "authorization": "Bearer …" }`, so that a socket outlives its
 * token. It must be for the same person with the same rights; otherwise the socket is closed.
 */
export async function renew(context: Connection, payload: unknown, options: SenderOptions): Promise<void> {
  const { sender } = context.extra;
  const authorization = (payload as { authorization?: unknown } | undefined)?.authorization;
  if (!sender || authorization === undefined) return;
  try {
    const actor = await identify(context, authorization, options);
    if (rightsKeyOf(actor) !== rightsKeyOf(sender.actor) || personOf(actor) !== personOf(sender.actor)) {
      endSocket(context, { message: 'The new token is for somebody else or for other rights', final: false });
      return;
    }
    sender.open.renew(actor);
    sender.actor = actor;
  } catch (error) {
    refuse(context, error);
  }
}

function identify(
  { extra: { request } }: Connection,
  authorization: unknown,
  { authenticator }: SenderOptions,
): Promise<Actor> {
  return withTrace(newTraceId(), () => authenticator.authenticate(authorization, request));
}

function personOf(actor: Actor): string {
  return actor.memberId ?? actor.id;
}

function refuse({ extra: { socket } }: Connection, error: unknown): void {
  const code = error instanceof CrossfootError ? error.code : 'INTERNAL';
  if (code === 'UNAUTHENTICATED') socket.close(CloseCode.Unauthorized, 'Unauthorized');
  else if (code === 'TOO_MANY_CONNECTIONS') socket.close(tryAgainLater, code);
  else socket.close(tryAgainLater, 'The credential cannot be checked at the moment');
}

/**
 * Tells every subscription why it ends and where to resume, then closes. Clients connect again by themselves after
 * 4403, not after 4401.
 */
function endSocket({ extra: { socket, sender } }: Connection, { message, final }: Ending): void {
  const error = toClientError(codedError('SUBSCRIPTION_AUTH_EXPIRED', message));
  for (const subscription of sender?.live ?? []) subscription.end(error);
  // The library sends these errors before this turn is over.
  setImmediate(() => socket.close(final ? CloseCode.Unauthorized : CloseCode.Forbidden, message));
}
