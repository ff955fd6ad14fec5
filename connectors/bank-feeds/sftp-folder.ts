import { createHash } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import ssh2, {
  type Client as SshClient,
  type FileEntryWithStats,
  type SFTPWrapper,
  type ServerHostKeyAlgorithm,
  type Stats,
} from 'ssh2';
import { CrossfootError } from '#kernel/errors';
import type { FeedEntry, FeedFolder, PutAway, SftpTarget } from '#connectors/feed-ports';
import type { AddressGuard } from './address-guard.ts';
import { isFinishedName, isPlainName, secondName } from './feed-names.ts';

const readyMs = 20_000;
/** How long a server may be silent in the middle of something. */
const silentMs = 60_000;
const noSuchFile = 2;

/**
 * Opens a folder on an SFTP server whose key is the pinned one. Throws FEED_HOST_KEY_CHANGED before anything is shown to
 * a server with another, FEED_ACCESS_REFUSED where it does not take the credentials, else FEED_UNREACHABLE.
 */
export async function openSftpFolder(target: SftpTarget, guard: AddressGuard): Promise<FeedFolder> {
  const client = await logInWithPinnedKey(target, guard);
  // Later faults come with the answers they break; without a listener they would end the process.
  client.on('error', () => undefined);
  try {
    const sftp = await asked<SFTPWrapper>(target, 'open the files of', (done) => client.sftp(done));
    sftp.on('error', () => undefined);
    return folderOf(sftp, client, target);
  } catch (error) {
    client.destroy();
    throw error;
  }
}

/** A server has keys of several kinds, and the pinned one may not be of the kind it shows first. */
async function logInWithPinnedKey(target: SftpTarget, guard: AddressGuard): Promise<SshClient> {
  let changed: CrossfootError | undefined;
  for (const serverHostKey of keyKinds) {
    try {
      return await logIn(target, guard, serverHostKey);
    } catch (error) {
      if (changed === undefined && !isChange(error)) throw error;
      changed ??= error as CrossfootError;
    }
  }
  throw changed ?? unreachable(target.host, 'it shows no key', undefined);
}

const keyKinds: readonly (readonly ServerHostKeyAlgorithm[] | undefined)[] = [
  undefined,
  ['rsa-sha2-512', 'rsa-sha2-256'],
  ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'],
  ['ssh-ed25519'],
];

const isChange = (error: unknown): boolean =>
  error instanceof CrossfootError && error.code === 'FEED_HOST_KEY_CHANGED';

async function logIn(
  target: SftpTarget,
  guard: AddressGuard,
  serverHostKey: readonly ServerHostKeyAlgorithm[] | undefined,
): Promise<SshClient> {
  guard.check(target.host);
  const socket = await reach(target, guard);
  socket.setTimeout(silentMs, () => socket.destroy(new Error('The server is silent')));
  const client = new ssh2.Client();
  let shown: string | undefined;
  return new Promise((resolve, reject) => {
    const fail = (error: Error & { level?: string }) => {
      client.destroy();
      socket.destroy();
      reject(failureOf(target, error, shown));
    };
    client.on('error', fail);
    client.on('close', () => fail(new Error('The server closed the connection')));
    client.on('keyboard-interactive', (_name, _instructions, _language, prompts, answer) =>
      answer(prompts.map(() => target.credentials.password ?? '')),
    );
    client.on('ready', () => {
      client.removeAllListeners('error').removeAllListeners('close');
      resolve(client);
    });
    try {
      client.connect({
        sock: socket,
        username: target.user,
        ...target.credentials,
        // Some servers ask for the password as a question.
        tryKeyboard: target.credentials.password !== undefined,
        readyTimeout: readyMs,
        ...(serverHostKey && { algorithms: { serverHostKey: [...serverHostKey] } }),
        hostVerifier: (key: Buffer) => {
          shown = fingerprintOf(key);
          return shown === target.hostKey;
        },
      });
    } catch (error) {
      // A private key that cannot be read is told at once.
      const message = error instanceof Error ? error.message : 'unknown reason';
      reject(new CrossfootError('FEED_ACCESS_REFUSED', `The private key cannot be used: ${message}`));
      socket.destroy();
    }
  });
}

/** The hash of a server's key as ssh-keygen prints it. */
export function fingerprintOf(key: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

function reach({ host, port }: SftpTarget, guard: AddressGuard): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, lookup: guard.lookup });
    socket.setTimeout(readyMs, () =>
      socket.destroy(Object.assign(new Error('time out'), { code: 'ETIMEDOUT' })),
    );
    socket.once('connect', () => {
      socket.removeAllListeners('error').removeAllListeners('timeout');
      socket.on('error', () => undefined);
      resolve(socket);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error instanceof CrossfootError) return reject(error);
      return reject(unreachable(host, error.code ?? error.message, error));
    });
  });
}

function failureOf(target: SftpTarget, error: Error & { level?: string }, shown: string | undefined) {
  if (shown !== undefined && shown !== target.hostKey) {
    const message = `${target.host} shows the key ${shown}, not the one that is pinned, ${target.hostKey}`;
    return new CrossfootError('FEED_HOST_KEY_CHANGED', message);
  }
  if (error.level === 'client-authentication') {
    return new CrossfootError(
      'FEED_ACCESS_REFUSED',
      `${target.host} does not take the credentials of ${target.user}`,
    );
  }
  return unreachable(target.host, error.message, error);
}

function unreachable(host: string, reason: string, cause: unknown): CrossfootError {
  return new CrossfootError('FEED_UNREACHABLE', `${host} cannot be reached: ${reason.slice(0, 200)}`, {
    cause,
  });
}

function folderOf(sftp: SFTPWrapper, client: SshClient, target: SftpTarget): FeedFolder {
  const pathOf = (...names: readonly string[]): string => {
    if (!names.every(isPlainName)) {
      throw new CrossfootError(
        'FEED_ADDRESS_REFUSED',
        `${names.join('/').slice(0, 200)} is no name of a file`,
      );
    }
    return [target.path === '' ? '.' : target.path.replace(/\/+$/, ''), ...names].join('/');
  };
  const ask = <T>(what: string, call: Call<T>): Promise<T> => asked(target, what, call);
  return {
    async list() {
      const found = await ask<FileEntryWithStats[]>(`list ${target.path || 'the folder'} of`, (done) =>
        sftp.readdir(pathOf(), done),
      );
      return found
        .filter(({ filename, attrs }) => attrs.isFile() && isFinishedName(filename))
        .map(({ filename, attrs }) => entryOf(filename, attrs))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    },
    async *read(name) {
      const stream = sftp.createReadStream(pathOf(name));
      // Whoever reads is told of faults; one that comes after the last byte, as the connection ends, is nobody's.
      stream.on('error', () => undefined);
      try {
        yield* stream as AsyncIterable<Buffer>;
      } catch (error) {
        throw asFeedError(target, `read ${name} of`, error);
      }
    },
    putAway: (entry, how) => putAway({ sftp, ask, pathOf }, entry, how),
    close() {
      client.end();
      return Promise.resolve();
    },
  };
}

interface Remote {
  readonly sftp: SFTPWrapper;
  readonly ask: <T>(what: string, call: Call<T>) => Promise<T>;
  readonly pathOf: (...names: readonly string[]) => string;
}

async function putAway({ sftp, ask, pathOf }: Remote, entry: FeedEntry, how: PutAway): Promise<void> {
  const path = pathOf(entry.name);
  const stats = await statOf({ sftp, ask, pathOf }, path);
  // Gone, or another file of the same name that has yet to be read.
  if (!stats?.isFile() || JSON.stringify(entryOf(entry.name, stats)) !== JSON.stringify(entry)) return;
  if (how === 'delete') return ask(`remove ${entry.name} of`, (done) => sftp.unlink(path, done));
  if ((await statOf({ sftp, ask, pathOf }, pathOf(how))) === undefined) {
    await ask<void>(`make ${how}/ on`, (done) => sftp.mkdir(pathOf(how), done));
  }
  // Renaming never writes over a file that is there.
  const taken = await statOf({ sftp, ask, pathOf }, pathOf(how, entry.name));
  const name = taken === undefined ? entry.name : secondName(entry.name, entry.modified.replace(/\D/g, ''));
  return ask(`move ${entry.name} of`, (done) => sftp.rename(path, pathOf(how, name), done));
}

async function statOf({ sftp, ask }: Remote, path: string): Promise<Stats | undefined> {
  return ask<Stats | undefined>('look into', (done) =>
    sftp.lstat(path, (error, stats) => {
      if ((error as { code?: unknown } | undefined)?.code === noSuchFile) return done(undefined, undefined);
      return done(error, stats);
    }),
  );
}

function entryOf(name: string, { size, mtime }: Stats): FeedEntry {
  return { name, size, modified: new Date(mtime * 1000).toISOString() };
}

type Call<T> = (done: (error: Error | null | undefined, value?: T) => void) => unknown;

function asked<T>(target: SftpTarget, what: string, call: Call<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(unreachable(target.host, 'The server is silent', undefined)),
      silentMs,
    );
    call((error, value) => {
      clearTimeout(timer);
      if (error) reject(asFeedError(target, what, error));
      else resolve(value as T);
    });
  });
}

function asFeedError({ host, user }: SftpTarget, what: string, error: unknown): CrossfootError {
  if (error instanceof CrossfootError) return error;
  const { code, message } = (error ?? {}) as { code?: unknown; message?: string };
  if (code === 3) return new CrossfootError('FEED_ACCESS_REFUSED', `${user} may not ${what} ${host}`);
  return new CrossfootError('FEED_UNREACHABLE', `Could not ${what} ${host}: ${message ?? 'unknown reason'}`, {
    cause: error,
  });
}
