import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config, SubgraphName } from '#kernel/config';
import { folderFileStore } from '#kernel/files';
import type { Log } from '#kernel/log';
import type { Observability } from '#kernel/observability';
import type { EventReader } from '#kernel/relay';
import { localTokens } from '#kernel/tokens';
import type { Demo } from '../gateway/routes/pages.ts';
import { readRegisteredOperations } from '../gateway/operations/registered-operations.ts';
import { startGateway, type RunningGateway } from '../gateway/server.ts';
import { showConnections } from '../gateway/sources/connection-figures.ts';
import type { UsageStore } from '../gateway/usage/usage-store.ts';
import type { SubgraphSource } from '../gateway/sources/subgraph-source.ts';
import { followSupergraphFile } from './supergraph-file.ts';

const root = join(import.meta.dirname, '..');
/** Where the generated schemas lie. */
export const schemaFolder = join(root, 'schema');
/** The supergraph a gateway serves unless it is given another one. */
export const supergraphFileOfProject = join(schemaFolder, 'supergraph.graphql');
const componentsFolder = join(root, 'web-components', 'dist');

/** What differs between a gateway beside its subgraphs and one alone. */
export interface GatewayParts {
  readonly log: Log;
  readonly observability: Observability;
  readonly reader: EventReader;
  /** Where it is kept who uses what; nobody counts when left out. */
  readonly usage?: UsageStore;
  readonly sources: Partial<Record<SubgraphName, SubgraphSource>>;
  readonly demo?: Demo;
  /** A supergraph to follow while the gateway runs; left out, that of the project, as it is now. */
  readonly supergraphFile?: string;
}

/** Starts a gateway of this installation, with the schema and pages that lie in the project's folders. */
export async function serveGateway(config: Config, parts: GatewayParts): Promise<RunningGateway> {
  const { supergraphFile: file, log } = parts;
  showConnections(parts.sources, parts.observability.registry);
  const supergraphSdl = readFileSync(file ?? supergraphFileOfProject, 'utf8');
  const gateway = await startGateway({
    config,
    log,
    observability: parts.observability,
    supergraphSdl,
    sources: parts.sources,
    reader: parts.reader,
    usage: parts.usage,
    registered: readRegisteredOperations([join(schemaFolder, 'operations.json'), ...config.operationFiles]),
    files: folderFileStore(join(config.dataFolder, 'files'), config.uploadLimitBytes),
    tokens: localTokens(config.signingSecrets),
    demo: parts.demo,
    staticFolders: {
      components: existingFolder(componentsFolder),
      portal: parts.demo && existingFolder(join(componentsFolder, 'portal')),
    },
  });
  if (file === undefined) return gateway;
  const following = followSupergraphFile({ gateway, file, supergraphSdl, log });
  const stop = async (): Promise<void> => {
    await following.stop();
    await gateway.stop();
  };
  return { ...gateway, stop };
}

function existingFolder(folder: string): string | undefined {
  return existsSync(folder) ? folder : undefined;
}
