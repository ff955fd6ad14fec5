import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FormattedExecutionResult } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Log } from '#kernel/log';
import type { Authenticator } from '../auth/authenticate.ts';
import { toClientError } from '../error-format.ts';
import { faultOf } from '../routes/request-hygiene.ts';
import type { OpenConnections } from './open-connections.ts';
import {
  prepareOperation,
  type Connection,
  type KnownSender,
  type SocketOperation,
  type SocketOperationOptions,
} from './socket-operation.ts';
import { introduce, renew } from './socket-sender.ts';

const largestMessageBytes = 1024 * 1024;
const heartbeatMilliseconds = 12_000;
const goingAway = 1001;
const closingMilliseconds = 2_000;

/** What sockets need to know whom they serve and with what. */
export interface SocketServerOptions extends SocketOperationOptions {
  readonly authenticator: Authenticator;
  readonly connections: OpenConnections;
  readonly log: Log;
}

/** Serves GraphQL over WebSocket (graphql-transport-ws) on the HTTP server's `/graphql`; answers how to stop. */
export function serveSockets(server: Server, options: SocketServerOptions): () => Promise<void> {
  // Compressing would cost each subscriber what is otherwise done once for all.
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: largestMessageBytes,
    perMessageDeflate: false,
  });
  useServer<Record<string, unknown>, { sender?: KnownSender }>(
    {
      onConnect: (context) => introduce(context as Connection, options),
      onPing: (context, payload) => renew(context as Connection, payload, options),
      onSubscribe: (context, id, payload) =>
        prepareOperation(context as Connection, { id, payload }, options),
      execute: (args) => (args as SocketOperation).open() as never,
      subscribe: (args) => (args as SocketOperation).open() as never,
      // Results and errors have their outward shape already; left alone, the library would look for its own.
      onNext: (_context, _id, _payload, _args, result) => result as FormattedExecutionResult,
      onError: (_context, _id, _payload, errors) => errors.map((error) => toClientError(error)),
    },
    sockets,
    heartbeatMilliseconds,
  );
  sockets.on('connection', (socket) => {
    // The library would print what a client does wrong on the console; ws has closed the socket by then.
    socket.removeAllListeners('error');
    socket.on('error', (error) => options.log.debug({ err: error }, 'a socket broke off'));
    options.metrics.liveSockets.inc();
    socket.once('close', () => options.metrics.liveSockets.dec());
  });
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Node leaves a socket that asks for an upgrade without a listener, and an error nobody hears ends the process.
    socket.on('error', () => socket.destroy());
    if (request.url?.split('?', 1)[0] !== '/graphql') {
      refuse(socket, '404 Not Found');
      return;
    }
    if (faultOf(request)) {
      refuse(socket, '400 Bad Request');
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

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\n\r\n`, () => socket.destroy());
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
