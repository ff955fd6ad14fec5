import type { FastifyInstance } from 'fastify';
import type { Config } from '#kernel/config';
import type { FileStore } from '#kernel/files';
import type { Log } from '#kernel/log';
import type { EventReader } from '#kernel/relay';
import type { SubgraphSources } from '../sources/subgraph-source.ts';
import { serveDocs, type DocsParts } from './docs.ts';
import { leaveConnections, type Drain } from './drain.ts';
import { serveBytes } from './bytes.ts';
import { serveGraphql, type GraphqlRouteOptions } from './graphql.ts';
import { serveHealth } from './health.ts';
import { serveLegacyStatus } from './legacy-status.ts';
import { servePages, type Demo, type StaticFolders } from './pages.ts';
import { servePlans, type PlanParts } from './plans.ts';
import { guardRequests, type GuardOptions } from './request-guard.ts';

/** What the plain routes need besides what GraphQL needs. */
export interface RouteOptions
  extends GraphqlRouteOptions, PlanParts, DocsParts, Pick<GuardOptions, 'tracing'> {
  readonly config: Pick<Config, 'allowedOrigins' | 'uploadLimitBytes'> &
    Partial<Pick<Config, 'trustedProxies'>>;
  readonly log: Log;
  readonly sources: SubgraphSources;
  readonly reader: Pick<EventReader, 'end'>;
  readonly files: FileStore;
  readonly staticFolders: StaticFolders;
  readonly demo?: Demo | undefined;
  readonly drain: Drain;
}

/** Adds every route of the gateway to the HTTP server. */
export async function serveRoutes(server: FastifyInstance, options: RouteOptions): Promise<void> {
  const { config, metrics } = options;
  const { log, tracing } = options;
  guardRequests(server, { log, allowedOrigins: config.allowedOrigins, tracing });
  leaveConnections(server, options.drain);
  serveHealth(server, { ...options, registry: metrics.registry });
  serveLegacyStatus(server);
  serveGraphql(server, options);
  options.live?.serve(server);
  await serveBytes(server, {
    ...config,
    files: options.files,
    authenticator: options.authenticator,
    limitBytes: config.uploadLimitBytes,
    reconciliation: options.sources.reconciliation,
  });
  servePlans(server, options);
  serveDocs(server, options);
  await servePages(server, { folders: options.staticFolders, demo: options.demo });
}
