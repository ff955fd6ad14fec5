/** Takes the bytes of one connection and calls back once for each HTTP/1.1 message in them, in order. */
export type MessageReader = (chunk: Buffer) => void;

const endOfHead = Buffer.from('\r\n\r\n');
const none: Buffer = Buffer.alloc(0);

/**
 * Reads messages whose length is told by `content-length` or in chunks; one that tells neither has no body. Both the
 * loader and the subgraphs read with it: a server or client library would take the core that the gateway is fed from.
 */
export function readMessages(onMessage: (head: string, body: Buffer) => void): MessageReader {
  let rest = none;
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length > 0) {
      const message = takeMessage(rest);
      if (!message) return;
      rest = rest.subarray(message.end);
      onMessage(message.head, message.body);
    }
  };
}

interface Message {
  readonly head: string;
  readonly body: Buffer;
  readonly end: number;
}

function takeMessage(bytes: Buffer): Message | undefined {
  const headEnd = bytes.indexOf(endOfHead);
  if (headEnd < 0) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  const start = headEnd + 4;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) {
    const end = start + Number(length);
    return end > bytes.length ? undefined : { head, body: bytes.subarray(start, end), end };
  }
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return takeChunks(bytes, { head, start });
  return { head, body: none, end: start };
}

function takeChunks(
  bytes: Buffer,
  from: { readonly head: string; readonly start: number },
): Message | undefined {
  const parts: Buffer[] = [];
  let at = from.start;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const length = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const end = lineEnd + 2 + length + 2;
    if (end > bytes.length) return undefined;
    if (length === 0) return { head: from.head, body: Buffer.concat(parts), end };
    parts.push(bytes.subarray(lineEnd + 2, end - 2));
    at = end;
  }
}
