import type { LiveMessage } from './message-batch.ts';

/**
 * WebSocket frames (RFC 6455) of `next` messages, one behind the other. They are made once for a whole batch and then
 * differ between subscribers in nothing but the id of the operation, which has its places here.
 */
export interface NextFrames {
  readonly bytes: Buffer;
  /** The id the bytes hold, as JSON. */
  readonly id: string;
  /** Where each frame holds it. */
  readonly places: readonly number[];
}

const finalText = 0x81;
const mediumLength = 126;
const largeLength = 127;

/** Writes a batch for one operation id, given as JSON text. Frames of servers are not masked. */
export function nextFrames(messages: readonly LiveMessage[], id: string): NextFrames {
  const head = Buffer.from(`{"id":${id},"type":"next","payload":`);
  const tail = Buffer.from('}');
  const places: number[] = [];
  const parts: Buffer[] = [];
  let written = 0;
  for (const { payload } of messages) {
    const start = frameStart(head.length + payload.length + tail.length);
    places.push(written + start.length + '{"id":'.length);
    parts.push(start, head, payload, tail);
    written += start.length + head.length + payload.length + tail.length;
  }
  return { bytes: Buffer.concat(parts, written), id, places };
}

/** The same frames for another id of the same length in bytes. */
export function framesFor(frames: NextFrames, id: string): Buffer {
  if (frames.id === id) return frames.bytes;
  const copy = Buffer.allocUnsafe(frames.bytes.length);
  frames.bytes.copy(copy);
  for (const place of frames.places) copy.write(id, place);
  return copy;
}

function frameStart(length: number): Buffer {
  if (length < mediumLength) return Buffer.from([finalText, length]);
  if (length < 65_536) {
    const start = Buffer.from([finalText, mediumLength, 0, 0]);
    start.writeUInt16BE(length, 2);
    return start;
  }
  const start = Buffer.alloc(10);
  start[0] = finalText;
  start[1] = largeLength;
  start.writeBigUInt64BE(BigInt(length), 2);
  return start;
}
