import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#kernel/embedded-postgres';

const program = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd'].find((path) => existsSync(path));

/** Whether the machine has OpenSSH's server to test with. */
export const sshdInstalled = program !== undefined && spawnSync('ssh-keygen', ['-?']).error === undefined;

/** OpenSSH's server with keys and files of the test's own. */
export interface TestSftp {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** The folder it serves, on this machine. */
  readonly folder: string;
  /** The key of a user it lets in, and that of one it does not. */
  readonly privateKey: string;
  readonly strangersKey: string;
  /** The fingerprint of the key it shows. */
  hostKey(): string;
  /** Starts again with another key, as an impostor would. */
  changeKey(): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Ends it and takes everything away. */
  close(): Promise<void>;
}

/** Starts a server on a free port. */
export async function startSftp(): Promise<TestSftp> {
  const base = mkdtempSync(join(tmpdir(), 'crossfoot-sftp-'));
  const folder = join(base, 'files');
  mkdirSync(folder);
  const port = await freePort();
  // Running as root it separates rights in a folder of its own, which packages make at boot.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  const key = (name: string): string => {
    const path = join(base, name);
    rmSync(path, { force: true });
    const made = spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path]);
    if (made.status !== 0) throw new Error(`ssh-keygen: ${made.stderr.toString()}`);
    return readFileSync(path, 'utf8');
  };
  key('host');
  const privateKey = key('member');
  const strangersKey = key('stranger');
  writeFileSync(join(base, 'config'), configOf(base, port));
  let server: ChildProcess | undefined;
  const stop = () => end(server);
  const start = async (): Promise<void> => {
    server = await started(base);
  };
  await start();
  return {
    host: '127.0.0.1',
    port,
    user: userInfo().username,
    folder,
    privateKey,
    strangersKey,
    hostKey: () => fingerprint(join(base, 'host.pub')),
    async changeKey() {
      await stop();
      key('host');
      await start();
    },
    stop,
    start,
    async close() {
      await stop();
      rmSync(base, { recursive: true, force: true });
    },
  };
}

function configOf(base: string, port: number): string {
  return [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${join(base, 'host')}`,
    `AuthorizedKeysFile ${join(base, 'member.pub')}`,
    `PidFile ${join(base, 'pid')}`,
    'StrictModes no',
    'UsePAM no',
    'PermitRootLogin yes',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PrintMotd no',
    'Subsystem sftp internal-sftp',
    '',
  ].join('\n');
}

function started(base: string): Promise<ChildProcess> {
  const server = spawn(program ?? 'sshd', ['-D', '-e', '-f', join(base, 'config')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let output = '';
    server.stderr?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Server listening')) resolve(server);
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`sshd ended with ${code}: ${output}`)));
  });
}

async function end(server: ChildProcess | undefined): Promise<void> {
  if (!server || server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGKILL');
  await ended;
}

/** As ssh-keygen prints it, which is what banks publish. */
function fingerprint(publicKey: string): string {
  const { stdout } = spawnSync('ssh-keygen', ['-l', '-E', 'sha256', '-f', publicKey]);
  return stdout.toString().split(' ')[1] ?? '';
}
