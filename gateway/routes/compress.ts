import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Below this many characters packing costs more than it saves. */
const worthwhile = 2_048;
const pack = promisify(gzip);

/** A hook that packs long answers for clients that take gzip. */
export async function compressed(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  if (typeof payload !== 'string' || payload.length < worthwhile) return payload;
  reply.header('vary', 'Origin, Accept-Encoding');
  if (!takesGzip(request.headers['accept-encoding'])) return payload;
  const packed = await pack(payload, { level: constants.Z_BEST_SPEED });
  reply.header('content-encoding', 'gzip').header('content-length', packed.length);
  return packed;
}

/** `gzip;q=0` is a refusal. */
function takesGzip(header: string | string[] | undefined): boolean {
  const found = /(?:^|,)\s*(?:gzip|\*)\s*(?:;\s*q=([\d.]+))?\s*(?:,|$)/i.exec(String(header ?? ''));
  return found !== null && Number(found[1] ?? 1) > 0;
}
