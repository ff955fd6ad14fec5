import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { composeServices } from '@apollo/composition';
import { throwIfInterrupted } from '../rounds.ts';
import { benchPeers, ours, post, startContender } from './contenders.ts';
import type { Contender, Graph, RunningContender } from './contenders.ts';
import { benchLines, type Sample } from './lines.ts';
import type { Load, Measured } from './loader.ts';
import { benchOperations, bodyOf, type BenchOperation } from './operations.ts';
import { nextMessage, startProcess, usageOf, type BenchProcess } from './processes.ts';
import { smallSubgraphs } from './subgraph-schemas.ts';
import type { SubgraphReport } from './subgraph-servers.ts';

interface Settings {
  readonly rounds: number;
  readonly milliseconds: number;
  readonly connections: number;
  readonly peers: readonly Contender[];
  readonly operations: readonly BenchOperation[];
}

/** Our gateway against others over the same subgraphs, all in processes of their own. */
export async function benchGateway(
  print: (line: string) => void,
  parameters: readonly string[],
): Promise<void> {
  const settings = settingsOf(parameters);
  const contenders = contendersOf(settings.peers);
  if (contenders.some((one) => one.installed)) installPeers();
  const stand = await openStand();
  const samples: Sample[] = [];
  try {
    for (let round = 0; round < settings.rounds; round += 1) {
      // Whoever goes first in a round goes later in the next.
      const order = contenders.map((_, index) => contenders[(index + round * 2) % contenders.length]);
      const record = (sample: Omit<Sample, 'round'>) => void samples.push({ ...sample, round });
      await playRound(stand, { settings, contenders: order as Contender[], record });
    }
  } finally {
    // Also when a later round is cut off: what was measured stays true.
    for (const line of benchLines(samples, settings)) print(JSON.stringify(line));
    await stand.close();
  }
}

function settingsOf(parameters: readonly string[]): Settings {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '3' },
      connections: { type: 'string', default: '16' },
      peer: { type: 'string', multiple: true },
      operation: { type: 'string', multiple: true },
    },
  });
  return {
    rounds: Number(values.rounds),
    milliseconds: Number(values.seconds) * 1000,
    connections: Number(values.connections),
    peers: chosen(benchPeers, values.peer),
    operations: chosen(benchOperations, values.operation),
  };
}

/** What is named, by the whole name or its beginning; all when nothing is. */
function chosen<Item extends { readonly name: string }>(
  items: readonly Item[],
  names: readonly string[] | undefined,
): readonly Item[] {
  if (!names) return items;
  return names.flatMap((name) => {
    const exact = items.filter((one) => one.name === name);
    const found = exact.length > 0 ? exact : items.filter((one) => one.name.startsWith(name));
    if (found.length > 0) return found;
    throw new Error(`There is no ${name}; there are ${items.map((one) => one.name).join(', ')}`);
  });
}

function contendersOf(peers: readonly Contender[]): Contender[] {
  const modes = new Set(peers.map((one) => one.deduplication));
  return [...[...modes].map((mode) => ours[mode]), ...peers];
}

/** Installs the packages of the peers when the lockfile names others than are there. */
function installPeers(): void {
  const folder = resolve(import.meta.dirname, '../peers');
  const stamp = join(folder, 'node_modules/.crossfoot-lock');
  const lock = readFileSync(join(folder, 'package-lock.json'), 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  process.stderr.write('Installing the gateways to compare with (npm ci in test/bench/peers) …\n');
  const parameters = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, stderr } = spawnSync('npm', parameters, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`The gateways to compare with cannot be installed.\n${stderr}`);
  writeFileSync(stamp, lock);
}

/** The subgraphs and the loader, which stay while gateways come and go. */
interface Stand {
  readonly graph: Graph;
  readonly subgraphs: BenchProcess;
  readonly loader: BenchProcess;
  readonly close: () => Promise<void>;
}

async function openStand(): Promise<Stand> {
  const script = (name: string) => join(import.meta.dirname, name);
  const subgraphs = startProcess({ args: [script('subgraph-servers.ts')], core: 1, channel: true });
  const loader = startProcess({ args: [script('loader.ts')], core: 1, channel: true });
  const folder = mkdtempSync(join(tmpdir(), 'crossfoot-bench-'));
  const close = async (): Promise<void> => {
    await Promise.all([loader.stop(), subgraphs.stop()]);
    rmSync(folder, { recursive: true });
  };
  try {
    const report = await nextMessage<SubgraphReport>(subgraphs);
    if (!('ports' in report)) throw new Error('The subgraphs do not say where they are');
    const urls = Object.entries(report.ports).map(([name, port]) => [
      name,
      `http://127.0.0.1:${port}/graphql`,
    ]);
    const subgraphUrls: Graph['subgraphUrls'] = Object.fromEntries(urls);
    const supergraphFile = join(folder, 'supergraph.graphql');
    writeFileSync(supergraphFile, supergraphOver(subgraphUrls));
    return { graph: { supergraphFile, subgraphUrls }, subgraphs, loader, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function supergraphOver(urls: Graph['subgraphUrls']): string {
  const composed = composeServices(
    smallSubgraphs.map(({ name, typeDefs }) => ({ name, typeDefs, url: urls[name] ?? '' })),
  );
  if (composed.supergraphSdl === undefined) {
    throw new Error(`The subgraphs do not compose: ${composed.errors.map(String).join('; ')}`);
  }
  return composed.supergraphSdl;
}

/** What the compiler of the engine needs to see before it has done its best, where the machine is too busy to wait. */
const warmRequests = 2_000;

interface Round {
  readonly settings: Settings;
  readonly contenders: readonly Contender[];
  readonly record: (sample: Omit<Sample, 'round'>) => void;
}

/** Fresh processes of all gateways; each operation is measured on one after the other, the rest stand idle. */
async function playRound(stand: Stand, { settings, contenders, record }: Round): Promise<void> {
  const running: RunningContender[] = [];
  try {
    for (const one of contenders) running.push(await startContender(one, stand.graph));
    for (const operation of settings.operations) {
      const taking = running.filter(({ contender }) => contender.only?.includes(operation.name) ?? true);
      for (const one of await thoseThatAnswer(taking, operation)) {
        const milliseconds = settings.milliseconds / 2;
        await measureOn(stand, one, { operation, ...settings, milliseconds, requests: warmRequests });
        record(await measureOn(stand, one, { operation, ...settings }));
      }
    }
  } finally {
    await Promise.all(running.map(({ process }) => process.stop()));
  }
}

interface Measurement {
  readonly operation: BenchOperation;
  readonly connections: number;
  readonly milliseconds: number;
  readonly requests?: number;
}

async function measureOn(
  { loader, subgraphs }: Stand,
  { contender, port, process }: RunningContender,
  { operation, connections, milliseconds, requests }: Measurement,
): Promise<Omit<Sample, 'round'>> {
  throwIfInterrupted();
  const body = bodyOf(operation, { first: false });
  const calls = async () => {
    subgraphs.child.send('report');
    return (await nextMessage<SubgraphReport>(subgraphs)) as { calls: number; busy: number };
  };
  await calls();
  const before = usageOf(process.pid);
  const from = performance.now();
  loader.child.send({ port, body, connections, milliseconds, requests } satisfies Load);
  const answer = await nextMessage<{ measured: Measured } | { failed: string }>(loader);
  if ('failed' in answer) throw new Error(`${contender.name}: ${answer.failed}.\n${process.output()}`);
  const { measured } = answer;
  if (measured.failures > 0) {
    throw new Error(`${contender.name} failed ${measured.failures} times at: ${operation.name}`);
  }
  const after = usageOf(process.pid);
  const served = await calls();
  const used = before && after && after.cpuMilliseconds - before.cpuMilliseconds;
  return {
    contender: contender.name,
    operation: operation.name,
    measured,
    gatewayBusy: used === undefined ? undefined : used / (performance.now() - from),
    cpuMicroseconds: used === undefined ? undefined : (used * 1000) / measured.requests,
    memoryMegabytes: after?.memoryMegabytes,
    subgraphsBusy: served.busy,
    callsPerRequest: served.calls / measured.requests,
  };
}

/**
 * Those that answer an operation; the others are named on stderr and the run counts as failed. Throws when two answer
 * different data: a gateway that answers fast and wrong measures nothing.
 */
async function thoseThatAnswer(
  running: readonly RunningContender[],
  operation: BenchOperation,
): Promise<RunningContender[]> {
  const answering: RunningContender[] = [];
  let expected: unknown;
  for (const one of running) {
    const { contender, port } = one;
    await post(port, bodyOf(operation, { first: true }));
    const { text } = await post(port, bodyOf(operation, { first: false }));
    const { data, errors } = JSON.parse(text) as { data?: unknown; errors?: unknown };
    if (!data || errors) {
      process.stderr.write(`${contender.name} does not answer: ${operation.name}: ${text.trim()}\n`);
      process.exitCode = 1;
      continue;
    }
    answering.push(one);
    expected ??= data;
    if (isDeepStrictEqual(data, expected)) continue;
    throw new Error(`${contender.name} answers another thing than the rest: ${operation.name}: ${text}`);
  }
  return answering;
}
