import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ExecutionArgs, FormattedExecutionResult, GraphQLError, GraphQLSchema } from 'graphql';
import { CloseCode, type Context as SocketContext, type SubscribePayload } from 'graphql-ws';
import { useServer, type Extra } from 'graphql-ws/use/ws';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Actor } from '#kernel/actor';
import { CrossfootError } from '#kernel/errors';
import type { Log } from '#kernel/log';
import type { AdmittedOperation, OperationRequest } from '../admission.ts';
import type { Authenticator } from '../authenticate.ts';
import { codedError, toClientError } from '../error-format.ts';
import type { Metrics } from '../metrics.ts';
import { newTraceId, withTrace } from '../trace.ts';
import type { OpenSockets } from './open-sockets.ts';
import type { LiveResult, Subscribe } from './subscriptions.ts';

const largestMessageBytes = 1024 * 1024;
const congestedBytes = 4 * 1024 * 1024;
const operationsOfSocket = 100;
const tryAgainLater = 1013;
const goingAway = 1001;
const closingMilliseconds = 2_000;

/** What a socket needs to know whom it serves and with what. */
export interface SocketServerOptions {
  readonly schema: GraphQLSchema;
  readonly authenticator: Authenticator;
  readonly admit: (request: OperationRequest) => AdmittedOperation;
  readonly subscribe: Subscribe;
  /** Answers queries and mutations, as over HTTP. */
  readonly execute: (request: OperationRequest, actor: Actor) => Promise<FormattedExecutionResult>;
  readonly sockets: OpenSockets;
  readonly metrics: Metrics;
  readonly log: Log;
}

interface Known extends Record<PropertyKey, unknown> {
  /** Who sent the connection's first message. */
  readonly actor: Actor;
}
type Connection = SocketContext<Record<string, unknown> | undefined, Extra & { actor?: Actor }>;

/** An operation on its way through graphql-ws. */
interface SocketOperation extends ExecutionArgs {
  readonly open: () => Promise<FormattedExecutionResult> | AsyncIterableIterator<LiveResult>;
}

/** Serves GraphQL over WebSocket (graphql-transport-ws) on the HTTP server's `/graphql`; answers how to stop. */
export function serveSockets(server: Server, options: SocketServerOptions): () => Promise<void> {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestMessageBytes });
  useServer<Record<string, unknown>, Partial<Known>>(
    {
      onConnect: (context) => connect(context as Connection, options),
      onSubscribe: (context, _id, payload) => prepare(context as Connection, payload, options),
      execute: (args) => (args as SocketOperation).open() as never,
      subscribe: (args) => (args as SocketOperation).open() as never,
      // Results and errors have their outward shape already; left alone, the library would look for its own.
      onNext: (_context, _id, _payload, _args, result) => result as FormattedExecutionResult,
      onError: (_context, _id, _payload, errors) => errors.map((error) => toClientError(error)),
    },
    sockets,
  );
  sockets.on('connection', (socket) => {
    // The library would print what a client does wrong on the console; ws has closed the socket by then.
    socket.removeAllListeners('error');
    socket.on('error', (error) => options.log.debug({ err: error }, 'a socket broke off'));
    options.metrics.liveSockets.inc();
    socket.once('close', () => options.metrics.liveSockets.dec());
  });
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (new URL(request.url ?? '/', 'http://localhost').pathname !== '/graphql') {
      socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request));
  };
  server.on('upgrade', upgrade);
  return async () => {
    server.off('upgrade', upgrade);
    await Promise.all([...sockets.clients].map(sayGoodbye));
    sockets.close();
  };
}

/** Finds out who connects. Without a live credential the socket is closed with 4401. */
async function connect(context: Connection, options: SocketServerOptions): Promise<boolean> {
  const { socket, request } = context.extra;
  const parameters = context.connectionParams ?? {};
  const authorization =
    parameters['authorization'] ?? parameters['Authorization'] ?? request.headers.authorization;
  try {
    const actor = await withTrace(newTraceId(), () => options.authenticator.authenticate(authorization));
    context.extra.actor = actor;
    options.sockets.add(socket, actor);
    return true;
  } catch (error) {
    const refused = error instanceof CrossfootError && error.code === 'UNAUTHENTICATED';
    if (refused) socket.close(CloseCode.Unauthorized, 'Unauthorized');
    else socket.close(tryAgainLater, 'The credential cannot be checked at the moment');
    return false;
  }
}

/** Admits an operation and opens it if it is a subscription, so that refusals travel as the protocol's errors. */
async function prepare(
  context: Connection,
  payload: SubscribePayload,
  options: SocketServerOptions,
): Promise<SocketOperation | GraphQLError[]> {
  const traceId = newTraceId();
  return withTrace(traceId, async () => {
    try {
      const { actor, request, admitted } = admit(context, payload, options);
      const traced: Actor = { ...actor, traceId };
      const args = {
        schema: options.schema,
        document: admitted.document,
        operationName: request.operationName,
      };
      if (admitted.operation.operation !== 'subscription') {
        return { ...args, open: () => withTrace(traceId, () => options.execute(request, traced)) };
      }
      const { socket } = context.extra;
      const congested = (): boolean => socket.bufferedAmount > congestedBytes;
      const opened = await options.subscribe(request, admitted, { actor: traced, congested });
      return { ...args, open: () => opened };
    } catch (error) {
      const { message, extensions } = toClientError(error);
      options.metrics.operations.inc({ type: 'subscription', outcome: 'refused' });
      return [codedError(extensions.code, message, extensions)];
    }
  });
}

function admit(
  context: Connection,
  payload: SubscribePayload,
  options: SocketServerOptions,
): { actor: Actor; request: OperationRequest; admitted: AdmittedOperation } {
  const { actor } = context.extra;
  if (!actor) throw codedError('UNAUTHENTICATED', 'The connection has not said who it is');
  if (Object.keys(context.subscriptions).length > operationsOfSocket) {
    throw codedError(
      'OPERATION_TOO_COMPLEX',
      `A socket runs at most ${operationsOfSocket} operations at a time`,
    );
  }
  const request: OperationRequest = {
    query: payload.query,
    operationName: payload.operationName ?? undefined,
    variables: payload.variables ?? {},
  };
  return { actor, request, admitted: options.admit(request) };
}

/** Says goodbye and, to whoever does not answer, slams the door. */
function sayGoodbye(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.terminate(), closingMilliseconds);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.close(goingAway, 'The gateway is stopping');
  });
}
