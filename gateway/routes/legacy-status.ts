import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ErrorCode } from '#kernel/errors';

/** What is wrong with these lies in a well-formed request's document or variables. */
const refusals: ReadonlySet<string> = new Set<ErrorCode>([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
]);

interface Refusal {
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
}

/**
 * GraphQL over HTTP: a client that takes `application/json` alone, and not the media type of GraphQL answers, may be
 * one that reads errors only behind status 200. The errors stay as they are.
 */
export function serveLegacyStatus(server: FastifyInstance): void {
  server.addHook('onSend', (request, reply, payload, done) => {
    if (reply.statusCode === 400 && takesNothingNewer(request)) {
      const codes = typeof payload === 'string' ? codesOf(payload) : [];
      if (codes.length > 0 && codes.every((code) => refusals.has(code))) reply.code(200);
    }
    done(null, payload);
  });
}

function takesNothingNewer({ routeOptions, headers: { accept = '' } }: FastifyRequest): boolean {
  if (routeOptions.url !== '/graphql') return false;
  return accept.includes('application/json') && !accept.includes('application/graphql-response+json');
}

function codesOf(payload: string): string[] {
  const { errors = [] } = JSON.parse(payload) as Refusal;
  return errors.map((error) => error.extensions?.code ?? '');
}
