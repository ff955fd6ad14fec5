import type { FastifyInstance } from 'fastify';
import type { SubgraphSource } from '../sources/subgraph-source.ts';
import { serveFeeds, type FeedRouteOptions } from './feeds.ts';
import { serveFiles } from './files.ts';

/** The routes whose bodies are files: uploads, and what banks send to feeds where somebody takes it. */
export async function serveBytes(
  server: FastifyInstance,
  options: Omit<FeedRouteOptions, 'reconciliation'> & { readonly reconciliation: SubgraphSource | undefined },
): Promise<void> {
  await serveFiles(server, options);
  const { reconciliation } = options;
  if (reconciliation) await serveFeeds(server, { ...options, reconciliation });
}
