import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { cpus } from 'node:os';

/** What to start; `core` is where it is pinned, when this machine can pin. */
export interface ProcessOptions {
  readonly args: readonly string[];
  readonly core: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Whether it talks with us over a channel. */
  readonly channel: boolean;
}

/** A process of the bench, in a group of its own. */
export interface BenchProcess {
  readonly pid: number;
  readonly child: ChildProcess;
  /** What it printed so far, its end. */
  readonly output: () => string;
  /** Resolves when the process and what it started is gone. */
  readonly stop: () => Promise<void>;
}

const canPin = cpus().length > 1 && spawnSync('taskset', ['--version']).status === 0;

/** How processes are spread over the cores, for the lines of the bench. */
export const pinning = canPin
  ? 'gateway on core 0, loader and subgraphs on core 1'
  : 'none: one core, or no taskset';

const running = new Set<number>();
// However the bench ends, nothing it started outlives it.
process.on('exit', () => {
  for (const pid of running) killGroup(pid, 'SIGKILL');
});

/** Starts the Node that runs the bench with other arguments. */
export function startProcess(options: ProcessOptions): BenchProcess {
  const command = [process.execPath, ...options.args];
  if (canPin) command.unshift('taskset', '--cpu-list', String(options.core));
  const child = spawn(command[0] ?? '', command.slice(1), {
    cwd: options.cwd,
    detached: true,
    stdio: options.channel ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production', APOLLO_TELEMETRY_DISABLED: '1', ...options.env },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command.join(' ')} cannot be started`);
  running.add(pid);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4000)));
  }
  const gone = new Promise<void>((done) => child.once('exit', () => done()));
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      killGroup(pid, 'SIGTERM');
      const impatient = setTimeout(() => killGroup(pid, 'SIGKILL'), 2_000);
      await gone;
      clearTimeout(impatient);
    }
    killGroup(pid, 'SIGKILL');
    running.delete(pid);
  };
  return { pid, child, output: () => output, stop };
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It is gone already.
  }
}

/** The next message of a process. Throws when the process ends before. */
export function nextMessage<Message>({ child, output }: BenchProcess): Promise<Message> {
  return new Promise((done, fail) => {
    const ended = () => fail(new Error(`A process of the bench ended.\n${output()}`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      done(message as Message);
    });
  });
}

/** A port that was free just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** What a process has used so far. Undefined where the system does not tell (it needs /proc). */
export function usageOf(pid: number): { cpuMilliseconds: number; memoryMegabytes: number } | undefined {
  const stat = `/proc/${pid}/stat`;
  if (!existsSync(stat)) return undefined;
  const text = readFileSync(stat, 'utf8');
  // After the closing bracket of the name: user and system time are the 12th and 13th, in hundredths of a second.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const resident = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return {
    cpuMilliseconds: (Number(fields[11]) + Number(fields[12])) * 10,
    memoryMegabytes: Math.round(Number(resident) / 1024),
  };
}
