import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { codedError, type ClientError } from '../error-format.ts';
import type { Receiver } from './member.ts';
import { framesFor, nextFrames } from './socket-frames.ts';
import type { LiveSubscription } from './live-subscription.ts';

/** The connection of one operation. */
interface OperationSocket {
  readonly socket: WebSocket;
  /** The TCP connection below it. */
  readonly connection: Socket;
  /** The id the client gave to the operation. */
  readonly operationId: string;
}

/** An operation's place on its socket: messages go there directly, its end by way of graphql-ws. */
export interface SocketReceiver extends Receiver {
  /** What graphql-ws waits on: it starts the subscription, and ends or throws when the subscription does. */
  run(subscription: LiveSubscription): AsyncIterableIterator<never>;
}

/**
 * Whole frames are written below the `ws` library, so that a batch is framed once for all subscribers and goes out in
 * one write. That is safe because the library, too, writes a frame at a time when nothing is compressed. `over` is called
 * when the subscription has come to its end.
 */
export function socketReceiver(
  { socket, connection, operationId }: OperationSocket,
  over: (subscription: LiveSubscription) => void,
): SocketReceiver {
  const id = JSON.stringify(operationId);
  const shape = `socket ${Buffer.byteLength(id)}`;
  const ended = Promise.withResolvers<undefined>();
  // Whoever waits for the end hears of it; an end nobody waits for is no fault.
  ended.promise.catch(() => undefined);
  return {
    send(batch) {
      if (socket.readyState !== socket.OPEN) return;
      const frames = batch.shaped(shape, (messages) => nextFrames(messages, id));
      connection.write(framesFor(frames, id));
    },
    queuedBytes: () => connection.writableLength,
    onDrain: (taken) => connection.once('drain', taken),
    end(error) {
      if (error) ended.reject(thrown(error));
      else ended.resolve(undefined);
    },
    run(subscription) {
      const iterator: AsyncIterableIterator<never> = {
        async next() {
          subscription.start();
          await ended.promise.finally(() => over(subscription));
          return { done: true, value: undefined };
        },
        async return() {
          subscription.stop();
          ended.resolve(undefined);
          over(subscription);
          return { done: true, value: undefined };
        },
        [Symbol.asyncIterator]: () => iterator,
      };
      return iterator;
    },
  };
}

function thrown({ message, extensions }: ClientError): Error {
  return codedError(extensions.code, message, extensions);
}
