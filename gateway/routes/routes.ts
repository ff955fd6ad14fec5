import type { FastifyInstance } from 'fastify';
import type { Config } from '#kernel/config';
import type { FileStore } from '#kernel/files';
import type { Log } from '#kernel/log';
import type { EventReader } from '#kernel/relay';
import type { Tracing } from '#kernel/tracing';
import type { ExplainOperation } from '../observability/explain-operation.ts';
import type { RecentOperations } from '../observability/recent-operations.ts';
import type { SubgraphSources } from '../sources/subgraph-source.ts';
import { serveFiles } from './files.ts';
import { serveGraphql, type GraphqlRouteOptions } from './graphql.ts';
import { serveHealth } from './health.ts';
import { serveLegacyStatus } from './legacy-status.ts';
import { servePages, type Demo, type StaticFolders } from './pages.ts';
import { servePlans } from './plans.ts';
import { guardRequests } from './request-guard.ts';

/** What the plain routes need besides what GraphQL needs. */
export interface RouteOptions extends GraphqlRouteOptions {
  readonly config: Pick<Config, 'allowedOrigins' | 'uploadLimitBytes'>;
  readonly log: Log;
  readonly sources: SubgraphSources;
  readonly reader: Pick<EventReader, 'end'>;
  readonly files: FileStore;
  readonly staticFolders: StaticFolders;
  readonly demo?: Demo | undefined;
  readonly tracing?: Tracing | undefined;
  /** For the viewer of plans. */
  readonly explain: ExplainOperation;
  readonly recent: RecentOperations;
}

/** Adds every route of the gateway to the HTTP server. */
export async function serveRoutes(server: FastifyInstance, options: RouteOptions): Promise<void> {
  const { config, metrics } = options;
  const { log, tracing } = options;
  guardRequests(server, { log, allowedOrigins: config.allowedOrigins, tracing });
  serveHealth(server, { sources: options.sources, reader: options.reader, registry: metrics.registry });
  serveLegacyStatus(server);
  serveGraphql(server, options);
  options.live.serve(server);
  await serveFiles(server, {
    files: options.files,
    authenticator: options.authenticator,
    limitBytes: config.uploadLimitBytes,
  });
  servePlans(server, options);
  await servePages(server, { folders: options.staticFolders, demo: options.demo });
}
