import { readFileSync } from 'node:fs';
import type { Config } from '#kernel/config';
import { createLog, type Log } from '#kernel/log';
import { startOpenRouter, type OpenRouter } from '../gateway/open-router.ts';
import type { Started } from './started.ts';
import { followSupergraphFile } from './supergraph-file.ts';

/** Whether the gateway is to serve a graph by itself: a supergraph is given, and no installation of the platform. */
export function standsAlone(config: Config, supergraphFile: string | undefined): supergraphFile is string {
  const installed = config.databaseUrl !== undefined || Object.keys(config.subgraphUrls).length > 0;
  return supergraphFile !== undefined && !installed;
}

/**
 * The gateway as a router of any supergraph, without a database; the URLs of the subgraphs are in the file. It follows
 * the file: a new supergraph is taken while it serves, and one that cannot be read is logged and left.
 */
export async function startRouterProcess(config: Config, supergraphFile: string): Promise<Started> {
  const log = createLog(config.logLevel, 'router');
  const supergraphSdl = readFileSync(supergraphFile, 'utf8');
  const router = await startOpenRouter({ config, log, supergraphSdl });
  const following = followSupergraphFile({
    gateway: { offer: ({ supergraphSdl: offered }) => tryReplacing(router, offered, log) },
    file: supergraphFile,
    supergraphSdl,
    log,
  });
  return {
    url: router.url,
    async stop() {
      await following.stop();
      await router.stop();
    },
  };
}

function tryReplacing(router: OpenRouter, supergraphSdl: string, log: Log): void {
  try {
    router.replace(supergraphSdl);
  } catch (error) {
    log.error({ err: error }, 'the new supergraph cannot be served; the present one stays');
  }
}
