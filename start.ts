import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { subgraphNames, type Config, type SubgraphName } from '#kernel/config';
import type { Database } from '#kernel/database';
import { startEmbeddedPostgres } from '#kernel/embedded-postgres';
import { folderFileStore } from '#kernel/files';
import { startJobs } from '#kernel/jobs';
import { createLog, type Log } from '#kernel/log';
import { kernelMigrations, migrate } from '#kernel/migrate';
import { createPorts } from '#kernel/ports';
import { createEventReader, type EventReader } from '#kernel/relay';
import { deriveKey, localVault, mac } from '#kernel/secrets';
import type { Services, WakeJob } from '#kernel/services';
import { startSubgraph, type RunningSubgraph } from '#kernel/subgraph-runtime';
import { localTokens } from '#kernel/tokens';
import { accountingSystemsPort } from '#connectors/accounting-systems';
import { fileReaders } from '#connectors/formats/file-readers';
import { inProcessSource } from './gateway/in-process-source.ts';
import { remoteSource, type RemoteSource } from './gateway/remote-source.ts';
import type { Demo } from './gateway/routes/pages.ts';
import { startGateway } from './gateway/server.ts';
import type { SubgraphSource } from './gateway/subgraph-source.ts';
import { subgraphs } from './platform.ts';

/** Where the generated schemas lie. */
export const schemaFolder = join(import.meta.dirname, 'schema');
const componentsFolder = join(import.meta.dirname, 'web-components', 'dist');

/** Something that was started and can be stopped. */
export interface Started {
  readonly url: string;
  stop(): Promise<void>;
}

/** The database of an installation, and how to end it when it is our own. */
export interface OpenDatabase {
  readonly database: Database;
  /** Whether its server ran before; whoever only looks in must then leave it running. */
  readonly found: boolean;
  stop(): Promise<void>;
}

/** Opens the database the operator gave, or the embedded one in the data folder; it may still want migrating. */
export async function openDatabase(config: Config): Promise<OpenDatabase> {
  const { secret } = config;
  if (config.databaseUrl) {
    return {
      database: { ownerUrl: config.databaseUrl, secret },
      found: true,
      stop: () => Promise.resolve(),
    };
  }
  mkdirSync(config.dataFolder, { recursive: true });
  const password = mac(deriveKey(secret, 'database-role'), 'owner');
  const server = await startEmbeddedPostgres({ folder: join(config.dataFolder, 'database'), password });
  const ownerUrl = await ensureDatabase(server.url, 'crossfoot');
  return { database: { ownerUrl, secret }, found: server.found, stop: () => server.stop() };
}

/** Brings the database up to date; answers the names of the migrations applied. */
export function migrateAll(database: Database): Promise<string[]> {
  const sets = subgraphs.map((subgraph) => ({ schema: subgraph.name, folder: subgraph.migrations }));
  return migrate(database, [kernelMigrations, ...sets]);
}

/** The whole product in this process: database, every subgraph, gateway. */
export async function startPlatform(config: Config, demo?: Demo): Promise<Started> {
  const log = createLog(config.logLevel, 'crossfoot');
  const opened = await openDatabase(config);
  await migrateAll(opened.database);
  const environment = await startEnvironment(config, opened.database, log);
  const running: RunningSubgraph[] = [];
  for (const subgraph of subgraphs) running.push(await startSubgraph(subgraph, environment));
  const sources = Object.fromEntries(running.map((one) => [one.name, inProcessSource(one)]));
  const gateway = await serveGateway(config, { log, reader: environment.reader, sources, demo });
  return {
    url: gateway.url,
    async stop() {
      await gateway.stop();
      for (const one of running) await one.stop();
      await environment.stop();
      await opened.stop();
    },
  };
}

/** One subgraph, served over the signed channel; the database is the operator's. */
export async function startSubgraphProcess(config: Config, name: SubgraphName): Promise<Started> {
  const { serveSubgraph } = await import('#kernel/subgraph-server');
  const log = createLog(config.logLevel, name);
  const subgraph = subgraphs.find((one) => one.name === name);
  if (!subgraph) throw new Error(`There is no subgraph ${name}; there are ${subgraphNames.join(', ')}`);
  const database = givenDatabase(config);
  const environment = await startEnvironment(config, database, log);
  const running = await startSubgraph(subgraph, environment);
  const served = await serveSubgraph(running, {
    secret: config.secret,
    host: config.host,
    port: config.port,
  });
  return {
    url: served.url,
    async stop() {
      await served.stop();
      await running.stop();
      await environment.stop();
    },
  };
}

/** The gateway alone, with its subgraphs in other processes. */
export async function startGatewayProcess(config: Config, supergraphFile?: string): Promise<Started> {
  const log = createLog(config.logLevel, 'gateway');
  const reader = await createEventReader(givenDatabase(config), log, config);
  const remote = new Map<SubgraphName, RemoteSource>();
  for (const name of subgraphNames) {
    const url = config.subgraphUrls[name];
    if (!url) throw new Error(`CROSSFOOT_SUBGRAPHS names no address for the subgraph ${name}`);
    remote.set(name, remoteSource({ name, url, secret: config.secret }));
  }
  const sources = Object.fromEntries(remote);
  const gateway = await serveGateway(config, { log, reader, sources, supergraphFile });
  return {
    url: gateway.url,
    async stop() {
      await gateway.stop();
      for (const source of remote.values()) await source.close();
      await reader.stop();
    },
  };
}

interface GatewayParts {
  readonly log: Log;
  readonly reader: EventReader;
  readonly sources: Partial<Record<SubgraphName, SubgraphSource>>;
  readonly demo?: Demo;
  readonly supergraphFile?: string;
}

function serveGateway(config: Config, parts: GatewayParts): Promise<Started> {
  return startGateway({
    config,
    log: parts.log,
    supergraphSdl: readFileSync(parts.supergraphFile ?? join(schemaFolder, 'supergraph.graphql'), 'utf8'),
    sources: parts.sources,
    reader: parts.reader,
    files: folderFileStore(join(config.dataFolder, 'files'), config.uploadLimitBytes),
    tokens: localTokens(config.secret),
    demo: parts.demo,
    staticFolders: {
      components: existingFolder(componentsFolder),
      portal: parts.demo && existingFolder(join(componentsFolder, 'portal')),
    },
  });
}

async function startEnvironment(config: Config, database: Database, log: Log) {
  const reader = await createEventReader(database, log, config);
  const jobs = await startJobs(database, log);
  const services = servicesOf(config, log, jobs.wake);
  return {
    database,
    reader,
    jobs,
    services,
    async stop() {
      await jobs.stop();
      await reader.stop();
    },
  };
}

function servicesOf(config: Config, log: Log, wake: WakeJob): Services {
  return {
    log,
    files: folderFileStore(join(config.dataFolder, 'files'), config.uploadLimitBytes),
    vault: localVault(config.secret),
    tokens: localTokens(config.secret),
    wake,
    port: createPorts([...fileReaders, accountingSystemsPort]),
    dataFolder: config.dataFolder,
  };
}

function existingFolder(folder: string): string | undefined {
  return existsSync(folder) ? folder : undefined;
}

function givenDatabase(config: Config): Database {
  if (!config.databaseUrl) throw new Error('A subgraph or gateway of its own needs DATABASE_URL');
  return { ownerUrl: config.databaseUrl, secret: config.secret };
}

async function ensureDatabase(serverUrl: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (!found.rowCount) await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.toString();
}
