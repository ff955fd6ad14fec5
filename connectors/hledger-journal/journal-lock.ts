import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { CrossfootError } from '#kernel/errors';
import { sleep } from '#kernel/sleep';

/** Who holds a lock; written into it. */
interface Holder {
  readonly host: string;
  readonly pid: number;
  readonly token: string;
}

/** No batch takes minutes; a lock of another machine that is older than this belongs to one that is gone. */
const abandonedAfterMilliseconds = 5 * 60_000;
const patienceMilliseconds = 10_000;

const heldHere = new Set<string>();

/**
 * Does the work while nobody else writes beside `path`: an exclusive lock file, taken over from a process that died.
 * Throws SYNC_UNAVAILABLE when another one keeps it for ten seconds.
 */
export async function whileLocked<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`;
  await mkdir(dirname(lock), { recursive: true, mode: 0o700 });
  const token = await acquire(lock);
  try {
    return await work();
  } finally {
    heldHere.delete(token);
    if ((await holderOf(lock))?.token === token) await rm(lock, { force: true });
  }
}

async function acquire(lock: string): Promise<string> {
  const holder: Holder = { host: hostname(), pid: process.pid, token: randomUUID() };
  const end = Date.now() + patienceMilliseconds;
  while (Date.now() < end) {
    heldHere.add(holder.token);
    if (await create(lock, holder)) return holder.token;
    heldHere.delete(holder.token);
    if (!(await removeAbandoned(lock))) await sleep(5 + Math.random() * 20);
  }
  throw new CrossfootError('SYNC_UNAVAILABLE', `Another process has kept ${lock} for ten seconds`);
}

/** Makes the lock appear with its content at once, so that a crash never leaves one that names nobody. */
async function create(lock: string, holder: Holder): Promise<boolean> {
  const draft = `${lock}.${holder.token}`;
  await writeFile(draft, JSON.stringify(holder), { flag: 'wx', mode: 0o600 });
  try {
    await link(draft, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Takes away a lock whose holder is gone; answers whether it is worth trying again at once. */
async function removeAbandoned(lock: string): Promise<boolean> {
  const before = await holderOf(lock);
  if (!before) return true;
  if (!(await isAbandoned(lock, before))) return false;
  const aside = `${lock}.${randomUUID()}`;
  try {
    await rename(lock, aside);
    // Somebody quicker may have taken it over meanwhile: then what was moved is a living lock and goes back.
    if ((await holderOf(aside))?.token !== before.token) await link(aside, lock);
    return true;
  } catch {
    return false;
  } finally {
    await rm(aside, { force: true });
  }
}

async function isAbandoned(lock: string, holder: Holder): Promise<boolean> {
  if (holder.host === hostname()) {
    // A restarted container often gets the same process id again: then the token tells who is meant.
    return holder.pid === process.pid ? !heldHere.has(holder.token) : !isAlive(holder.pid);
  }
  const { mtimeMs } = await stat(lock).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs > abandonedAfterMilliseconds;
}

/** Who holds the lock; nobody when it is gone. */
async function holderOf(lock: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(lock, 'utf8')) as Holder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
