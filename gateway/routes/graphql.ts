import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Edge } from '../auth/edge.ts';
import { liveFormatOf, type HttpOperations } from '../live/http-operations.ts';
import type { GatewayContext } from '../gateway-context.ts';
import { operationFigures, type Metrics, type OperationFigures } from '../metrics.ts';
import type { Admit, AdmittedOperation } from '../operations/admission.ts';
import { answerText } from '../operations/answer-text.ts';
import { clientProgram } from '../operations/client-program.ts';
import { operationOf, restate } from '../operations/operation-request.ts';
import type { AnswerWarm } from '../operations/warm-answers.ts';
import { compress } from './compress.ts';
import { learnedTypes, type LearnedTypes } from './learned-types.ts';
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
  readonly authenticator: Edge['authenticator'];
  readonly admit: Admit;
  /** The short way to answers; missing where every operation is to go through Apollo Server. */
  readonly answerWarm?: AnswerWarm | undefined;
  /** Answers subscriptions in the body of HTTP answers; missing where the graph has none. */
  readonly live?: HttpOperations | undefined;
  readonly metrics: Metrics;
  /** Tells clients what they may still spend; missing where nothing is limited. */
  readonly limiter?: Edge['limiter'];
}

/** GraphQL over HTTP: POST for everything, GET for queries of clients that show they are no form or image. */
export function serveGraphql(server: FastifyInstance, options: GraphqlRouteOptions): void {
  const throughApollo = fastifyApolloHandler(options.apollo, {
    context: async (request) => ({ actor: actorOf(request), admitted: request.admitted }),
  });
  const authenticate = authenticated(options.authenticator);
  const types = learnedTypes();
  const short: ShortOptions = { ...options, types, answered: operationFigures(options.metrics) };
  server.decorateRequest('admitted', undefined);
  server.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    bodyLimit: bodyLimitBytes,
    preHandler: async (request, reply) => {
      await authenticate(request, reply);
      const operation = operationOf(request);
      if (!operation) return;
      const actor = actorOf(request);
      try {
        request.admitted = options.admit(operation, { actor, client: clientProgram(request.headers) });
        if (operation.persisted) restate(request, request.admitted.request);
      } finally {
        if (options.limiter) reply.headers(options.limiter.headers(actor));
      }
    },
    errorHandler(error) {
      options.metrics.operations.inc({ type: 'none', outcome: 'refused' });
      throw error;
    },
    onSend: (request, reply, payload, done) => {
      if (reply.statusCode === 200) types.learn(request.headers.accept, reply.getHeader('content-type'));
      compress({ request, reply, payload }, done);
    },
    handler: (request, reply) =>
      answerLive(request, reply, options.live) ??
      answerShort(request, reply, short) ??
      throughApollo.call(server, request, reply),
  });
}

/** Answers a subscription in parts where the client takes them so; undefined for everything else. */
function answerLive(
  request: FastifyRequest,
  reply: FastifyReply,
  live: HttpOperations | undefined,
): Promise<FastifyReply> | undefined {
  const { admitted } = request;
  const format = admitted && liveFormatOf(request, admitted);
  if (!live || !format) return undefined;
  return live.answer(request, reply, { admitted, format }).then(() => reply);
}

interface ShortOptions extends GraphqlRouteOptions {
  readonly types: LearnedTypes;
  readonly answered: OperationFigures;
}

/** Answers a plain POST of a known operation; undefined for everything that Apollo Server should look at. */
function answerShort(
  request: FastifyRequest,
  reply: FastifyReply,
  options: ShortOptions,
): Promise<FastifyReply> | undefined {
  const { admitted } = request;
  if (!admitted || request.method !== 'POST' || !isPlain(request.body)) return undefined;
  const contentType = options.types.of(request.headers.accept);
  const answering = contentType && options.answerWarm?.(admitted, actorOf(request));
  if (!answering) return undefined;
  const startedAt = performance.now();
  return answering.then(({ json, outcome }) => {
    options.answered(admitted.operation.operation, outcome, (performance.now() - startedAt) / 1000);
    return reply.type(contentType).send(answerText(json, admitted));
  });
}

/** Whether the members of a body are what they should be; Apollo Server refuses those that are not. */
function isPlain(body: unknown): boolean {
  const { variables, operationName, extensions } = body as Readonly<Record<string, unknown>>;
  return (
    isObjectOrMissing(variables) &&
    isObjectOrMissing(extensions) &&
    (operationName === undefined || operationName === null || typeof operationName === 'string')
  );
}

function isObjectOrMissing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'object' && !Array.isArray(value));
}
