import type { ClientError } from '../error-format.ts';
import type { LiveMessage } from './message-batch.ts';

/** How messages travel in the body of an HTTP answer. */
export interface StreamFormat {
  readonly name: string;
  readonly contentType: string;
  /** What the body begins with, so that the client sees the answer at once. */
  readonly opening: string;
  /** What shows that the connection lives. */
  readonly heartbeat: string;
  /** A result as JSON. */
  readonly message: (payload: string | Buffer) => Buffer;
  /** What the body ends with; an error says why. */
  readonly ending: (error: ClientError | undefined) => string;
}

/** Server-sent events as the GraphQL over SSE protocol's distinct connections mode uses them. */
export const eventStreamFormat: StreamFormat = {
  name: 'event stream',
  contentType: 'text/event-stream; charset=utf-8',
  opening: ':\n\n',
  heartbeat: ':\n\n',
  message: (payload) => around('event: next\ndata: ', payload, '\n\n'),
  // Without data an EventSource would not see the event.
  ending: (error) =>
    `${error ? `event: next\ndata: ${JSON.stringify({ errors: [error] })}\n\n` : ''}event: complete\ndata: \n\n`,
};

const boundary = '\r\n--graphql';
const partHead = '\r\ncontent-type: application/json\r\n\r\n';

/** Multipart answers with `subscriptionSpec=1.0`, as Apollo's clients ask for them. */
export const multipartFormat: StreamFormat = {
  name: 'multipart',
  contentType: 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0',
  opening: boundary,
  heartbeat: `${partHead}{}${boundary}`,
  // The boundary behind a part tells clients that it is whole, so it goes out with the part.
  message: (payload) => around(`${partHead}{"payload":`, payload, `}${boundary}`),
  ending: (error) =>
    `${error ? `${partHead}${JSON.stringify({ payload: null, errors: [error] })}${boundary}` : ''}--\r\n`,
};

/** All messages of a batch in one piece. */
export function inFormat(messages: readonly LiveMessage[], format: StreamFormat): Buffer {
  return Buffer.concat(messages.map(({ payload }) => format.message(payload)));
}

function around(before: string, payload: string | Buffer, after: string): Buffer {
  return Buffer.concat([Buffer.from(before), Buffer.from(payload), Buffer.from(after)]);
}
