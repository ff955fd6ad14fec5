import { constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Below this many characters packing costs more than it saves. */
const worthwhile = 2_048;

/** Packs a long answer for a client that takes gzip, and hands on what is to be sent. */
export function compress(
  { request, reply, payload }: { request: FastifyRequest; reply: FastifyReply; payload: unknown },
  done: (error: Error | null, payload?: unknown) => void,
): void {
  // By callback: most answers are sent as they are and should wait for no promise.
  if (typeof payload !== 'string' || payload.length < worthwhile) {
    done(null, payload);
    return;
  }
  reply.header('vary', 'Origin, Accept-Encoding');
  if (!takesGzip(request.headers['accept-encoding'])) {
    done(null, payload);
    return;
  }
  gzip(payload, { level: constants.Z_BEST_SPEED }, (error, packed) => {
    if (!error) reply.header('content-encoding', 'gzip').header('content-length', packed.length);
    done(error, packed);
  });
}

/** `gzip;q=0` is a refusal. */
function takesGzip(header: string | string[] | undefined): boolean {
  const found = /(?:^|,)\s*(?:gzip|\*)\s*(?:;\s*q=([\d.]+))?\s*(?:,|$)/i.exec(String(header ?? ''));
  return found !== null && Number(found[1] ?? 1) > 0;
}
