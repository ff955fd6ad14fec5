import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#kernel/embedded-postgres';

const root = join(import.meta.dirname, '../..');

/** What a command of the product printed and how it ended. */
export interface CommandRun {
  readonly code: number | null;
  readonly output: string;
  readonly lines: readonly string[];
  readonly problem: string;
}

/** A folder in which a test keeps its installations; run by root, the server works as somebody else, who must get in. */
export function openFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'crossfoot-commands-'));
  chmodSync(path, 0o711);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** The environment of a process of the product: ours without its settings, and those given. */
function environmentOf(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(DATABASE_URL|NATS_URL|PORT|HOST|OIDC_|CROSSFOOT_)/.test(name),
  );
  return { ...Object.fromEntries(inherited), LOG_LEVEL: 'error', ...settings };
}

function launch(args: readonly string[], settings: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, [join(root, 'main.ts'), ...args], {
    cwd: root,
    env: environmentOf(settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs a command of the product in a process of its own, as somebody at a shell would. */
export function runCommand(
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<CommandRun> {
  const child = launch(args, settings);
  let output = '';
  let problem = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (problem += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output, lines: output.trimEnd().split('\n'), problem }));
  });
}

/** The product at work on the embedded database of a data folder. */
export interface Installation {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts everything in one process, empty. */
export async function startInstallation(dataFolder: string): Promise<Installation> {
  const port = await freePort();
  const child = launch(['start', '--empty'], {
    CROSSFOOT_DATA: dataFolder,
    HOST: '127.0.0.1',
    PORT: String(port),
  });
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const take = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('crossfoot ready http')) resolve();
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    child.once('exit', (code, signal) => reject(new Error(`start ended with ${code ?? signal}: ${output}`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}
