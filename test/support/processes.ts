import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { eventually } from './eventually.ts';

const root = join(import.meta.dirname, '../..');

/** Starts the product with arguments and waits until it says that it is ready. */
export function startProcess(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(root, 'main.ts'), ...args], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let output = '';
    const take = (chunk: Buffer) => {
      output += chunk.toString();
      if (/ ready http/.test(output)) resolve(child);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', (chunk: Buffer) => {
      take(chunk);
      // What a process complains about belongs into the report of the failing test.
      process.stderr.write(`[${args.join(' ')}] ${chunk.toString()}`);
    });
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code}: ${output}`)));
  });
}

/** Ends a process, at last with SIGKILL, and waits until it is gone. */
export function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const force = setTimeout(() => child.kill('SIGKILL'), 20_000);
    child.once('exit', () => {
      clearTimeout(force);
      resolve();
    });
    child.kill(signal);
  });
}

/** Waits until a gateway is ready to answer. */
export async function untilReady(url: string): Promise<void> {
  await eventually(async () => {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    return answer?.ok ?? false;
  });
}
