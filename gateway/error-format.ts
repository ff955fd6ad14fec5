import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { CrossfootError, remedies, type ErrorCode } from '#kernel/errors';
import { currentTraceId } from './trace.ts';

/** The one shape of errors towards clients, in GraphQL answers and in those of the plain routes. */
export interface ClientError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly locations?: GraphQLFormattedError['locations'];
  readonly extensions: {
    readonly code: ErrorCode;
    readonly remedy: string;
    readonly traceId: string;
    /** Where to resume, on errors that end a subscription. */
    readonly lastCursor?: string;
    /** How long to wait before trying again, on RATE_LIMITED. */
    readonly retryAfterMs?: number;
  };
}

const masked = 'Something went wrong on our side';

/** Codes of others, as ours. */
const translated: Readonly<Record<string, ErrorCode>> = {
  INTERNAL_SERVER_ERROR: 'INTERNAL',
  DOWNSTREAM_SERVICE_ERROR: 'INTERNAL',
};

/** Gives an error its outward shape. Unknown codes become INTERNAL with a message that tells nothing. */
export function toClientError(error: unknown): ClientError {
  const { message, path, locations, extensions } = partsOf(error);
  const code = codeOf(extensions?.['code']);
  const lastCursor = extensions?.['lastCursor'];
  const traceId = extensions?.['traceId'];
  const retryAfterMs = extensions?.['retryAfterMs'];
  return {
    message: code === 'INTERNAL' ? masked : shortened(message),
    ...(locations ? { locations } : {}),
    ...(path ? { path } : {}),
    extensions: {
      code,
      remedy: remedies[code],
      // An error that is shown a second time keeps its trace.
      traceId: typeof traceId === 'string' ? traceId : currentTraceId(),
      ...(typeof lastCursor === 'string' ? { lastCursor } : {}),
      ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}),
    },
  };
}

/** A GraphQL error with one of our codes; `more` goes into the extensions. */
export function codedError(
  code: ErrorCode,
  message: string,
  more: Readonly<Record<string, unknown>> = {},
): GraphQLError {
  return new GraphQLError(message, { extensions: { code, remedy: remedies[code], ...more } });
}

const statuses: Readonly<Partial<Record<ErrorCode, number>>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  FILE_TOO_LARGE: 413,
  // Clients take it for an answer, upon which they send the text.
  PERSISTED_QUERY_NOT_FOUND: 200,
  OPERATION_NOT_REGISTERED: 403,
  RATE_LIMITED: 429,
  TOO_MANY_CONNECTIONS: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
};

/** The HTTP status that fits a code, for answers that are nothing but an error. */
export function statusOf(code: ErrorCode): number {
  return statuses[code] ?? 400;
}

function partsOf(error: unknown): GraphQLFormattedError {
  if (error instanceof CrossfootError) return { message: error.message, extensions: { code: error.code } };
  if (error instanceof GraphQLError) return error.toJSON();
  if (typeof error === 'object' && error !== null && 'message' in error && 'extensions' in error) {
    return error as GraphQLFormattedError;
  }
  return { message: masked, extensions: { code: 'INTERNAL' } };
}

function codeOf(code: unknown): ErrorCode {
  const text = String(code);
  if (text in remedies) return text as ErrorCode;
  return translated[text] ?? 'INTERNAL';
}

/** Messages quote the input they are about, which may be large. */
function shortened(message: string): string {
  return message.length > 1_000 ? `${message.slice(0, 1_000)}…` : message;
}
