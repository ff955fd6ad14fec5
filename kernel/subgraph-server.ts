import Fastify, { type FastifyInstance } from 'fastify';
import type { ExecutionResult } from 'graphql';
import type { Registry } from 'prom-client';
import { CrossfootError } from '#kernel/errors';
import { eventFromWire, type WireEvent } from '#kernel/events';
import { requestVerifier, signatureHeaders } from '#kernel/signing';
import type { RunningSubgraph } from '#kernel/subgraph-runtime';

const bodyLimitBytes = 4 * 1024 * 1024;

/** The body of a request on the signed channel. */
export interface ChannelRequest {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
  /** The events to render, with their instants and positions as text; the answer then is a list of results. */
  readonly events?: readonly WireEvent[];
  /** Whether the answer's extension `times` is to say what took how long. */
  readonly timed?: boolean;
}

/** The answer to a request with events: one result for each, in their order. */
export interface ChannelResults {
  readonly results: readonly ExecutionResult[];
}

interface ServerOptions {
  /** A signature under any of them is accepted. */
  readonly secrets: string | readonly string[];
  readonly host: string;
  readonly port: number;
  /** The figures of the process; `/metrics` shows them to whoever reaches it, so keep the port inside the network. */
  readonly registry?: Registry | undefined;
}

/** Serves a subgraph over HTTP to the gateway alone: every request must be signed over its exact body. */
export async function serveSubgraph(
  running: RunningSubgraph,
  options: ServerOptions,
): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const server: FastifyInstance = Fastify({
    bodyLimit: bodyLimitBytes,
    requestTimeout: 30_000,
    forceCloseConnections: true,
  });
  const verifier = requestVerifier(options.secrets, running.name);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  );
  server.get('/livez', () => ({ status: 'ok' }));
  server.get('/readyz', async (_request, reply) => {
    const ready = await running.ready();
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ok' : 'unavailable' });
  });
  const { registry } = options;
  if (registry) {
    server.get('/metrics', async (_request, reply) =>
      reply.type(registry.contentType).send(await registry.metrics()),
    );
  }
  server.post('/graphql', async (request, reply) => {
    const body = String(request.body);
    const header = (name: string) => {
      const value = request.headers[name];
      return typeof value === 'string' ? value : undefined;
    };
    try {
      const actor = verifier.verify({
        context: header(signatureHeaders.context),
        signature: header(signatureHeaders.signature),
        body,
      });
      const { events, ...operation } = JSON.parse(body) as ChannelRequest;
      if (!events) return await running.execute({ ...operation, actor });
      const results = await running.render({ ...operation, actor, events: events.map(eventFromWire) });
      return { results } satisfies ChannelResults;
    } catch (error) {
      if (error instanceof CrossfootError)
        return reply.code(401).send({ errors: [{ message: error.message }] });
      throw error;
    }
  });
  const url = await server.listen({ host: options.host, port: options.port });
  return { url, stop: () => server.close() };
}
