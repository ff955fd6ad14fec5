import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { Receiver } from './member.ts';
import { inFormat, type StreamFormat } from './stream-formats.ts';

const heartbeatMilliseconds = 10_000;

/** So many heartbeats during which the client took nothing of what waits, and the connection counts as dead. */
const heartbeatsWithoutLife = 3;

/** An HTTP answer that goes on and on. */
export interface HttpStream {
  readonly receiver: Receiver;
  /** Sends the head; `closed` is called when the connection has ended, from whichever side. */
  open(closed: () => void): void;
  /** Sends one result that is no event's. */
  message(payload: string): void;
}

/** Takes the answer out of the hands of the HTTP server. */
export function httpStream(reply: FastifyReply, format: StreamFormat): HttpStream {
  const { raw } = reply;
  const write = (bytes: string | Buffer): void => {
    if (!raw.writableEnded && !raw.destroyed) raw.write(bytes);
  };
  return {
    receiver: {
      send(batch) {
        // The shape lives in an object, and a Buffer is one.
        write(batch.shaped(format.name, (messages) => inFormat(messages, format)));
      },
      queuedBytes: () => raw.writableLength,
      onDrain: (taken) => raw.once('drain', taken),
      end(error) {
        if (!raw.writableEnded) raw.end(format.ending(error));
      },
    },
    open(closed) {
      reply.hijack();
      const heartbeat = setInterval(
        beat(reply, () => write(format.heartbeat)),
        heartbeatMilliseconds,
      );
      raw.once('close', () => {
        clearInterval(heartbeat);
        closed();
      });
      raw.on('error', () => raw.destroy());
      raw.writeHead(200, {
        ...(reply.getHeaders() as OutgoingHttpHeaders),
        'content-type': format.contentType,
        'cache-control': 'no-store',
        // Proxies must not collect what should go out at once.
        'x-accel-buffering': 'no',
      });
      raw.socket?.setNoDelay(true);
      raw.write(format.opening);
      if (raw.destroyed) raw.emit('close');
    },
    message: (payload) => write(format.message(payload)),
  };
}

/** A heartbeat; one that finds that nothing moves any more cuts the connection, which the client may never do. */
function beat({ raw }: FastifyReply, send: () => void): () => void {
  let untaken = 0;
  let takenBefore = 0;
  return () => {
    const taken = (raw.socket?.bytesWritten ?? 0) - raw.writableLength;
    untaken = raw.writableLength > 0 && taken === takenBefore ? untaken + 1 : 0;
    takenBefore = taken;
    if (untaken > heartbeatsWithoutLife) raw.destroy();
    else send();
  };
}
