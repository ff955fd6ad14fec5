import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Actor } from '#kernel/actor';
import { CrossfootError, remedies, type ErrorCode } from '#kernel/errors';
import type { Log } from '#kernel/log';
import type { Span, Tracing } from '#kernel/tracing';
import type { Authenticator } from '../auth/authenticate.ts';
import { statusOf, toClientError } from '../error-format.ts';
import { traceRequests } from '../observability/request-spans.ts';
import { traceIdOf, withTrace } from '../trace.ts';
import { answerUnreadable, dropInnerHeaders, faultOf } from './request-hygiene.ts';

declare module 'fastify' {
  interface FastifyRequest {
    traceId: string;
    /** The span of the request, where its trace is recorded. */
    span: Span | undefined;
    /** Set by `authenticated`; reading it on a route without that hook is a fault of ours. */
    actor: Actor | undefined;
  }
}

/** What the guard stands on. */
export interface GuardOptions {
  readonly log: Log;
  readonly allowedOrigins: readonly string[];
  readonly tracing?: Tracing | undefined;
}

/** What holds for every request: a trace id, no smuggled headers, safe answer headers, errors of one shape. */
export function guardRequests(server: FastifyInstance, options: GuardOptions): void {
  server.decorateRequest('traceId', '');
  server.decorateRequest('actor', undefined);
  server.decorateRequest('span', undefined);
  server.addHook('onRequest', (request, reply, done) => {
    dropInnerHeaders(request.headers);
    request.traceId = traceIdOf(request.headers['traceparent']);
    reply.headers({
      'x-trace-id': request.traceId,
      // Answers are for who asked; routes of files that are for all say so themselves.
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
    const fault = faultOf(request.raw);
    withTrace(request.traceId, () => done(fault));
  });
  server.server.removeAllListeners('clientError').on('clientError', answerUnreadable);
  if (options.tracing) traceRequests(server, options.tracing);
  // The body arrives by events of the socket, which know nothing of the hook above.
  server.addHook('preValidation', (request, _reply, done) => withTrace(request.traceId, done));
  allowOrigins(server, options.allowedOrigins);
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const shown = withTrace(request.traceId, () => toClientError(asCoded(error)));
    const status = error.statusCode && error.statusCode >= 400 ? error.statusCode : undefined;
    const code = status === 413 ? 413 : statusOf(shown.extensions.code);
    if (code >= 500) options.log.error({ err: error, traceId: request.traceId }, 'a request failed');
    if (code === 401) reply.header('www-authenticate', 'Bearer');
    const { retryAfterMs } = shown.extensions;
    if (retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(retryAfterMs / 1000));
    return reply
      .code(code)
      .type('application/json; charset=utf-8')
      .send({ errors: [shown], extensions: { traceId: request.traceId } });
  });
  server.setNotFoundHandler((request, reply) => {
    const error = new CrossfootError('NOT_FOUND', `There is nothing at ${request.url.slice(0, 200)}`);
    const shown = withTrace(request.traceId, () => toClientError(error));
    return reply.code(404).send({ errors: [shown], extensions: { traceId: request.traceId } });
  });
}

/** A hook for routes that need to know who asks. */
export function authenticated(authenticator: Authenticator) {
  return async (request: FastifyRequest, _reply: FastifyReply): Promise<void> => {
    const actor = await authenticator.authenticate(request.headers.authorization, request.raw);
    const { traceId, span } = request;
    request.actor = span ? { ...actor, traceId, spanId: span.spanId } : { ...actor, traceId };
  };
}

/** The actor of a request behind `authenticated`. */
export function actorOf(request: FastifyRequest): Actor {
  if (!request.actor) throw new Error(`${request.url} is answered without authentication`);
  return request.actor;
}

const exposedHeaders = 'x-trace-id, content-disposition, ratelimit, ratelimit-policy, retry-after';

/** What clients of GraphQL send: who they are, that they are no form, where to resume a stream of events. */
const allowedHeaders = [
  'authorization',
  'content-type',
  'traceparent',
  'graphql-client-name',
  'graphql-client-version',
  'apollographql-client-name',
  'apollographql-client-version',
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'graphql-require-preflight',
  'last-event-id',
].join(', ');

/** Pages of the listed origins may call the API; they authenticate by header, so cookies are never allowed. */
function allowOrigins(server: FastifyInstance, origins: readonly string[]): void {
  server.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    reply.header('vary', 'Origin');
    if (!origin || !origins.includes(origin)) return;
    reply.headers({
      'access-control-allow-origin': origin,
      'access-control-expose-headers': exposedHeaders,
    });
    if (request.method !== 'OPTIONS') return;
    await reply
      .code(204)
      .headers({
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': allowedHeaders,
        'access-control-max-age': '600',
      })
      .send();
  });
}

/** Faults the HTTP server finds by itself, as ours. */
function asCoded(error: FastifyError): unknown {
  if (error instanceof CrossfootError || error instanceof GraphQLError) return error;
  const code: ErrorCode = error.statusCode === 413 ? 'OPERATION_TOO_COMPLEX' : 'BAD_REQUEST';
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return { message: error.message, extensions: { code, remedy: remedies[code] } };
  }
  return error;
}
