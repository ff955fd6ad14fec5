import { readFileSync } from 'node:fs';
import type { Config } from '#kernel/config';
import { createLog } from '#kernel/log';
import { startOpenRouter } from '../gateway/open-router.ts';
import type { Started } from './processes.ts';

/** Whether the gateway is to serve a graph by itself: a supergraph is given, and no installation of the platform. */
export function standsAlone(config: Config, supergraphFile: string | undefined): supergraphFile is string {
  const installed = config.databaseUrl !== undefined || Object.keys(config.subgraphUrls).length > 0;
  return supergraphFile !== undefined && !installed;
}

/** The gateway as a router of any supergraph, without a database; the URLs of the subgraphs are in the file. */
export function startRouterProcess(config: Config, supergraphFile: string): Promise<Started> {
  return startOpenRouter({
    config,
    log: createLog(config.logLevel, 'router'),
    supergraphSdl: readFileSync(supergraphFile, 'utf8'),
  });
}
