import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { CrossfootError, remedies } from '#kernel/errors';

/** More than any client sends; each costs memory before anybody is authenticated. */
const headersAtMost = 100;
const namesOfCredentials = /[?&](access_token|id_token|token|api_?key|authorization|bearer)=/i;

/** What is wrong with a request before anything of it is looked at; undefined for most. */
export function faultOf({
  url = '',
  rawHeaders,
}: Pick<IncomingMessage, 'url' | 'rawHeaders'>): CrossfootError | undefined {
  if (rawHeaders.length > 2 * headersAtMost) {
    return new CrossfootError('BAD_REQUEST', `A request has at most ${headersAtMost} headers`);
  }
  if (url.includes('?') && namesOfCredentials.test(url)) {
    return new CrossfootError(
      'BAD_REQUEST',
      'Addresses end up in logs and histories: send the credential in the Authorization header',
    );
  }
  return undefined;
}

/**
 * Drops headers that mean something between the gateway and its subgraphs; nobody outside may speak for the gateway.
 */
export function dropInnerHeaders(headers: IncomingMessage['headers']): void {
  for (const name of Object.keys(headers)) if (name.startsWith('x-crossfoot-')) delete headers[name];
}

/** Answers what is no HTTP request, or is too slow or too large to become one, in the shape of all errors. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, message] = unreadable[error.code ?? ''] ?? ['400 Bad Request', 'This is no HTTP request'];
  const extensions = { code: 'BAD_REQUEST', remedy: remedies.BAD_REQUEST };
  const body = JSON.stringify({ errors: [{ message, extensions }] });
  const head = [
    `HTTP/1.1 ${status}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

const unreadable: Readonly<Record<string, readonly [status: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers are larger than 16 KB'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request took too long to arrive'],
};
