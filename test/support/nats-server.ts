import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#kernel/embedded-postgres';

/** Whether the machine has a NATS server to test with. */
export const natsInstalled = spawnSync('nats-server', ['--version']).status === 0;

/** A NATS server with JetStream of the test's own, behind a password; its messages outlive a kill. */
export interface TestNats {
  readonly url: string;
  start(): Promise<void>;
  /** Ends the server without warning. */
  kill(): Promise<void>;
  /** Takes the messages away; only while the server does not run. */
  wipe(): void;
  /** Kills it and takes everything away. */
  close(): Promise<void>;
}

/** Prepares a server on a free port; it does not run before `start`. */
export async function prepareNats(): Promise<TestNats> {
  const folder = mkdtempSync(join(tmpdir(), 'crossfoot-nats-'));
  const port = await freePort();
  const [user, password] = ['crossfoot', 'p@ss:word'];
  let server: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    const running = server;
    server = undefined;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGKILL');
    await ended;
  };
  return {
    url: `nats://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}`,
    start() {
      const address = ['--addr', '127.0.0.1', '--port', String(port)];
      const login = ['--user', user, '--pass', password];
      const started = spawn('nats-server', [...address, ...login, '--jetstream', '--store_dir', folder], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      server = started;
      return new Promise((resolve, reject) => {
        let output = '';
        started.stderr.on('data', (chunk: Buffer) => {
          output += chunk.toString();
          if (output.includes('Server is ready')) resolve();
        });
        started.once('error', reject);
        started.once('exit', (code) => reject(new Error(`nats-server ended with ${code}: ${output}`)));
      });
    },
    kill,
    wipe: () => rmSync(join(folder, 'jetstream'), { recursive: true, force: true }),
    async close() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
