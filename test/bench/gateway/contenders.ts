import { join, resolve } from 'node:path';
import { throwIfInterrupted } from '../rounds.ts';
import { persistedTexts } from './operations.ts';
import { freePort, startProcess, type BenchProcess } from './processes.ts';

const root = resolve(import.meta.dirname, '../../..');
const peers = resolve(import.meta.dirname, '../peers');

/** Where the subgraphs answer, and the file of the supergraph over them. */
export interface Graph {
  readonly supergraphFile: string;
  readonly subgraphUrls: Readonly<Record<string, string>>;
}

/** A gateway that takes part. */
export interface Contender {
  readonly name: string;
  /** What it is, with its versions. */
  readonly is: string;
  /** Whether identical requests to a subgraph are sent once while one is under way. */
  readonly deduplication: 'on' | 'off';
  /** Whether it needs the packages of the folder of peers. */
  readonly installed: boolean;
  /** Set for what answers only some operations. */
  readonly only?: readonly string[];
  readonly args: (graph: Graph, port: number) => readonly string[];
  readonly env?: (graph: Graph, port: number) => Readonly<Record<string, string>>;
}

const crossfoot = (deduplication: 'on' | 'off'): Contender => ({
  name: deduplication === 'on' ? 'crossfoot' : 'crossfoot-no-dedup',
  is: 'Crossfoot',
  deduplication,
  installed: false,
  args: (graph) => [join(root, 'main.ts'), 'gateway', '--supergraph', graph.supergraphFile],
  env: (_graph, port) => ({
    PORT: String(port),
    HOST: '127.0.0.1',
    GATEWAY_DEDUPLICATION: deduplication,
    LOG_LEVEL: 'error',
  }),
});

const mercurius = (jit: boolean): Contender => ({
  name: jit ? 'mercurius-jit' : 'mercurius',
  is: `@mercuriusjs/gateway 5.2.0 with mercurius 16.10.1${jit ? ' and its compiler' : ''}, graphql 16.12.0`,
  deduplication: 'off',
  installed: true,
  args: () => [join(peers, 'mercurius.mjs')],
  env: (graph, port) => ({
    PORT: String(port),
    JIT: jit ? '1' : '0',
    SUBGRAPHS: JSON.stringify(graph.subgraphUrls),
  }),
});

const hive = (router: boolean, deduplication: 'on' | 'off'): Contender => ({
  name: `hive${router ? '-router-runtime' : ''}${deduplication === 'on' ? '' : '-no-dedup'}`,
  is: `@graphql-hive/gateway 2.15.1${router ? ' with router-runtime 1.4.23' : ''}, graphql 16.12.0`,
  deduplication,
  installed: true,
  args: (graph, port) => [
    join(peers, 'node_modules/@graphql-hive/gateway/dist/bin.js'),
    'supergraph',
    graph.supergraphFile,
    '--config-path',
    join(peers, 'hive.config.mjs'),
    '--port',
    String(port),
    '--host',
    '127.0.0.1',
    ...(router ? ['--hive-router-runtime'] : []),
  ],
  env: () => ({
    DEDUPLICATION: deduplication,
    PERSISTED: JSON.stringify(persistedTexts()),
    LOG_LEVEL: 'error',
  }),
});

/** Ours, in both modes. */
export const ours = { on: crossfoot('on'), off: crossfoot('off') } as const;

/** What ours is compared with, each with the mode of ours that does the same work. */
export const benchPeers: readonly Contender[] = [
  {
    name: 'apollo',
    is: '@apollo/server 5.5.1 with @apollo/gateway 2.14.4, out of the box',
    deduplication: 'off',
    installed: false,
    args: () => [join(import.meta.dirname, 'stock-apollo.ts')],
    env: (graph, port) => ({ PORT: String(port), SUPERGRAPH: graph.supergraphFile }),
  },
  mercurius(false),
  mercurius(true),
  hive(false, 'on'),
  hive(false, 'off'),
  hive(true, 'on'),
  hive(true, 'off'),
  {
    name: 'floor',
    is: 'node:http and undici without any GraphQL: the same calls of subgraphs, written by hand',
    deduplication: 'off',
    installed: false,
    only: ['one-subgraph read', 'two-subgraph read'],
    args: () => [join(import.meta.dirname, 'floor.ts')],
    env: (graph, port) => ({ PORT: String(port), SUBGRAPHS: JSON.stringify(graph.subgraphUrls) }),
  },
];

/** A contender at work. */
export interface RunningContender {
  readonly contender: Contender;
  readonly process: BenchProcess;
  readonly port: number;
}

const patienceMilliseconds = 120_000;

/** Starts a contender and waits until it answers. Throws when it ends before, or does not answer in two minutes. */
export async function startContender(contender: Contender, graph: Graph): Promise<RunningContender> {
  const port = await freePort();
  const process = startProcess({
    args: contender.args(graph, port),
    env: contender.env?.(graph, port),
    core: 0,
    channel: false,
  });
  const until = performance.now() + patienceMilliseconds;
  try {
    while (!(await answers(port))) {
      throwIfInterrupted();
      const ended = process.child.exitCode !== null;
      if (ended || performance.now() > until) {
        throw new Error(`${contender.name} ${ended ? 'ended' : 'does not answer'}.\n${process.output()}`);
      }
      await new Promise((done) => setTimeout(done, 100));
    }
    return { contender, process, port };
  } catch (error) {
    await process.stop();
    throw error;
  }
}

async function answers(port: number): Promise<boolean> {
  try {
    return (await post(port, JSON.stringify({ query: '{ __typename }' }))).status === 200;
  } catch {
    return false;
  }
}

/** Sends one operation as a client does. */
export async function post(port: number, body: string): Promise<{ status: number; text: string }> {
  const headers = { 'content-type': 'application/json', accept: 'application/json', connection: 'close' };
  const answer = await fetch(`http://127.0.0.1:${port}/graphql`, { method: 'POST', headers, body });
  return { status: answer.status, text: await answer.text() };
}
