import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Authenticator } from '../auth/authenticate.ts';
import type { GatewayContext } from '../gateway-context.ts';
import type { Metrics } from '../metrics.ts';
import type { Admit, AdmittedOperation, OperationRequest } from '../operations/admission.ts';
import { clientProgram } from '../operations/client-program.ts';
import { actorOf, authenticated } from './request-guard.ts';

const bodyLimitBytes = 1024 * 1024;

declare module 'fastify' {
  interface FastifyRequest {
    /** What a request to `/graphql` asks for; missing where it is malformed. */
    admitted: AdmittedOperation | undefined;
  }
}

/** What answers operations over HTTP. */
export interface GraphqlRouteOptions {
  readonly apollo: ApolloServer<GatewayContext>;
  readonly authenticator: Authenticator;
  readonly admit: Admit;
  readonly metrics: Metrics;
}

/** GraphQL over HTTP: POST for everything, GET for queries of clients that show they are no form or image. */
export function serveGraphql(server: FastifyInstance, options: GraphqlRouteOptions): void {
  const answer = fastifyApolloHandler(options.apollo, {
    context: async (request) => ({ actor: actorOf(request), admitted: request.admitted }),
  });
  const authenticate = authenticated(options.authenticator);
  server.decorateRequest('admitted', undefined);
  server.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    bodyLimit: bodyLimitBytes,
    preHandler: async (request, reply) => {
      await authenticate(request, reply);
      const operation = operationOf(request);
      if (!operation) return;
      request.admitted = options.admit(operation, {
        actor: actorOf(request),
        client: clientProgram(request.headers),
      });
    },
    errorHandler(error) {
      options.metrics.operations.inc({ type: 'none', outcome: 'refused' });
      throw error;
    },
    handler: answer,
  });
}

/** The operation of a well-formed request; what is malformed is refused by Apollo Server in its own words. */
function operationOf(request: FastifyRequest): OperationRequest | undefined {
  const from = (request.method === 'GET' ? request.query : request.body) as Partial<OperationRequest> | null;
  if (typeof from !== 'object' || from === null || typeof from.query !== 'string') return undefined;
  const { query, operationName } = from;
  const variables = typeof from.variables === 'string' ? parsed(from.variables) : from.variables;
  return {
    query,
    operationName: typeof operationName === 'string' && operationName !== '' ? operationName : undefined,
    variables: isRecord(variables) ? variables : {},
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
