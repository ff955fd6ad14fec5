import { join } from 'node:path';
import { nextMessage, startProcess, type BenchProcess } from '../gateway/processes.ts';
import type { ClientOrder, ClientReport, JudgeOrder, Verdict } from './client-process.ts';

/** Clients in a process of their own. */
export interface Load {
  /** Messages that all clients together have got. */
  readonly messages: () => number;
  readonly bytes: () => number;
  readonly connected: () => number;
  /** Takes the arrivals the sampled clients have told since the last call. */
  takeArrivals(): (readonly [mark: string, at: number])[];
  /** What the clients have seen of these cursors. */
  judge(wanted: readonly string[]): Promise<Verdict>;
  stop(): Promise<void>;
}

/** The core of everything that is not the server under test. */
export const loadCore = 1;

/** Starts clients and waits until all are connected. */
export async function startLoad(order: Omit<ClientOrder, 'kind'>): Promise<Load> {
  const script = join(import.meta.dirname, 'client-process.ts');
  const started: BenchProcess = startProcess({ args: [script], core: loadCore, channel: true });
  let last: ClientReport = { connected: 0, messages: 0, bytes: 0, arrivals: [] };
  let arrivals: (readonly [string, number])[] = [];
  let told: (verdict: Verdict) => void = () => undefined;
  started.child.on('message', (message: ClientReport | { readonly verdict: Verdict }) => {
    if ('verdict' in message) return told(message.verdict);
    last = message;
    arrivals.push(...message.arrivals);
  });
  started.child.send({ kind: 'connect', ...order } satisfies ClientOrder);
  await until(
    () => last.connected >= order.count,
    120_000,
    () => `${last.connected} connected ${started.output()}`,
  );
  return {
    messages: () => last.messages,
    bytes: () => last.bytes,
    connected: () => last.connected,
    takeArrivals() {
      const taken = arrivals;
      arrivals = [];
      return taken;
    },
    judge(wanted) {
      const answer = new Promise<Verdict>((done) => (told = done));
      started.child.send({ kind: 'judge', wanted } satisfies JudgeOrder);
      return answer;
    },
    stop: started.stop,
  };
}

/** Waits for something to become true. Throws with what is known when it takes too long. */
export async function until(is: () => boolean, milliseconds: number, known: () => string): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!is()) {
    if (performance.now() > end) throw new Error(`Waited ${milliseconds} ms in vain: ${known()}`);
    await new Promise((done) => setTimeout(done, 10));
  }
}

/** A server under test. */
export interface Server {
  readonly port: number;
  readonly process: BenchProcess;
  /** Resident memory in bytes, after a collection of garbage. */
  memory(): Promise<number>;
}

/** Starts a server of this folder on the core of servers and waits until it says where it listens. */
export async function startServer(file: string, env: Readonly<Record<string, string>> = {}): Promise<Server> {
  const args = ['--expose-gc', join(import.meta.dirname, file)];
  const started = startProcess({ args, core: 0, channel: true, env });
  const { port } = await nextMessage<{ port: number }>(started);
  return {
    port,
    process: started,
    async memory() {
      const answer = nextMessage<{ rss: number }>(started);
      started.child.send({ kind: 'memory' });
      return (await answer).rss;
    },
  };
}
