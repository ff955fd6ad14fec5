import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { viewOf, type View } from '#kernel/actor';
import type { Authenticator } from '../auth/authenticate.ts';
import { schemaModel } from '../docs/schema-model.ts';
import type { FederatedGraph } from '../graph/federated-graph.ts';
import { schemaSeenBy } from '../operations/view-check.ts';
import { compress } from './compress.ts';
import { actorOf, authenticated } from './request-guard.ts';

/** What the page about the schema needs. */
export interface DocsParts {
  /** The graph that is in force. */
  readonly documented: () => FederatedGraph;
}

const folder = join(import.meta.dirname, '../docs/page');

const files = {
  '/docs': ['index.html', 'text/html; charset=utf-8'],
  '/docs/docs.css': ['docs.css', 'text/css; charset=utf-8'],
  '/docs/docs.js': ['docs.js', 'text/javascript; charset=utf-8'],
} as const;

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/**
 * The page about the schema. It holds nothing itself: what it shows is asked for with a token, and is the view of the
 * graph in which that token asks, because what exists is told to nobody without one.
 */
export function serveDocs(
  server: FastifyInstance,
  { documented, authenticator }: DocsParts & { readonly authenticator: Authenticator },
): void {
  for (const [url, [name, type]] of Object.entries(files)) {
    server.get(url, async (_request, reply) =>
      reply
        .headers({ 'content-security-policy': policy, 'cache-control': 'no-cache' })
        .type(type)
        .send(await readFile(join(folder, name))),
    );
  }
  const made = new WeakMap<FederatedGraph, Map<View, string>>();
  server.get('/docs/schema', {
    preHandler: authenticated(authenticator),
    onSend: (request, reply, payload, done) => compress({ request, reply, payload }, done),
    handler: async (request, reply) => {
      const actor = actorOf(request);
      const view = viewOf(actor);
      const graph = documented();
      const texts = made.get(graph) ?? new Map<View, string>();
      made.set(graph, texts);
      const known = texts.get(view) ?? modelText(schemaSeenBy(actor, graph.views) ?? graph.api, view);
      texts.set(view, known);
      return reply.header('cache-control', 'no-store').type('application/json; charset=utf-8').send(known);
    },
  });
}

function modelText(schema: Parameters<typeof schemaModel>[0], view: View): string {
  return JSON.stringify(schemaModel(schema, view));
}
