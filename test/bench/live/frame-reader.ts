/** Counts what a server sends over a WebSocket, without the cost of a client library. */
export interface FrameReader {
  /** Takes what has arrived. */
  take(chunk: Buffer): void;
}

interface Frames {
  /** A text frame; its text only where it is wanted. */
  readonly message: (payload: Buffer | undefined) => void;
  readonly ping: () => void;
  readonly closed: () => void;
  readonly wantsText: () => boolean;
}

const textFrame = 0x81;
const closeFrame = 0x88;
const pingFrame = 0x89;

/** Reads whole unmasked frames; what is cut between two chunks is put together. */
export function frameReader(frames: Frames): FrameReader {
  let rest: Buffer | undefined;
  /** Bytes of a frame that are only counted away. */
  let skip = 0;
  return {
    take(chunk) {
      let bytes = chunk;
      let at = 0;
      if (skip > 0) {
        at = Math.min(skip, bytes.length);
        skip -= at;
      }
      if (rest) {
        bytes = Buffer.concat([rest, bytes]);
        rest = undefined;
      }
      while (at < bytes.length) {
        const left = bytes.length - at;
        const short = bytes[at + 1] ?? 0;
        const head = short < 126 ? 2 : short === 126 ? 4 : 10;
        if (left < head) break;
        const length =
          short < 126
            ? short
            : short === 126
              ? bytes.readUInt16BE(at + 2)
              : Number(bytes.readBigUInt64BE(at + 2));
        const kind = bytes[at];
        const whole = left >= head + length;
        if (kind === textFrame && !frames.wantsText()) {
          frames.message(undefined);
          at += head + length;
          continue;
        }
        if (!whole) break;
        if (kind === textFrame) frames.message(bytes.subarray(at + head, at + head + length));
        else if (kind === pingFrame) frames.ping();
        else if (kind === closeFrame) frames.closed();
        at += head + length;
      }
      if (at > bytes.length) skip = at - bytes.length;
      else if (at < bytes.length) rest = Buffer.from(bytes.subarray(at));
    },
  };
}

/** A masked text frame, as clients must send them; a mask of zeros leaves the text as it is. */
export function clientFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const head =
    payload.length < 126
      ? Buffer.from([textFrame, 0x80 | payload.length, 0, 0, 0, 0])
      : Buffer.from([textFrame, 0x80 | 126, payload.length >> 8, payload.length & 255, 0, 0, 0, 0]);
  return Buffer.concat([head, payload]);
}

/** The answer to a ping. */
export const pong = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);
